"""A D1 database: queries, transactions, what is told about them."""

from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from flarelocal.clock import VirtualClock
from flarelocal.storage.d1 import D1Error, D1Store, Query


@pytest.fixture
def store(tmp_path: Path, clock: VirtualClock) -> Iterator[D1Store]:
    store = D1Store(tmp_path, "main", clock)
    store.run([Query("CREATE TABLE t (id INTEGER PRIMARY KEY, x)")])
    yield store
    store.close()


def count(store: D1Store) -> object:
    [result] = store.run([Query("SELECT count(*) FROM t")])
    return result.rows[0][0]


def test_rows_have_columns(store: D1Store) -> None:
    [result] = store.run([Query("SELECT ? AS a, ? AS b", ("x", None))])
    assert (result.columns, result.rows) == (("a", "b"), [("x", None)])


def test_what_was_written_is_told(store: D1Store) -> None:
    [result] = store.run([Query("INSERT INTO t (x) VALUES (1), (2)")])
    meta = result.meta
    assert (meta.changes, meta.last_row_id, meta.changed_db, meta.rows_written) == (2, 2, True, 2)


def test_a_statement_alone_is_on_disk_when_it_returns(store: D1Store, tmp_path: Path) -> None:
    for number in range(3):
        store.run([Query("INSERT INTO t (x) VALUES (?)", (number,))])
    store.run([Query("UPDATE t SET x = x + 1 WHERE x > 0")])
    for _ in range(2):
        with pytest.raises(D1Error, match="UNIQUE constraint failed"):
            store.run([Query("INSERT INTO t VALUES (8, 8), (1, 9)")])
    for name in ("main.sqlite", "main.sqlite-wal"):
        (tmp_path / f"as-left-{name}").write_bytes((tmp_path / name).read_bytes())
    rows = apsw.Connection(str(tmp_path / "as-left-main.sqlite")).execute("SELECT x FROM t")
    assert rows.fetchall() == [(0,), (2,), (3,)]


def test_a_call_takes_effect_as_a_whole(store: D1Store) -> None:
    with pytest.raises(D1Error, match="no such table: nope"):
        store.run([Query("INSERT INTO t (x) VALUES (1)"), Query("INSERT INTO nope VALUES (1)")])
    with pytest.raises(D1Error, match="no such table: nope"):
        store.run([Query("INSERT INTO t (x) VALUES (1); INSERT INTO nope VALUES (1)")])
    assert count(store) == 0


def test_a_table_that_was_rolled_back_is_forgotten(store: D1Store) -> None:
    with pytest.raises(D1Error):
        store.run([Query("CREATE TABLE made (a)"), Query("SELECT * FROM made"), Query("nonsense")])
    store.run([Query("CREATE TABLE made (a, b)")])
    [result] = store.run([Query("SELECT * FROM made")])
    assert result.columns == ("a", "b")


def test_a_deferred_constraint_undoes_everything(store: D1Store) -> None:
    store.run([Query("CREATE TABLE c (t REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED)")])
    for _ in range(2):
        with pytest.raises(D1Error, match="state where constraints were violated: FOREIGN KEY"):
            store.run([Query("INSERT INTO c VALUES (9)")])
    [result] = store.run([Query("SELECT count(*) FROM c")])
    assert result.rows == [(0,)]
    store.run([Query("INSERT INTO t VALUES (9, 'there')"), Query("INSERT INTO c VALUES (9)")])
    assert count(store) == 1


def test_it_is_all_there_when_the_file_is_opened_again(
    store: D1Store, tmp_path: Path, clock: VirtualClock
) -> None:
    store.run([Query("INSERT INTO t (x) VALUES (1)")])
    store.close()
    again = D1Store(tmp_path, "main", clock)
    assert count(again) == 1
    again.close()


def test_no_name_leads_out_of_the_directory(tmp_path: Path, clock: VirtualClock) -> None:
    store = D1Store(tmp_path / "d1", "../../etc", clock)
    store.run([Query("CREATE TABLE t (x)")])
    store.close()
    assert [path.name for path in (tmp_path / "d1").glob("*.sqlite")] == ["..%2F..%2Fetc.sqlite"]


def test_bookmarks_sort_by_age(store: D1Store) -> None:
    first = store.bookmark
    assert store.bookmark == first
    store.run([Query("INSERT INTO t (x) VALUES (1)")])
    second = store.bookmark
    store.run([Query("INSERT INTO t (x) VALUES (1)")])
    assert first < second < store.bookmark


def test_comments_alone_are_no_statement(store: D1Store) -> None:
    with pytest.raises(D1Error, match=r"No SQL statements detected\."):
        store.run([Query("   -- nothing"), Query("  ")])


def test_a_broken_file_is_named(tmp_path: Path, clock: VirtualClock) -> None:
    (tmp_path / "main.sqlite").write_bytes(b"this is no database" * 100)
    store = D1Store(tmp_path, "main", clock)
    with pytest.raises(D1Error, match=r"main.sqlite: not a readable storage file .*: delete it"):
        store.run([Query("SELECT 1")])
    store.close()
