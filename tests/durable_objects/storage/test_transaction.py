"""Transactions: implicit by turn, explicit across turns, synchronous, nested."""

from __future__ import annotations

from pathlib import Path

import pytest

from flarelocal.durable_objects import DurableObjectError, Limits
from tests.durable_objects.storage.bench import Bench, refusal


def put(bench: Bench, key: str) -> None:
    bench.storage.kv.put(key, b"")


def keys(bench: Bench) -> str:
    return "".join(bench.contents())


def test_all_writes_of_a_turn_share_a_transaction(bench: Bench) -> None:
    put(bench, "a")
    bench.storage.sql.exec("CREATE TABLE t(x)")
    bench.storage.alarm.set(10)
    assert bench.turns_waiting == 1
    bench.storage.close(DurableObjectError("gone"))
    bench.reopen()
    assert keys(bench) == ""
    assert bench.storage.alarm.get() is None
    assert refusal(lambda: bench.storage.sql.exec("SELECT * FROM t")).startswith("no such table")


def test_flush_commits_at_once(bench: Bench) -> None:
    put(bench, "a")
    bench.storage.flush()
    bench.reopen()
    assert keys(bench) == "a"


def test_a_turn_without_writes_commits_nothing(bench: Bench) -> None:
    put(bench, "a")
    bench.storage.flush()
    bench.end_turn()
    assert bench.turns_waiting == 0


def test_a_transaction_commits(bench: Bench) -> None:
    transaction = bench.storage.begin()
    put(bench, "a")
    bench.end_turn()
    transaction.commit()
    bench.reopen()
    assert keys(bench) == "a"


def test_a_transaction_which_is_not_committed_leaves_nothing(bench: Bench) -> None:
    bench.storage.begin()
    put(bench, "a")
    bench.end_turn()
    bench.reopen()
    assert keys(bench) == ""


def test_what_was_written_before_a_transaction_is_not_part_of_it(bench: Bench) -> None:
    put(bench, "a")
    transaction = bench.storage.begin()
    put(bench, "b")
    transaction.rollback()
    bench.end_turn()
    bench.reopen()
    assert keys(bench) == "a"


def test_an_inner_transaction_rolls_back_alone(bench: Bench) -> None:
    outer = bench.storage.begin()
    put(bench, "a")
    inner = bench.storage.begin()
    put(bench, "b")
    inner.rollback()
    put(bench, "c")
    outer.commit()
    assert keys(bench) == "ac"


def test_an_outer_transaction_takes_the_inner_one_back(bench: Bench) -> None:
    outer = bench.storage.begin()
    inner = bench.storage.begin()
    put(bench, "a")
    inner.commit()
    outer.rollback()
    assert keys(bench) == ""


def test_an_outer_transaction_cannot_roll_back_under_an_inner_one(bench: Bench) -> None:
    outer = bench.storage.begin()
    bench.storage.begin()
    assert refusal(outer.rollback) == (
        "Cannot roll back an outer transaction while a nested transaction is still running."
    )


def test_a_rolled_back_transaction_is_of_no_use(bench: Bench) -> None:
    transaction = bench.storage.begin()
    transaction.rollback()
    transaction.rollback()
    transaction.commit()
    assert refusal(lambda: transaction.require_open("get()")) == (
        "Cannot get() on rolled back transaction"
    )


def test_a_committed_transaction_is_of_no_use(bench: Bench) -> None:
    transaction = bench.storage.begin()
    transaction.commit()
    assert refusal(lambda: transaction.require_open("get()")) == (
        "Cannot call get() on transaction that has already committed: "
        "did you move `txn` outside of the closure?"
    )


def test_a_synchronous_transaction_gives_its_result(bench: Bench) -> None:
    def write() -> str:
        put(bench, "a")
        return "done"

    assert bench.storage.transaction_sync(write) == "done"
    assert keys(bench) == "a"


def test_a_synchronous_transaction_which_raises_undoes_all(bench: Bench) -> None:
    def write() -> None:
        put(bench, "b")
        bench.storage.sql.exec("CREATE TABLE t(x)")
        bench.storage.alarm.set(5)
        raise LookupError("no")

    put(bench, "a")
    with pytest.raises(LookupError, match="no"):
        bench.storage.transaction_sync(write)
    assert keys(bench) == "a"
    assert bench.storage.alarm.get() is None
    bench.storage.sql.exec("CREATE TABLE t(y)")


def test_synchronous_transactions_nest(bench: Bench) -> None:
    def inner() -> None:
        put(bench, "b")
        raise LookupError

    def outer() -> None:
        put(bench, "a")
        with pytest.raises(LookupError):
            bench.storage.transaction_sync(inner)
        put(bench, "c")

    bench.storage.transaction_sync(outer)
    assert keys(bench) == "ac"


def test_the_table_of_keys_may_be_rolled_back(bench: Bench) -> None:
    def write() -> None:
        put(bench, "a")
        raise LookupError

    bench.storage.sql.exec("CREATE TABLE t(x)")
    with pytest.raises(LookupError):
        bench.storage.transaction_sync(write)
    put(bench, "b")
    assert keys(bench) == "b"


