"""Rows read and written, as the runtime counts them."""

from __future__ import annotations

from pathlib import Path

import pytest

from flarelocal.durable_objects import Cursor
from tests.durable_objects.storage.bench import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    bench = Bench(tmp_path / "x.sqlite")
    exec = bench.storage.sql.exec
    exec("CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT)")
    exec("INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c')")
    exec("CREATE TABLE indexed(k TEXT PRIMARY KEY, n INT, m INT)")
    exec("CREATE INDEX by_n ON indexed(n)")
    exec("INSERT INTO indexed VALUES ('a', 1, 1), ('b', 1, 2), ('c', 2, 3)")
    exec("CREATE TABLE rowless(k TEXT PRIMARY KEY, n INT) WITHOUT ROWID")
    exec("CREATE TABLE counted(id INTEGER PRIMARY KEY AUTOINCREMENT, n INT)")
    exec("INSERT INTO counted(n) VALUES (1), (2)")
    return bench


@pytest.mark.parametrize(
    ("query", "read"),
    [
        ("SELECT * FROM t", 3),
        ("SELECT id FROM t WHERE name = 'b'", 3),
        ("SELECT id FROM t WHERE id = 2", 1),
        ("SELECT id FROM t WHERE id = 9", 1),
        ("SELECT count(*) FROM t", 3),
        ("SELECT max(name) FROM t", 3),
        ("SELECT max(id) FROM t", 1),
        ("SELECT * FROM t LIMIT 2", 2),
        ("SELECT m FROM indexed WHERE n = 1", 3),
        ("SELECT n FROM rowless WHERE k = 'none'", 0),
        ("SELECT m FROM indexed WHERE k = 'a'", 1),
        ("SELECT 1", 0),
        ("SELECT x'00ff' FROM t", 3),
        ("SELECT 'x''00ff''', x'ff', \"name\" FROM t", 3),
    ],
)
def test_rows_read_by_a_query(bench: Bench, query: str, read: int) -> None:
    for _ in range(2):
        cursor = bench.storage.sql.exec(query)
        cursor.all()
        assert cursor.rows_read == read
        assert cursor.rows_written == 0


def test_rows_read_grow_with_reading(bench: Bench) -> None:
    cursor = bench.storage.sql.exec("SELECT * FROM t")
    seen = [cursor.rows_read]
    while cursor.next():
        seen.append(cursor.rows_read)
    assert seen == [1, 2, 3, 3]


@pytest.mark.parametrize(
    ("query", "written", "read"),
    [
        ("INSERT INTO t(name) VALUES ('x')", 1, 0),
        ("INSERT INTO t VALUES (10, 'x'), (11, 'y')", 2, 2),
        ("INSERT INTO rowless SELECT name, 1 FROM t", 3, 3),
        ("UPDATE t SET name = 'x' WHERE id = 2", 1, 1),
        ("DELETE FROM t WHERE id = 2", 1, 1),
        ("DELETE FROM t WHERE id = 9", 0, 1),
        ("DELETE FROM t", 3, 0),
        ("INSERT INTO t(name) VALUES ('x'), ('y') RETURNING id", 2, None),
        ("INSERT INTO indexed VALUES ('d', 4, 4)", 3, 0),
        ("UPDATE indexed SET n = 5 WHERE k = 'a'", 2, None),
        ("UPDATE indexed SET m = 5 WHERE k = 'a'", 1, 1),
        ("UPDATE indexed SET m = 5 WHERE k = 'none'", 0, 0),
        ("DELETE FROM rowless WHERE k = 'none'", 0, 0),
        ("DELETE FROM indexed WHERE k = 'a'", 1, None),
        ("INSERT INTO rowless VALUES ('a', 1)", 1, 0),
        ("INSERT INTO indexed VALUES ('a', 1, 1) ON CONFLICT (k) DO UPDATE SET m = 9", 1, 1),
        ("INSERT INTO indexed VALUES ('z', 1, 1) ON CONFLICT (k) DO UPDATE SET m = 9", 3, 0),
        ("REPLACE INTO indexed VALUES ('a', 1, 1)", 3, None),
        ("REPLACE INTO indexed VALUES ('z', 1, 1)", 3, 0),
        ("CREATE INDEX by_name ON t(name)", 4, 8),
        ("CREATE INDEX by_k ON rowless(n)", 1, 2),
        ("DROP INDEX by_n", 0, None),
        ("CREATE TABLE u(id INTEGER PRIMARY KEY, n INT)", 2, 1),
        ("INSERT INTO counted(n) VALUES (1)", 2, None),
        ("INSERT INTO counted(n) VALUES (1), (2)", 3, None),
        ("REPLACE INTO counted VALUES (1, 9)", 1, None),
    ],
)
def test_rows_written(bench: Bench, query: str, written: int, read: int | None) -> None:
    for _ in range(2):
        undone = bench.storage.begin()
        cursor = bench.storage.sql.exec(query)
        cursor.all()
        counts = cursor.rows_written, cursor.rows_read if read is not None else None
        undone.rollback()
        assert counts == (written, read)


