"""What SQL a Worker may not run."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from flarelocal.durable_objects import Limits
from tests.durable_objects.storage.bench import Bench, refusal

DENIED = "not authorized: SQLITE_AUTH"


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    bench = Bench(tmp_path / "x.sqlite")
    bench.storage.sql.exec("CREATE TABLE t(x)")
    bench.storage.kv.put("a", b"")
    bench.storage.alarm.set(5)
    return bench


def denied(bench: Bench, query: str) -> str:
    return refusal(lambda: bench.storage.sql.exec(query))


@pytest.mark.parametrize(
    "query",
    [
        "ATTACH ':memory:' AS other",
        "DETACH main",
        "CREATE TEMP TABLE u(x)",
        "CREATE TABLE temp.u(x)",
        "CREATE TEMPORARY VIEW v AS SELECT 1",
        "CREATE TABLE _cf_x(a)",
        "CREATE TABLE _CF_x(a)",
        "CREATE VIEW _cf_v AS SELECT 1",
        "CREATE INDEX _cf_i ON t(x)",
        "CREATE TRIGGER _cf_tr AFTER INSERT ON t BEGIN SELECT 1; END",
        "CREATE TRIGGER tr AFTER INSERT ON _cf_KV BEGIN SELECT 1; END",
        "DROP TABLE _cf_KV",
        "DELETE FROM _cf_METADATA",
        "ALTER TABLE _cf_KV RENAME TO kv",
        "ALTER TABLE t RENAME TO _cf_t",
        "ALTER TABLE t /* RENAME COLUMN */ RENAME TO '_cf_t'",
        "CREATE VIRTUAL TABLE v USING dbstat",
        "CREATE VIRTUAL TABLE v USING fts4(x)",
        "CREATE VIRTUAL TABLE _cf_v USING fts5(x)",
        "SELECT * FROM pragma_compile_options",
    ],
)
def test_not_authorized(bench: Bench, query: str) -> None:
    for _ in range(3):
        assert denied(bench, query) == DENIED
    assert bench.storage.sql.exec("SELECT name FROM sqlite_master ORDER BY name").all() == [
        ("_cf_KV",),
        ("_cf_METADATA",),
        ("t",),
    ]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT * FROM _cf_KV", "access to _cf_KV.key is prohibited: SQLITE_AUTH"),
        ("SELECT * FROM _cf_METADATA", "access to _cf_METADATA.key is prohibited: SQLITE_AUTH"),
        ("SELECT * FROM dbstat", "no such table: dbstat: SQLITE_ERROR"),
        ("VACUUM", "cannot VACUUM from within a transaction: SQLITE_ERROR"),
        (
            "SELECT sqlite_version()",
            "not authorized to use function: sqlite_version at offset 7: SQLITE_ERROR",
        ),
    ],
)
def test_other_refusals(bench: Bench, query: str, message: str) -> None:
    assert denied(bench, query) == message


@pytest.mark.parametrize(
    "query", ["BEGIN", "BEGIN IMMEDIATE", "COMMIT", "END", "ROLLBACK", "SAVEPOINT a", "RELEASE a"]
)
def test_transactions_are_not_for_sql(bench: Bench, query: str) -> None:
    assert denied(bench, query).startswith("To execute a transaction, please use the state.storage")
    assert denied(bench, f"SELECT 1; {query}").startswith("To execute a transaction")


@pytest.mark.parametrize(
    "query",
    [
        "ALTER TABLE t RENAME TO u",
        "ALTER TABLE t RENAME COLUMN x TO _cf_x",
        "ALTER TABLE t ADD COLUMN _cf_y",
        "CREATE TABLE u(x); ALTER TABLE u RENAME TO w; DROP TABLE w",
        "CREATE TABLE IF NOT EXISTS t(x)",
        "SELECT * FROM sqlite_schema",
        "ANALYZE",
        "WITH RECURSIVE n(i) AS (VALUES (1) UNION SELECT i + 1 FROM n WHERE i < 5) SELECT i FROM n",
        "CREATE VIEW v AS SELECT x FROM t; SELECT * FROM v",
        "CREATE TABLE u(x DEFAULT CURRENT_TIMESTAMP)",
        "SELECT 'alter and rename'",
    ],
)
def test_ordinary_statements_are_allowed(bench: Bench, query: str) -> None:
    bench.storage.sql.exec(query).close()


@pytest.mark.parametrize(
    "pragma",
    [
        "table_info(t)",
        "table_xinfo('t')",
        "table_list",
        "index_list(t)",
        "foreign_key_check",
        "foreign_key_check(t)",
        "foreign_key_list(t)",
        "quick_check",
        "quick_check(10)",
        "quick_check(t)",
        "optimize(-1)",
        "optimize = 0x10002",
        "optimize",
        "data_version",
        "page_size",
        "defer_foreign_keys",
        "defer_foreign_keys = tRuE",
        "defer_foreign_keys = '0'",
        'recursive_triggers = "yes"',
        "case_sensitive_like =   off  ",
    ],
)
def test_pragmas_which_are_allowed(bench: Bench, pragma: str) -> None:
    bench.storage.sql.exec(f"PRAGMA {pragma}").close()


@pytest.mark.parametrize(
    "pragma",
    [
        "journal_mode",
        "user_version",
        "user_version = 5",
        "integrity_check",
        "page_size = 512",
        "data_version = 5",
        "page_count",
        "function_list",
        "writable_schema = ON",
        "table_info(_cf_KV)",
        "quick_check(_cf_KV)",
        "foreign_key_check(_cf_KV)",
        "defer_foreign_keys = abcd",
        "optimize(x)",
        "nonsense",
    ],
)
def test_pragmas_which_are_not(bench: Bench, pragma: str) -> None:
    assert denied(bench, f"PRAGMA {pragma}") == DENIED


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (f"CREATE TABLE u({','.join(f'c{n}' for n in range(101))})", "too many columns on u"),
        (f"SELECT {'1+' * 100}1", "Expression tree is too large (maximum depth 100)"),
        (" UNION ALL ".join(["SELECT 1"] * 6), "too many terms in compound SELECT"),
        (f"SELECT 'x' LIKE '{'a' * 51}'", "LIKE or GLOB pattern too complex"),
        (f"SELECT json_array({','.join('?' * 101)})", "too many SQL variables at offset 218"),
    ],
)
def test_limits_of_statements(bench: Bench, query: str, message: str) -> None:
    assert denied(bench, query) == f"{message}: SQLITE_ERROR"


def test_a_value_has_at_most_2_mb_in_production(tmp_path: Path) -> None:
    bench = Bench(tmp_path / "y.sqlite", limits=Limits.production(sqlite=True))
    bench.storage.sql.exec("CREATE TABLE t(b)")
    bench.storage.sql.exec("INSERT INTO t VALUES (?)", bytes(1_900_000))
    for query, bindings in (("SELECT ?", (bytes(2_000_001),)), ("SELECT zeroblob(2000001)", ())):
        assert refusal(partial(bench.storage.sql.exec, query, *bindings)) == (
            "string or blob too big: SQLITE_TOOBIG"
        )
