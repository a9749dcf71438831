"""The file of an object."""

from __future__ import annotations

from pathlib import Path

import apsw
import pytest

from flarelocal.database import CorruptStateError
from flarelocal.durable_objects import DurableObjectError, Limits, OpenFiles
from flarelocal.durable_objects.storage.database import ObjectDatabase
from flarelocal.durable_objects.storage.sql_clock import SqlClock
from tests.durable_objects.storage.bench import Bench


def database(path: Path, files: OpenFiles | None = None) -> ObjectDatabase:
    return ObjectDatabase(
        path, Limits(), OpenFiles(10) if files is None else files, SqlClock(lambda: 0)
    )


def test_it_comes_into_being_with_the_first_write(tmp_path: Path) -> None:
    bench = Bench(tmp_path / "new" / "x.sqlite")
    bench.contents()
    assert not (tmp_path / "new").exists()
    bench.storage.kv.put("a", b"")
    assert bench.database.exists


def test_it_is_an_ordinary_sqlite_file(tmp_path: Path) -> None:
    bench = Bench(tmp_path / "x.sqlite")
    bench.storage.kv.put("a", b"1")
    bench.storage.alarm.set(5)
    bench.storage.flush()
    bench.database.close()
    connection = apsw.Connection(str(tmp_path / "x.sqlite"))
    assert connection.pragma("journal_mode") == "wal"
    assert connection.execute("SELECT * FROM _cf_KV").fetchall() == [("a", b"1")]
    assert connection.execute("SELECT * FROM _cf_METADATA").fetchall() == [(1, 5_000_000)]
    connection.close()
    assert [path.name for path in tmp_path.iterdir()] == ["x.sqlite"]


def test_a_file_which_was_born_empty_is_used(tmp_path: Path) -> None:
    (tmp_path / "x.sqlite").touch()
    bench = Bench(tmp_path / "x.sqlite")
    bench.storage.kv.put("a", b"1")
    bench.storage.flush()
    bench.database.close()
    assert apsw.Connection(str(tmp_path / "x.sqlite")).pragma("journal_mode") == "wal"


def test_a_file_which_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.sqlite").write_bytes(b"no database at all" * 100)
    with pytest.raises(CorruptStateError, match=r"x\.sqlite: not a readable storage file"):
        database(tmp_path / "x.sqlite").connect()


def test_a_file_in_use_by_another_process_is_named(tmp_path: Path) -> None:
    first = database(tmp_path / "x.sqlite")
    first.connect()
    with pytest.raises(DurableObjectError, match=r"in use by another process: stop that process"):
        database(tmp_path / "x.sqlite").connect()
    first.close()


def test_files_at_rest_are_closed_when_there_are_too_many(tmp_path: Path) -> None:
    files = OpenFiles(2)
    databases = [database(tmp_path / f"{number}.sqlite", files) for number in range(4)]
    for each in databases:
        each.connect()
    assert len(files) == 2
    assert databases[0].execute("SELECT 1").fetchall() == [(1,)]


def test_files_in_the_middle_of_something_stay_open(tmp_path: Path) -> None:
    files = OpenFiles(1)
    writing, reading = database(tmp_path / "w.sqlite", files), Bench(tmp_path / "r.sqlite")
    writing.execute("BEGIN")
    assert not writing.at_rest
    cursor = reading.storage.sql.exec("SELECT 1 UNION ALL SELECT 2")
    assert not reading.database.at_rest
    del cursor
    assert reading.database.at_rest
    database(tmp_path / "x.sqlite", files).connect()
    assert len(files) == 2


def test_the_number_of_files_suits_the_process() -> None:
    assert 16 <= OpenFiles.for_this_process()._capacity <= 256
