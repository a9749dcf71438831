"""SQL: statements take effect at once, rows come one by one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from flarelocal.durable_objects import Cursor
from flarelocal.durable_objects.storage.database import Binding
from tests.durable_objects.storage.bench import Bench, refusal

Exec = Callable[..., Cursor]


@pytest.fixture
def exec(bench: Bench) -> Exec:
    return bench.storage.sql.exec


@pytest.fixture
def people(exec: Exec) -> Exec:
    exec("CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT)")
    exec("INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c')")
    return exec


def test_rows_are_tuples_in_the_order_of_the_columns(people: Exec) -> None:
    cursor = people("SELECT name, id + 1, count(*) OVER () AS n FROM t ORDER BY id LIMIT 2")
    assert cursor.column_names == ("name", "id + 1", "n")
    assert cursor.all() == [("a", 2, 3), ("b", 3, 3)]


def test_columns_are_known_without_rows_and_after_the_end(people: Exec) -> None:
    for _ in range(2):
        cursor = people("SELECT * FROM t WHERE id = 9")
        assert cursor.all() == []
        assert cursor.column_names == ("id", "name")


def test_columns_follow_the_schema(people: Exec) -> None:
    assert people("SELECT * FROM t WHERE id = 1").all() == [(1, "a")]
    people("ALTER TABLE t ADD COLUMN x")
    cursor = people("SELECT * FROM t WHERE id = 1")
    assert cursor.column_names == ("id", "name", "x")
    assert cursor.all() == [(1, "a", None)]


def test_columns_follow_a_rolled_back_schema(bench: Bench, people: Exec) -> None:
    transaction = bench.storage.begin()
    people("ALTER TABLE t ADD COLUMN x")
    people("SELECT * FROM t")
    people("SELECT * FROM t")
    transaction.rollback()
    assert people("SELECT * FROM t").column_names == ("id", "name")


def test_a_statement_takes_effect_before_its_rows_are_read(people: Exec) -> None:
    people("INSERT INTO t(name) VALUES ('d') RETURNING id")
    assert people("SELECT count(*) FROM t").one() == (4,)


def test_a_cursor_is_one_row_ahead(people: Exec) -> None:
    broken = "SELECT json_extract(value, '$.a') FROM json_each('[\"{}\",\"{bad\"]')"
    cursor = people(broken + " LIMIT 1")
    assert cursor.next() == (None,)
    cursor = people(broken)
    assert refusal(cursor.next) == "malformed JSON: SQLITE_ERROR"
    assert cursor.next() is None


def test_a_cursor_ends_and_stays_ended(people: Exec) -> None:
    cursor = people("SELECT id FROM t WHERE id < 3")
    assert [cursor.next() for _ in range(4)] == [(1,), (2,), None, None]
    assert list(cursor) == []
    assert cursor.all() == []


def test_a_cursor_sees_what_is_written_meanwhile(people: Exec) -> None:
    cursor = people("SELECT id FROM t")
    assert cursor.next() == (1,)
    people("INSERT INTO t VALUES (4, 'd')")
    assert list(cursor) == [(2,), (3,), (4,)]


def test_one_text_may_be_run_twice_at_once(people: Exec) -> None:
    for _ in range(2):
        first = people("SELECT id FROM t")
        assert first.next() == (1,)
        assert people("SELECT id FROM t").next() == (1,)
        assert first.all() == [(2,), (3,)]


def test_a_cursor_that_ended_gets_no_rows_of_later_ones(people: Exec) -> None:
    for _ in range(2):
        ended = people("SELECT id FROM t WHERE id = 1")
        assert ended.all() == [(1,)]
        one = people("SELECT id FROM t WHERE id = 2")
        assert (one.next(), one.next()) == ((2,), None)
        later, other = people("SELECT id FROM t"), people("SELECT name FROM t")
        assert (ended.next(), one.next()) == (None, None)
        assert (later.all(), other.all()) == ([(1,), (2,), (3,)], [("a",), ("b",), ("c",)])


def test_a_cursor_outlives_commits(bench: Bench, people: Exec) -> None:
    cursor = people("SELECT id FROM t")
    bench.end_turn()
    people("DELETE FROM t WHERE id = 3")
    bench.end_turn()
    assert cursor.all() == [(1,), (2,)]


def test_a_table_which_is_read_cannot_be_dropped(people: Exec) -> None:
    cursor = people("SELECT id FROM t")
    assert refusal(lambda: people("DROP TABLE t")) == "database table is locked: SQLITE_LOCKED"
    cursor.close()
    people("DROP TABLE t")


def test_reading_keys_locks_no_tables(bench: Bench, people: Exec) -> None:
    bench.storage.kv.put("a", b"")
    bench.storage.kv.get("a")
    bench.storage.kv.get("missing")
    people("DROP TABLE t")


def test_deleting_everything_cuts_cursors_off(bench: Bench, people: Exec) -> None:
    done = people("SELECT id FROM t")
    done.all()
    cursor = people("SELECT id FROM t")
    bench.storage.delete_all()
    assert refusal(cursor.next) == "SQLite query was canceled because the database was deleted."
    assert done.next() is None


def test_one_demands_exactly_one_row(people: Exec) -> None:
    assert people("SELECT name FROM t WHERE id = 2").one() == ("b",)
    none = people("SELECT id FROM t WHERE id = 9")
    assert refusal(none.one) == "Expected exactly one result from SQL query, but got no results."
    many = people("SELECT id FROM t")
    assert refusal(many.one) == (
        "Expected exactly one result from SQL query, but got multiple results."
    )
    assert many.next() is None


def test_several_statements_run_and_the_last_one_counts(exec: Exec) -> None:
    cursor = exec(
        "CREATE TABLE t(x); INSERT INTO t VALUES (1), (2); SELECT * FROM t WHERE x = ?", 2
    )
    assert cursor.all() == [(2,)]


def test_the_rows_of_all_but_the_last_are_dropped(people: Exec) -> None:
    assert people("SELECT id FROM t; DELETE FROM t RETURNING id; SELECT count(*) FROM t").one() == (
        0,
    )


def test_only_the_last_statement_may_have_parameters(people: Exec) -> None:
    assert refusal(lambda: people("INSERT INTO t VALUES (?, ''); SELECT 1", 5)) == (
        "When executing multiple SQL statements in a single call, "
        "only the last statement can have parameters."
    )
    assert people("SELECT count(*) FROM t").one() == (3,)


def test_what_ran_before_an_error_stays(exec: Exec) -> None:
    assert refusal(lambda: exec("CREATE TABLE t(x); INSERT INTO t VALUES (1); SELEC")) == (
        'near "SELEC": syntax error at offset 0: SQLITE_ERROR'
    )
    assert exec("SELECT * FROM t").all() == [(1,)]


@pytest.mark.parametrize("query", ["", ";", "  ", "-- x", "SELECT 1;;", "SELECT 1; -- x", "/* x"])
def test_text_without_a_statement(exec: Exec, query: str) -> None:
    for _ in range(2):
        assert refusal(lambda: exec(query)) == "SQL code did not contain a statement."


def test_text_which_is_too_long(exec: Exec) -> None:
    assert refusal(lambda: exec("é" * 50_001)) == "statement too long: SQLITE_TOOBIG"


@pytest.mark.parametrize(
    ("query", "bindings"),
    [("SELECT ?", ()), ("SELECT ?", (1.0, 2.0)), ("SELECT 1", (1.0,)), ("SELECT ?3", (1.0,))],
)
def test_bindings_have_to_be_as_many_as_parameters(
    exec: Exec, query: str, bindings: tuple[Binding, ...]
) -> None:
    for _ in range(2):
        assert refusal(lambda: exec(query, *bindings)) == (
            "Wrong number of parameter bindings for SQL query."
        )


def test_the_number_of_bindings_is_checked_of_known_statements_too(exec: Exec) -> None:
    exec("SELECT ?", 1.0)
    assert refusal(lambda: exec("SELECT ?")) == "Wrong number of parameter bindings for SQL query."


def test_bindings_go_by_position(exec: Exec) -> None:
    assert exec("SELECT :a, @b, $c, ?2", 1.0, "x", None).one() == (1.0, "x", None, "x")


@pytest.mark.parametrize(
    ("value", "kind"),
    [(1.0, "real"), ("x", "text"), (b"x", "blob"), (None, "null"), (float("nan"), "null")],
)
def test_bindings_keep_their_type(exec: Exec, value: Binding, kind: str) -> None:
    assert exec("SELECT typeof(?)", value).one() == (kind,)


def test_a_failing_statement_is_undone_whole(exec: Exec) -> None:
    exec("CREATE TABLE t(a UNIQUE)")
    assert refusal(lambda: exec("INSERT INTO t VALUES (1), (2), (1)")) == (
        "UNIQUE constraint failed: t.a: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_UNIQUE)"
    )
    assert exec("SELECT count(*) FROM t").one() == (0,)


def test_foreign_keys_are_enforced(exec: Exec) -> None:
    exec("CREATE TABLE p(id INTEGER PRIMARY KEY); CREATE TABLE c(p REFERENCES p(id))")
    assert refusal(lambda: exec("INSERT INTO c VALUES (1)")).startswith(
        "FOREIGN KEY constraint failed: SQLITE_CONSTRAINT"
    )


def test_double_quotes_may_be_around_strings(exec: Exec) -> None:
    assert exec('SELECT "nope"').one() == ("nope",)


def test_text_which_is_not_utf8_is_read_with_replacements(exec: Exec) -> None:
    broken = "CAST(x'ff41' AS TEXT)"
    assert exec(f"SELECT {broken}").all() == [("\ufffdA",)]
    query = f"SELECT 1, 'ok' UNION ALL SELECT ?, {broken} UNION ALL SELECT x'ff', 'end' -- end"
    for read in (list, lambda cursor: cursor.all()):
        assert read(exec(query, 2.0)) == [(1, "ok"), (2.0, "\ufffdA"), (b"\xff", "end")]


def test_the_size_counts_pages_in_use(exec: Exec, bench: Bench) -> None:
    assert bench.storage.sql.database_size == 4096
    exec("CREATE TABLE t(b)")
    assert bench.storage.sql.database_size == 8192
    exec("CREATE TABLE u(b)")
    exec("DROP TABLE u")
    assert bench.storage.sql.database_size == 8192


def test_virtual_tables_work(exec: Exec) -> None:
    exec("CREATE VIRTUAL TABLE f USING fts5(title, body)")
    exec("INSERT INTO f VALUES ('one', 'the quick fox'), ('two', 'lazy dogs')")
    for _ in range(2):
        assert exec("SELECT title FROM f WHERE f MATCH 'fox'").all() == [("one",)]
        assert exec("SELECT highlight(f, 1, '[', ']') FROM f('dogs')").all() == [("lazy [dogs]",)]
    exec("CREATE VIRTUAL TABLE r USING rtree(id, x0, x1)")
    exec("INSERT INTO r VALUES (1, 0, 10), (2, 20, 30)")
    assert exec("SELECT id FROM r WHERE x0 <= 5 AND x1 >= 5").all() == [(1,)]
