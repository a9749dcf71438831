"""UPDATE and DELETE with LIMIT."""

from __future__ import annotations

from pathlib import Path

import pytest

from flarelocal.durable_objects import DurableObjectError
from flarelocal.durable_objects.storage.limited import limited
from tests.durable_objects.storage.bench import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    bench = Bench(tmp_path / "x.sqlite")
    bench.storage.sql.exec("CREATE TABLE t(a, b); INSERT INTO t VALUES (1, 1), (2, 2), (3, 3)")
    return bench


@pytest.mark.parametrize(
    ("statement", "bindings", "left"),
    [
        ("DELETE FROM t LIMIT 2", (), [3]),
        ("DELETE FROM t ORDER BY a DESC LIMIT 1", (), [1, 2]),
        ("delete from t order by a limit 1 offset 1;", (), [1, 3]),
        ("DELETE FROM t WHERE a > ? ORDER BY a LIMIT ? -- the last\n", (1.0, 1.0), [1, 3]),
        ("DELETE FROM t AS x WHERE x.a IN (SELECT b FROM t LIMIT 2) LIMIT 1", (), [2, 3]),
        ('WITH w AS (SELECT 3) DELETE FROM "t" WHERE a IN w LIMIT 9', (), [1, 2]),
        ("UPDATE t SET a = ? WHERE b >= ? LIMIT ?", (0.0, 2.0, 1.0), [0, 1, 3]),
        ("UPDATE OR IGNORE t SET a = b + 7 ORDER BY b DESC LIMIT 1", (), [1, 2, 10]),
    ],
)
def test_only_so_many_rows_are_changed(
    bench: Bench, statement: str, bindings: tuple[float, ...], left: list[int]
) -> None:
    bench.storage.sql.exec(statement, *bindings)
    assert [a for (a,) in bench.storage.sql.exec("SELECT a FROM t ORDER BY a")] == left


def test_changed_rows_may_be_returned(bench: Bench) -> None:
    cursor = bench.storage.sql.exec("DELETE FROM t RETURNING a, b ORDER BY a DESC LIMIT 1")
    assert (cursor.column_names, cursor.all()) == (("a", "b"), [(3, 3)])
    assert cursor.rows_written == 1


@pytest.mark.parametrize(
    "table",
    [
        "k TEXT PRIMARY KEY, v) WITHOUT ROWID",
        "k TEXT, j DEFAULT 1, v, PRIMARY KEY (j, k)) WITHOUT ROWID",
        "k TEXT, v, rowid)",
    ],
)
def test_rows_are_told_apart_by_their_key(bench: Bench, table: str) -> None:
    bench.storage.sql.exec(f"CREATE TABLE w({table}; INSERT INTO w(k, v) VALUES ('a', 1), ('b', 2)")
    bench.storage.sql.exec("UPDATE w SET v = 5 ORDER BY k DESC LIMIT 1")
    assert bench.storage.sql.exec("SELECT k, v FROM w ORDER BY k").all() == [("a", 1), ("b", 5)]


def test_an_order_needs_a_limit(bench: Bench) -> None:
    with pytest.raises(DurableObjectError, match="ORDER BY without LIMIT on DELETE: SQLITE_ERROR"):
        bench.storage.sql.exec("DELETE FROM t ORDER BY a")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM t WHERE a IN (SELECT b FROM t LIMIT 1)",
        "SELECT * FROM t ORDER BY 'delete' LIMIT 1",
        "INSERT INTO t SELECT * FROM t WHERE 1 ORDER BY 1 LIMIT 1 ON CONFLICT DO UPDATE SET a = 1",
        "UPDATE t SET a = 'limit' /* order by */",
        "CREATE TRIGGER x AFTER UPDATE ON t BEGIN SELECT 1 ORDER BY 1 LIMIT 1; END",
    ],
)
def test_other_statements_stay_as_they_are(statement: str) -> None:
    assert limited(statement) is None


def test_what_is_reserved_stays_out_of_reach(bench: Bench) -> None:
    bench.storage.kv.put("a", b"1")
    with pytest.raises(DurableObjectError, match="SQLITE_AUTH"):
        bench.storage.sql.exec("DELETE FROM _cf_KV LIMIT 1")
