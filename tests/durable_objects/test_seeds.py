"""What a catalog keeps of objects that have nothing but an alarm."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import apsw
import pytest

from flarelocal.durable_objects.catalog import CatalogAlarm
from flarelocal.durable_objects.catalog_file import CatalogFile
from flarelocal.durable_objects.storage.seed import Seed
from tests.durable_objects.left_behind import left_behind

DUE = 1_800_000_000_000


def immediately(function: Callable[[], None]) -> None:
    function()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "metadata.sqlite"


@pytest.fixture
def catalog(path: Path) -> CatalogFile:
    return CatalogFile(path, immediately)


def table(path: Path, name: str) -> list[tuple[object, ...]]:
    connection = apsw.Connection(str(left_behind(path.parent) / path.name))
    try:
        return connection.execute(f"SELECT * FROM {name}").fetchall()
    finally:
        connection.close()


def test_one_row_has_all_of_the_object(catalog: CatalogFile, path: Path) -> None:
    catalog.keep("a", Seed(DUE * 1_000_000))
    assert table(path, "flarelocal_seed") == [("a", None, DUE * 1_000_000)]
    assert table(path, "_cf_ALARM") == []
    assert catalog.alarm("a") == DUE
    assert catalog.young == ["a"]
    catalog.close()


def test_it_outlives_the_process(path: Path) -> None:
    deferred: list[Callable[[], None]] = []
    first = CatalogFile(path, deferred.append)
    first.remember_name("a", "alice")
    first.keep("a", Seed(DUE * 1_000_000))
    second = CatalogFile(left_behind(path.parent) / path.name, immediately)
    assert second.name("a") == "alice"
    assert list(second.alarms()) == [CatalogAlarm("a", "alice", DUE)]
    assert second.image("a") == Seed(DUE * 1_000_000).image
    first.close()
    second.close()


def test_its_name_and_alarm_outlive_it(path: Path) -> None:
    deferred: list[Callable[[], None]] = []
    catalog = CatalogFile(path, deferred.append)
    catalog.remember_name("a", "alice")
    catalog.keep("a", Seed(DUE * 1_000_000))
    catalog.drop("a")
    assert table(path, "flarelocal_seed") == []
    assert table(path, "_cf_ALARM") == [("a", DUE * 1_000_000, "alice")]
    assert table(path, "flarelocal_name") == [("a", "alice")]
    catalog.close()


def test_it_becomes_a_database_that_has_more(catalog: CatalogFile, path: Path) -> None:
    catalog.keep("a", Seed(DUE * 1_000_000))
    catalog.keep("a", b"an image")
    assert catalog.young == ["a"]
    assert catalog.image("a") == b"an image"
    assert table(path, "flarelocal_seed") == []
    assert table(path, "_cf_ALARM") == [("a", DUE * 1_000_000, None)]
    catalog.close()


def test_an_alarm_of_before_is_forgotten_with_the_alarm(catalog: CatalogFile, path: Path) -> None:
    catalog.set_alarm("a", None, DUE)
    catalog.keep("a", Seed(None))
    assert catalog.alarm("a") is None
    assert table(path, "_cf_ALARM") == []
    catalog.close()
    assert list(CatalogFile(path, immediately).alarms()) == []


def test_forgetting_leaves_nothing(catalog: CatalogFile, path: Path) -> None:
    catalog.remember_name("a", "alice")
    catalog.keep("a", Seed(DUE * 1_000_000))
    catalog.forget("a")
    for name in ("flarelocal_seed", "_cf_ALARM", "flarelocal_name"):
        assert table(path, name) == []
    catalog.close()


def test_a_name_heard_in_the_last_turn_is_kept(path: Path) -> None:
    catalog = CatalogFile(path, lambda function: None)
    catalog.remember_name("a", "alice")
    catalog.close()
    assert CatalogFile(path, immediately).name("a") == "alice"