def test_what_sorts_need_not_make_an_index(bench: Bench) -> None:
    exec = bench.storage.sql.exec
    exec("CREATE TABLE copied AS SELECT name FROM t ORDER BY name DESC")
    exec("REINDEX by_n")
    assert exec("SELECT name FROM copied").all() == [("c",), ("b",), ("a",)]


def test_rows_written_by_triggers_count(bench: Bench) -> None:
    exec = bench.storage.sql.exec
    exec("CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO rowless VALUES (NEW.id, 1); END")
    for first in (10, 20):
        cursor = exec("INSERT INTO t VALUES (?, 'x'), (? + 1, 'y')", float(first), float(first))
        assert cursor.rows_written == 4


def test_each_run_has_counts_of_its_own(bench: Bench) -> None:
    def insert(*names: str) -> Cursor:
        return bench.storage.sql.exec(
            "INSERT INTO t(name) SELECT value FROM json_each(?)", str(list(names)).replace("'", '"')
        )

    one, two = insert("x"), insert("y", "z")
    assert (one.rows_written, two.rows_written) == (1, 2)


def test_rows_read_by_a_statement_whose_table_was_made_anew(bench: Bench) -> None:
    exec = bench.storage.sql.exec
    for _ in range(3):
        exec("DROP TABLE t")
        exec("CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT)")
        written = exec("INSERT INTO t (name) VALUES (?)", "a")
        read = exec("SELECT name FROM t WHERE name = ? LIMIT 1", "a")
        assert [*read]
        assert (written.rows_read, read.rows_read) == (1, 1)


def run(bench: Bench, query: str) -> tuple[int, int]:
    """The rows read and written by a statement."""
    cursor = bench.storage.sql.exec(query)
    cursor.all()
    return cursor.rows_read, cursor.rows_written


@pytest.mark.parametrize(("rows", "counts"), [(0, (2, 0)), (1, (3, 1)), (2, (6, 2)), (3, (8, 3))])
def test_an_index_is_made_anew(bench: Bench, rows: int, counts: tuple[int, int]) -> None:
    bench.storage.sql.exec("CREATE TABLE some(x, y); CREATE INDEX by_x ON some(x)")
    for number in range(rows):
        bench.storage.sql.exec("INSERT INTO some VALUES (?, 1)", number)
    assert run(bench, "REINDEX by_x") == counts
    assert run(bench, "REINDEX some") == counts


def test_all_indexes_are_made_anew(bench: Bench) -> None:
    reads, writes = zip(
        *(run(bench, f"REINDEX {name}") for name in ("indexed", "rowless")), strict=True
    )
    assert run(bench, "REINDEX") == (sum(reads), sum(writes))


@pytest.mark.parametrize(
    ("select", "read", "written"),
    [
        ("SELECT * FROM t", 4, 5),
        ("SELECT * FROM t WHERE id > 5", 2, 2),
        ("SELECT * FROM t ORDER BY name", 7, 5),
        ("SELECT count(*) FROM t", 4, 3),
        ("VALUES (1), (2)", 1, 4),
    ],
)
def test_a_table_is_made_of_a_query(bench: Bench, select: str, read: int, written: int) -> None:
    assert run(bench, f"CREATE TABLE copy AS {select}") == (read, written)
    assert run(bench, f"CREATE TABLE IF NOT EXISTS copy AS {select}") == (0, 0)


def test_the_key_of_a_table_without_row_ids_is_no_row_of_the_schema(bench: Bench) -> None:
    assert run(bench, "CREATE TABLE another(k PRIMARY KEY, n) WITHOUT ROWID") == (1, 2)


def test_what_is_dropped_is_looked_for_in_the_schema(bench: Bench) -> None:
    sql = bench.storage.sql
    sql.exec("CREATE VIEW seen AS SELECT * FROM t")
    entries = sql.exec("SELECT count(*) FROM sqlite_schema").one()[0]
    assert isinstance(entries, int)
    assert run(bench, "DROP VIEW seen") == (entries, 0)
    assert run(bench, "DROP INDEX by_n") == (entries - 1 + 1, 0)
    assert run(bench, "DROP TABLE indexed") == (entries - 2 + 2, 0)
    # The counter of the keys is looked for, too.
    assert run(bench, "DROP TABLE counted") == (entries - 4 + 1 + 1, 0)


def test_rows_that_a_replace_pushes_out_are_read(bench: Bench) -> None:
    bench.storage.sql.exec("CREATE TABLE pair(id INTEGER PRIMARY KEY, a UNIQUE, b UNIQUE)")
    counts = [
        run(bench, f"REPLACE INTO pair VALUES ({values})")
        for values in ("1, 1, 1", "2, 2, 2", "3, 1, 2", "3, 1, 2")
    ]
    assert counts == [(1, 3), (1, 3), (3, 3), (1, 3)]
    assert run(bench, "INSERT OR REPLACE INTO indexed VALUES ('a', 1, 1), ('z', 1, 1)") == (1, 6)


def test_a_change_that_no_index_helps_reads_the_whole_table(bench: Bench) -> None:
    assert run(bench, "UPDATE t SET name = 'z' WHERE name = 'a'") == (3, 1)
    assert run(bench, "UPDATE t SET name = 'z' WHERE name = 'none'") == (3, 0)
    assert run(bench, "DELETE FROM t WHERE name = 'z'") == (3, 1)
