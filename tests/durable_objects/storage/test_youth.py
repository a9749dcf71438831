"""A database before it has a file of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from flarelocal.durable_objects import Limits, OpenFiles
from flarelocal.durable_objects.catalog_file import CatalogFile
from flarelocal.durable_objects.storage.database import ObjectDatabase
from flarelocal.durable_objects.storage.sql_clock import SqlClock
from flarelocal.durable_objects.storage.youth import Youth
from tests.durable_objects.left_behind import left_behind
from tests.durable_objects.storage.bench import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "object.sqlite", young=True)


def write(bench: Bench, value: bytes) -> None:
    bench.storage.kv.put("value", value)
    bench.storage.flush()


def file(bench: Bench) -> Path:
    assert bench.database.path is not None
    return Path(bench.database.path)


def another_process(bench: Bench) -> Bench:
    """One that finds what the present one leaves behind when it dies now."""
    path = file(bench)
    return Bench(left_behind(path.parent) / path.name, young=True)


def test_few_commits_make_no_file(bench: Bench) -> None:
    write(bench, b"1")
    assert bench.database.exists
    assert bench.database.young_bytes
    assert not file(bench).exists()


def test_what_was_committed_outlives_the_process(bench: Bench) -> None:
    write(bench, b"1")
    bench.storage.kv.put("value", b"2")
    assert another_process(bench).contents() == {"value": b"1"}


def test_many_commits_make_a_file(bench: Bench) -> None:
    for number in range(20):
        write(bench, str(number).encode())
    assert file(bench).exists()
    assert bench.database.young_bytes is None
    assert bench.nursery is not None
    assert bench.nursery.young == []
    bench.database.close()
    assert another_process(bench).contents() == {"value": b"19"}


def test_much_data_makes_a_file(bench: Bench) -> None:
    write(bench, b"x" * 100_000)
    assert file(bench).exists()
    assert bench.contents() == {"value": b"x" * 100_000}


def test_rows_which_are_being_read_keep_it_young(bench: Bench) -> None:
    write(bench, b"x")
    rows = bench.storage.sql.exec(
        "WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM t) SELECT n FROM t"
    )
    write(bench, b"x" * 100_000)
    assert not file(bench).exists()
    assert rows.next() == (1,)
    rows.close()
    write(bench, b"y" * 100_000)
    assert file(bench).exists()


def test_it_can_be_put_into_a_file(bench: Bench) -> None:
    write(bench, b"1")
    bench.database.close()
    bench.database.grow()
    assert file(bench).exists()
    assert bench.contents() == {"value": b"1"}


def test_the_file_counts_when_a_process_died_between_the_two(bench: Bench) -> None:
    write(bench, b"old")
    nursery = bench.nursery
    assert nursery is not None
    image = nursery.image("object")
    assert image is not None
    bench.database.close()
    bench.database.grow()
    write(bench, b"new")
    bench.database.close()
    nursery.keep("object", image)
    other = another_process(bench)
    assert other.contents() == {"value": b"new"}
    assert another_process(other).nursery.young == []  # type: ignore[union-attr]


def test_deleting_leaves_nothing(bench: Bench) -> None:
    write(bench, b"1")
    bench.storage.delete_all()
    assert not bench.database.exists
    assert another_process(bench).contents() == {}
    write(bench, b"2")
    assert bench.contents() == {"value": b"2"}


def test_what_was_never_committed_never_was(bench: Bench) -> None:
    bench.storage.kv.put("value", b"1")
    bench.reopen()
    assert not bench.database.exists
    assert bench.contents() == {}


def test_an_alarm_alone_is_stored_without_sqlite(bench: Bench) -> None:
    bench.storage.alarm.set(1_800_000_000_000)
    assert bench.storage.unconfirmed
    bench.storage.flush()
    bench.storage.alarm.set(None)
    bench.storage.alarm.set(1_900_000_000_000)
    bench.storage.flush()
    assert bench.database.untouched
    assert bench.database.exists
    other = another_process(bench)
    assert other.storage.alarm.get() == 1_900_000_000_000
    assert other.storage.sql.exec("PRAGMA quick_check").one() == ("ok",)


def test_what_is_written_beside_an_alarm_goes_with_it(bench: Bench) -> None:
    bench.storage.alarm.set(1)
    bench.storage.flush()
    bench.storage.alarm.set(2)
    bench.storage.kv.put("value", b"1")
    assert not bench.database.untouched
    bench.reopen()
    assert (bench.storage.alarm.get(), bench.contents()) == (1, {})
    bench.storage.kv.put("value", b"1")
    bench.storage.alarm.set(3)
    bench.storage.flush()
    other = another_process(bench)
    assert (other.storage.alarm.get(), other.contents()) == (3, {"value": b"1"})


def test_reading_does_not_keep_an_alarm_from_being_stored(bench: Bench) -> None:
    bench.storage.alarm.set(1)
    assert bench.storage.sql.exec("SELECT 1").one() == (1,)
    bench.storage.flush()
    assert another_process(bench).storage.alarm.get() == 1


def test_an_alarm_moved_often_makes_a_file(bench: Bench) -> None:
    for number in range(1, 20):
        bench.storage.alarm.set(number)
        bench.storage.flush()
    assert file(bench).exists()
    bench.database.close()
    assert another_process(bench).storage.alarm.get() == 19


def test_it_gives_its_memory_up_to_others(tmp_path: Path) -> None:
    files = OpenFiles(1)
    nursery = CatalogFile(tmp_path / "metadata.sqlite", lambda function: function())
    databases = [
        ObjectDatabase(
            tmp_path / f"{n}.sqlite",
            Limits(),
            files,
            SqlClock(lambda: 0),
            youth=Youth(nursery, str(n)),
        )
        for n in range(3)
    ]
    for database in databases:
        database.connect("CREATE TABLE t(x)")
        database.execute("INSERT INTO t VALUES (1)")
        database.committed()
    assert len(files) == 1
    assert databases[0].execute("SELECT * FROM t").fetchall() == [(1,)]
