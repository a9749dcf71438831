"""The catalog keeps names and alarms in the file of the runtime."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import apsw
import pytest

from flarelocal.database import CorruptStateError
from flarelocal.durable_objects.catalog import CatalogAlarm
from flarelocal.durable_objects.catalog_file import CatalogFile
from tests.durable_objects.left_behind import left_behind


def immediately(function: Callable[[], None]) -> None:
    function()


def alarms(directory: Path) -> list[tuple[object, ...]]:
    connection = apsw.Connection(str(directory / "metadata.sqlite"))
    try:
        return connection.execute("SELECT actor_id, scheduled_time FROM _cf_ALARM").fetchall()
    finally:
        connection.close()


def test_nothing_is_written_for_reading(tmp_path: Path) -> None:
    catalog = CatalogFile(tmp_path / "metadata.sqlite", immediately)
    assert catalog.name("a") is None
    assert list(catalog.alarms()) == []
    assert not list(tmp_path.iterdir())


def test_names_and_alarms_survive(tmp_path: Path) -> None:
    path = tmp_path / "new" / "metadata.sqlite"
    first = CatalogFile(path, immediately)
    first.remember_name("a", "alice")
    first.set_alarm("a", "alice", 5)
    first.set_alarm("b", None, 6)
    first.set_alarm("c", None, 7)
    first.set_alarm("c", None, None)
    first.close()
    second = CatalogFile(path, immediately)
    assert second.name("a") == "alice"
    assert list(second.alarms()) == [CatalogAlarm("a", "alice", 5), CatalogAlarm("b", None, 6)]
    second.forget("a")
    assert second.name("a") is None
    assert list(second.alarms()) == [CatalogAlarm("b", None, 6)]
    second.close()


def test_what_is_written_in_one_turn_is_one_transaction(tmp_path: Path) -> None:
    deferred: list[Callable[[], None]] = []
    catalog = CatalogFile(tmp_path / "metadata.sqlite", deferred.append)
    catalog.set_alarm("a", None, 5)
    catalog.set_alarm("b", None, 5)
    assert len(deferred) == 1
    assert alarms(left_behind(tmp_path)) == []
    deferred[0]()
    assert alarms(left_behind(tmp_path)) == [("a", 5_000_000), ("b", 5_000_000)]
    catalog.close()


def test_a_file_of_an_older_runtime_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "metadata.sqlite"
    connection = apsw.Connection(str(path))
    connection.execute(
        "CREATE TABLE _cf_ALARM(actor_id TEXT PRIMARY KEY, scheduled_time INTEGER) WITHOUT ROWID;"
        "INSERT INTO _cf_ALARM VALUES ('a', 5000000)"
    )
    connection.close()
    catalog = CatalogFile(path, immediately)
    assert list(catalog.alarms()) == [CatalogAlarm("a", None, 5)]
    catalog.close()


def test_a_file_which_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "metadata.sqlite").write_bytes(b"no database at all" * 100)
    with pytest.raises(CorruptStateError, match=r"metadata\.sqlite: not a readable catalog"):
        CatalogFile(tmp_path / "metadata.sqlite", immediately)


def test_a_file_which_another_process_reads_is_named(tmp_path: Path) -> None:
    first = CatalogFile(tmp_path / "metadata.sqlite", immediately)
    first.remember_name("a", "alice")
    with pytest.raises(CorruptStateError, match=r"metadata\.sqlite: in use by another process"):
        CatalogFile(tmp_path / "metadata.sqlite", immediately)
    first.close()