def test_violated_constraints_at_the_commit_reset_the_object(bench: Bench) -> None:
    put(bench, "a")
    bench.storage.flush()
    bench.storage.sql.exec("CREATE TABLE p(id INTEGER PRIMARY KEY)")
    bench.storage.sql.exec("CREATE TABLE c(p REFERENCES p(id) DEFERRABLE INITIALLY DEFERRED)")
    bench.storage.sql.exec("INSERT INTO c VALUES (1)")
    message = (
        "Durable Object was reset and rolled back to its last known good state because the "
        "application left the database in a state where constraints were violated: "
        "FOREIGN KEY constraint failed: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_FOREIGNKEY)"
    )
    bench.end_turn()
    assert [error.message for error in bench.broken] == [message]
    assert refusal(lambda: put(bench, "b")) == message
    bench.reopen()
    assert keys(bench) == "a"


def test_flush_tells_of_violated_constraints(bench: Bench) -> None:
    bench.storage.sql.exec("CREATE TABLE p(id INTEGER PRIMARY KEY)")
    bench.storage.sql.exec("CREATE TABLE c(p REFERENCES p(id) DEFERRABLE INITIALLY DEFERRED)")
    bench.storage.sql.exec("INSERT INTO c VALUES (1)")
    assert refusal(bench.storage.flush).startswith("Durable Object was reset and rolled back")


def test_a_full_database_undoes_the_turn_and_resets_the_object(tmp_path: Path) -> None:
    bench = Bench(tmp_path / "x.sqlite", limits=Limits(file_bytes=10 * 4096))
    bench.storage.sql.exec("CREATE TABLE t(x)")
    bench.storage.sql.exec("INSERT INTO t VALUES ('kept')")
    bench.storage.flush()
    bench.storage.sql.exec("INSERT INTO t VALUES ('lost')")
    full = "database or disk is full: SQLITE_FULL"
    insert = "INSERT INTO t VALUES (zeroblob(1000000))"
    assert refusal(lambda: bench.storage.sql.exec(insert)) == full
    assert refusal(lambda: bench.storage.sql.exec("SELECT 1")) == full
    assert [error.message for error in bench.broken] == [full]
    bench.reopen()
    assert bench.storage.sql.exec("SELECT x FROM t").all() == [("kept",)]


def test_a_synchronous_transaction_cannot_commit_after_that(tmp_path: Path) -> None:
    bench = Bench(tmp_path / "x.sqlite", limits=Limits(file_bytes=10 * 4096))
    bench.storage.sql.exec("CREATE TABLE t(x)")

    def write() -> None:
        with pytest.raises(DurableObjectError):
            bench.storage.sql.exec("INSERT INTO t VALUES (zeroblob(1000000))")

    assert refusal(lambda: bench.storage.transaction_sync(write)) == (
        "Cannot commit transaction due to an earlier SQL critical error"
    )


def test_insert_or_rollback_resets_the_object(bench: Bench) -> None:
    bench.storage.sql.exec("CREATE TABLE t(x UNIQUE)")
    bench.storage.sql.exec("INSERT INTO t VALUES (1)")
    refusal(lambda: bench.storage.sql.exec("INSERT OR ROLLBACK INTO t VALUES (1)"))
    bench.end_turn()
    assert len(bench.broken) == 1


def test_delete_all_empties_everything(bench: Bench) -> None:
    put(bench, "a")
    put(bench, "b")
    bench.storage.sql.exec("CREATE TABLE t(x)")
    assert bench.storage.delete_all() == 2
    assert keys(bench) == ""
    put(bench, "c")
    bench.storage.sql.exec("CREATE TABLE t(y)")
    bench.end_turn()
    bench.reopen()
    assert keys(bench) == "c"


def test_delete_all_of_nothing(bench: Bench) -> None:
    assert bench.storage.delete_all() == 0


@pytest.mark.parametrize("explicit", [True, False])
def test_delete_all_is_refused_within_a_transaction(bench: Bench, explicit: bool) -> None:
    refused = "Cannot call deleteAll() within a transaction"
    put(bench, "a")
    if explicit:
        bench.storage.begin()
        assert refusal(bench.storage.delete_all) == refused
    else:
        bench.storage.transaction_sync(lambda: refusal(bench.storage.delete_all) == refused)
    assert keys(bench) == "a"


def test_nothing_works_after_the_end(bench: Bench) -> None:
    put(bench, "a")
    bench.storage.flush()
    bench.storage.close(DurableObjectError("over"))
    for action in (
        lambda: bench.storage.kv.get("a"),
        lambda: put(bench, "b"),
        lambda: bench.storage.kv.delete("a"),
        lambda: bench.contents(),
        lambda: bench.storage.sql.exec("SELECT 1"),
        lambda: bench.storage.alarm.get(),
        lambda: bench.storage.begin(),
        lambda: bench.storage.transaction_sync(lambda: None),
        lambda: bench.storage.delete_all(),
        lambda: bench.storage.flush(),
    ):
        assert refusal(action) == "over"
