"""The time that SQL shows."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import apsw
import pytest

from flarelocal.durable_objects.storage.sql_clock import SqlClock
from tests.durable_objects.storage.bench import KINDS, Bench

_2030_MS = 1_893_456_000_000


@pytest.fixture(params=KINDS)
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Bench:
    return Bench.of_kind(request.param, tmp_path)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("CURRENT_TIMESTAMP", "2030-01-01 00:00:00"),
        ("CURRENT_DATE", "2030-01-01"),
        ("CURRENT_TIME", "00:00:00"),
        ("datetime('now')", "2030-01-01 00:00:00"),
        ("datetime()", "2030-01-01 00:00:00"),
        ("date('now', '-1 day')", "2029-12-31"),
        ("unixepoch()", 1_893_456_000),
        ("unixepoch('subsec')", 1_893_456_000.0),
        ("julianday('now')", 2_462_502.5),
        ("strftime('%Y %s')", "2030 1893456000"),
    ],
)
def test_all_functions_follow_the_clock(bench: Bench, expression: str, value: object) -> None:
    bench.now_ms = _2030_MS
    assert bench.storage.sql.exec(f"SELECT {expression}").one() == (value,)


def test_defaults_and_triggers_follow_the_clock(bench: Bench) -> None:
    sql = bench.storage.sql
    sql.exec("CREATE TABLE job(id INTEGER PRIMARY KEY, at TEXT DEFAULT CURRENT_TIMESTAMP)")
    sql.exec("CREATE TABLE log(at)")
    sql.exec("CREATE TRIGGER t AFTER INSERT ON job BEGIN INSERT INTO log SELECT unixepoch(); END")
    bench.storage.flush()
    bench.now_ms = _2030_MS
    sql.exec("INSERT INTO job(id) VALUES (1)")
    assert sql.exec("SELECT at FROM job").all() == [("2030-01-01 00:00:00",)]
    assert sql.exec("SELECT at FROM log").all() == [(1_893_456_000,)]


def test_it_goes_on_between_statements_and_after_the_database_was_closed(bench: Bench) -> None:
    sql = bench.storage.sql
    sql.exec("CREATE TABLE seen(at DEFAULT (unixepoch()))")
    for bench.now_ms in (_2030_MS, _2030_MS + 1000):
        sql.exec("INSERT INTO seen DEFAULT VALUES")
        bench.storage.flush()
        bench.database.close()
    found = sql.exec("SELECT at FROM seen").all()
    assert found == [(1_893_456_000,), (1_893_456_001,)]


@pytest.mark.parametrize("path", [None, "clock.sqlite"])
def test_it_is_asked_once_for_a_statement(tmp_path: Path, path: str | None) -> None:
    connection = SqlClock(count(_2030_MS, 1000).__next__).open(path and str(tmp_path / path))
    connection.execute("CREATE TABLE t(a, b)")
    connection.execute(
        "INSERT INTO t SELECT unixepoch(), unixepoch('now') FROM (VALUES (1), (2), (3))"
    )
    assert connection.execute("SELECT DISTINCT a, b FROM t").fetchall() == [(1_893_456_000,) * 2]


def test_nobody_is_asked_by_statements_that_do_not_want_to_know() -> None:
    connection = SqlClock(lambda: 1 // 0).open(None)
    connection.execute("CREATE TABLE t(a); INSERT INTO t VALUES (datetime(0, 'unixepoch'))")
    assert connection.execute("SELECT a FROM t").fetchall() == [("1970-01-01 00:00:00",)]


@pytest.mark.parametrize("path", [None, "clock.sqlite"])
def test_attached_and_temporary_databases_follow_it(tmp_path: Path, path: str | None) -> None:
    connection = SqlClock(lambda: _2030_MS).open(path and str(tmp_path / path))
    connection.execute(f"ATTACH '{tmp_path / 'other.sqlite'}' AS other")
    for schema in ("other", "temp"):
        connection.execute(f"CREATE TABLE {schema}.t(at DEFAULT CURRENT_DATE)")
        connection.execute(f"INSERT INTO {schema}.t DEFAULT VALUES")
        assert connection.execute(f"SELECT at FROM {schema}.t").fetchall() == [("2030-01-01",)]
    connection.close()
    assert apsw.Connection(str(tmp_path / "other.sqlite")).execute(
        "SELECT at FROM t"
    ).fetchall() == [("2030-01-01",)]


def test_each_database_has_its_own(tmp_path: Path) -> None:
    clocks = [SqlClock(lambda: 0), SqlClock(lambda: _2030_MS)]
    connections = [clock.open(str(tmp_path / f"{n}.sqlite")) for n, clock in enumerate(clocks)]
    found = [connection.execute("SELECT CURRENT_DATE").fetchall() for connection in connections]
    assert found == [[("1970-01-01",)], [("2030-01-01",)]]
