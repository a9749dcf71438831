"""The alarm as the database remembers it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.durable_objects.storage.bench import Bench


def test_there_is_none_at_first(bench: Bench) -> None:
    assert bench.storage.alarm.get() is None
    bench.storage.alarm.set(None)
    assert not bench.database.exists


def test_it_is_set_moved_and_taken_away(bench: Bench) -> None:
    alarm = bench.storage.alarm
    alarm.set(20)
    assert alarm.get() == 20
    alarm.set(10)
    assert alarm.get() == 10
    alarm.set(None)
    assert alarm.get() is None


def test_the_scheduler_hears_of_it_with_the_commit(bench: Bench) -> None:
    bench.storage.alarm.set(20)
    assert bench.scheduled == []
    bench.end_turn()
    assert bench.scheduled == [20]


def test_only_the_last_time_of_a_turn_counts(bench: Bench) -> None:
    bench.storage.alarm.set(20)
    bench.storage.alarm.set(30)
    bench.end_turn()
    assert bench.scheduled == [30]


@pytest.mark.parametrize(("later", "told"), [(30, [20, 30]), (10, [20, 10]), (None, [20, None])])
def test_the_scheduler_hears_of_changes(
    bench: Bench, later: int | None, told: list[int | None]
) -> None:
    bench.storage.alarm.set(20)
    bench.end_turn()
    bench.storage.alarm.set(later)
    bench.end_turn()
    assert bench.scheduled == told


def test_other_writes_do_not_concern_the_scheduler(bench: Bench) -> None:
    bench.storage.kv.put("a", b"")
    bench.end_turn()
    assert bench.scheduled == []


def test_it_survives(tmp_path: Path) -> None:
    bench = Bench(tmp_path / "x.sqlite")
    bench.storage.alarm.set(1_767_225_600_123)
    bench.end_turn()
    bench.reopen()
    assert bench.storage.alarm.get() == 1_767_225_600_123


def test_a_transaction_which_is_rolled_back_restores_it(bench: Bench) -> None:
    bench.storage.alarm.set(20)
    transaction = bench.storage.begin()
    bench.storage.alarm.set(None)
    transaction.rollback()
    assert bench.storage.alarm.get() == 20
    bench.end_turn()
    assert bench.scheduled == [20]


def test_while_the_handler_runs_there_is_none(bench: Bench) -> None:
    alarm = bench.storage.alarm
    alarm.set(20)
    bench.end_turn()
    assert alarm.arm(20, now_ms=20)
    assert alarm.get() is None
    assert alarm.committed == 20


def test_success_uses_it_up(bench: Bench) -> None:
    alarm = bench.storage.alarm
    alarm.set(20)
    alarm.arm(20, now_ms=20)
    alarm.disarm(succeeded=True)
    bench.end_turn()
    assert alarm.get() is None
    assert bench.scheduled[-1:] in ([], [None])


def test_failure_leaves_it(bench: Bench) -> None:
    alarm = bench.storage.alarm
    alarm.set(20)
    alarm.arm(20, now_ms=20)
    alarm.disarm(succeeded=False)
    assert alarm.get() == 20


@pytest.mark.parametrize("when", [20, 30])
def test_one_set_by_the_handler_stays(bench: Bench, when: int) -> None:
    alarm = bench.storage.alarm
    alarm.set(20)
    alarm.arm(20, now_ms=20)
    alarm.set(when)
    assert alarm.get() == when
    alarm.disarm(succeeded=True)
    assert alarm.get() == when


def test_one_set_and_rolled_back_by_the_handler_is_used_up(bench: Bench) -> None:
    alarm = bench.storage.alarm
    alarm.set(20)
    alarm.arm(20, now_ms=20)
    transaction = bench.storage.begin()
    alarm.set(30)
    transaction.rollback()
    assert alarm.get() is None
    alarm.disarm(succeeded=True)
    assert alarm.pending is None


@pytest.mark.parametrize(("stored", "runs"), [(None, False), (30, False), (10, True), (20, True)])
def test_the_database_decides_whether_it_is_due(
    bench: Bench, stored: int | None, runs: bool
) -> None:
    bench.storage.alarm.set(stored)
    assert bench.storage.alarm.arm(20, now_ms=25) is runs


def test_delete_all_takes_it_away(bench: Bench) -> None:
    bench.storage.alarm.set(20)
    bench.end_turn()
    bench.storage.delete_all()
    assert bench.storage.alarm.get() is None
    bench.end_turn()
    assert bench.scheduled == [20, None]


def test_delete_all_keeps_it_if_asked_to(bench: Bench) -> None:
    bench.storage.alarm.set(20)
    bench.storage.kv.put("a", b"")
    bench.end_turn()
    bench.storage.delete_all(delete_alarm=False)
    bench.end_turn()
    bench.reopen()
    assert bench.storage.alarm.get() == 20
    assert bench.contents() == {}
