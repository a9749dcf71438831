"""Alarms: once at their time, again when they fail, never lost."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from flarelocal.durable_objects import AlarmInfo, DurableObjectError, ObjectResetError
from flarelocal.durable_objects.events import (
    AlarmAbandoned,
    AlarmFinished,
    AlarmFired,
    AlarmRetried,
    AlarmSet,
)
from tests.durable_objects.stage import Instance, Stage


async def succeed(instance: Instance, info: AlarmInfo) -> None:
    instance.seen.append("rung")


async def fail(instance: Instance, info: AlarmInfo) -> None:
    raise LookupError("no")


def failing(times: int) -> Any:
    """A handler which fails so many times, then succeeds."""
    remaining = [times]

    async def handler(instance: Instance, info: AlarmInfo) -> None:
        if remaining[0]:
            remaining[0] -= 1
            raise LookupError("no")

    return handler


@pytest.fixture
def stage(stage: Stage) -> Stage:
    stage.ringing = succeed
    return stage


async def set_alarm(stage: Stage, delay_ms: float, name: str = "a") -> None:
    await stage.do(lambda i: i.actor.set_alarm(stage.clock.now() + delay_ms), name)


async def get_alarm(stage: Stage, name: str = "a") -> int | None:
    when = await stage.do(lambda instance: instance.storage.alarm.get(), name)
    return None if when is None else when - stage.began_ms


def rung(stage: Stage) -> list[tuple[int, int]]:
    """When the handler ran, and the count of retries it was told."""
    return [(at, info.retry_count) for at, info in stage.rung]


async def test_it_rings_once_at_its_time(stage: Stage) -> None:
    await set_alarm(stage, 500)
    assert await get_alarm(stage) == 500
    await stage.clock.advance(499)
    assert stage.rung == []
    await stage.clock.advance(60_000)
    [(at, info)] = stage.rung
    assert at == 500
    assert info == AlarmInfo(stage.began_ms + 500, 0)
    assert not info.is_retry
    assert await get_alarm(stage) is None


async def test_each_object_has_one(stage: Stage) -> None:
    await set_alarm(stage, 500, "a")
    await set_alarm(stage, 300, "b")
    await set_alarm(stage, 900, "a")
    await stage.clock.advance(2000)
    assert rung(stage) == [(300, 0), (900, 0)]


async def test_a_time_in_the_past_means_now(stage: Stage) -> None:
    await stage.clock.advance(1000)
    await set_alarm(stage, -600_000)
    assert await get_alarm(stage) == 1000
    await stage.clock.advance(0)
    assert rung(stage) == [(1000, 0)]


async def test_fractions_of_a_millisecond_do_not_count(stage: Stage) -> None:
    await set_alarm(stage, 500.7)
    assert await get_alarm(stage) == 500


async def test_a_time_before_1970_is_refused(stage: Stage) -> None:
    with pytest.raises(DurableObjectError) as refusal:
        await stage.do(lambda instance: instance.actor.set_alarm(0))
    assert refusal.value.name == "TypeError"
    assert refusal.value.message == "setAlarm() cannot be called with an alarm time <= 0"


async def test_a_class_without_a_handler_cannot_set_one(stage: Stage) -> None:
    stage.ringing = None
    with pytest.raises(DurableObjectError) as refusal:
        await set_alarm(stage, 500)
    assert refusal.value.message == (
        "Your Durable Object class must have an alarm() handler in order to call setAlarm()"
    )


async def test_the_constructor_may_set_one_in_any_class(stage: Stage) -> None:
    stage.ringing = None
    stage.constructing = lambda instance: instance.actor.set_alarm(stage.clock.now() + 500)
    assert await get_alarm(stage) == 500
    stage.constructing = lambda instance: None
    await stage.clock.advance(500)
    [event] = stage.events(AlarmAbandoned)
    assert isinstance(event, AlarmAbandoned)
    assert event.reason.startswith("Attempted to run a scheduled alarm without a handler")
    assert await get_alarm(stage) is None


async def test_one_which_is_deleted_does_not_ring(stage: Stage) -> None:
    await set_alarm(stage, 500)
    await stage.do(lambda instance: instance.storage.alarm.set(None))
    await stage.clock.advance(1000)
    assert stage.rung == []


async def test_one_which_is_rolled_back_does_not_ring(stage: Stage) -> None:
    def set_and_abort(instance: Instance) -> None:
        instance.actor.set_alarm(stage.clock.now() + 500)
        instance.actor.abort()

    with pytest.raises(ObjectResetError):
        await stage.do(set_and_abort)
    await stage.clock.advance(1000)
    assert stage.rung == []


async def test_it_wakes_an_object_which_was_evicted(stage: Stage) -> None:
    names: list[str | None] = []

    async def handler(instance: Instance, info: AlarmInfo) -> None:
        names.append(instance.actor.id.name)
        assert instance.seen == []

    stage.ringing = handler
    await stage.do(lambda instance: instance.seen.append("before"), "alice")
    await set_alarm(stage, 60_000, "alice")
    await stage.clock.advance(60_000)
    assert names == ["alice"]


async def test_it_rings_in_the_instance_which_is_in_memory(stage: Stage) -> None:
    await set_alarm(stage, 500)
    await stage.clock.advance(500)
    assert await stage.do(lambda instance: instance.seen) == ["rung"]


async def test_while_it_rings_there_is_none(stage: Stage) -> None:
    seen: list[int | None] = []

    async def handler(instance: Instance, info: AlarmInfo) -> None:
        seen.append(instance.storage.alarm.get())
        await stage.clock.sleep(900)

    stage.ringing = handler
    await set_alarm(stage, 100)
    await stage.clock.advance(400)
    assert seen == [None]
    assert await get_alarm(stage) is None


@pytest.mark.parametrize("delay_ms", [0, 300, -1_000_000])
async def test_one_set_while_it_rings_rings_next(stage: Stage, delay_ms: int) -> None:
    async def handler(instance: Instance, info: AlarmInfo) -> None:
        if len(stage.rung) == 1:
            instance.actor.set_alarm(stage.clock.now() + delay_ms)

    stage.ringing = handler
    await set_alarm(stage, 100)
    await stage.clock.advance(1000)
    assert rung(stage) == [(100, 0), (100 + max(0, delay_ms), 0)]
    assert await get_alarm(stage) is None


async def test_one_which_is_due_while_another_rings_waits(stage: Stage) -> None:
    stage.ringing = lambda instance, info: stage.clock.sleep(900)
    await set_alarm(stage, 100)
    await stage.clock.advance(200)
    await set_alarm(stage, 100)
    await stage.clock.advance(2000)
    assert rung(stage) == [(100, 0), (1000, 0)]


async def test_it_is_tried_again_with_growing_delays(stage: Stage) -> None:
    stage.ringing = failing(3)
    await set_alarm(stage, 100)
    await stage.clock.advance(60_000)
    times = [at for at, _ in stage.rung]
    assert [info for _, info in stage.rung] == [
        AlarmInfo(stage.began_ms + 100, retries) for retries in range(4)
    ]
    for delay, (before, then) in zip((2000, 4000, 8000), pairwise(times), strict=True):
        assert delay <= then - before <= delay * 1.25
    assert await get_alarm(stage) is None


async def test_it_is_given_up_after_six_retries(stage: Stage) -> None:
    stage.ringing = fail
    await set_alarm(stage, 100)
    await stage.clock.advance(3_600_000)
    assert [retries for _, retries in rung(stage)] == [0, 1, 2, 3, 4, 5, 6]
    assert await get_alarm(stage) is None
    assert [type(event) for event in stage.events(AlarmAbandoned)] == [AlarmAbandoned]


async def test_between_two_attempts_it_is_set(stage: Stage) -> None:
    stage.ringing = failing(1)
    await set_alarm(stage, 100)
    await stage.clock.advance(500)
    assert await get_alarm(stage) == 100


@pytest.mark.parametrize("when", [None, 60_000])
async def test_a_change_between_two_attempts_ends_them(stage: Stage, when: int | None) -> None:
    stage.ringing = failing(1)
    await set_alarm(stage, 100)
    await stage.clock.advance(500)
    if when is None:
        await stage.do(lambda instance: instance.storage.alarm.set(None))
    else:
        await set_alarm(stage, when)
    await stage.clock.advance(100_000)
    assert rung(stage) == [(100, 0)] + ([] if when is None else [(60_500, 0)])


async def test_one_set_by_a_handler_which_fails_takes_the_place_of_retries(stage: Stage) -> None:
    async def handler(instance: Instance, info: AlarmInfo) -> None:
        if len(stage.rung) == 1:
            instance.actor.set_alarm(stage.clock.now() + 400)
            raise LookupError

    stage.ringing = handler
    await set_alarm(stage, 100)
    await stage.clock.advance(100_000)
    assert rung(stage) == [(100, 0), (500, 0)]


async def test_a_handler_which_deletes_it_and_fails_is_not_tried_again(stage: Stage) -> None:
    async def handler(instance: Instance, info: AlarmInfo) -> None:
        instance.storage.alarm.set(None)
        raise LookupError

    stage.ringing = handler
    await set_alarm(stage, 100)
    await stage.clock.advance(100_000)
    assert rung(stage) == [(100, 0)]
    assert await get_alarm(stage) is None


async def test_abort_in_the_handler_counts_as_a_failure(stage: Stage) -> None:
    async def handler(instance: Instance, info: AlarmInfo) -> None:
        if len(stage.rung) == 1:
            instance.actor.abort()

    stage.ringing = handler
    await set_alarm(stage, 100)
    await stage.clock.advance(100_000)
    assert [retries for _, retries in rung(stage)] == [0, 1]


async def test_abort_may_forbid_a_retry(stage: Stage) -> None:
    async def handler(instance: Instance, info: AlarmInfo) -> None:
        instance.actor.abort(retry_alarm=False)

    stage.ringing = handler
    await set_alarm(stage, 100)
    await stage.clock.advance(100_000)
    assert rung(stage) == [(100, 0)]
    assert await get_alarm(stage) is None


async def test_failures_of_the_runtime_do_not_count(stage: Stage) -> None:
    async def handler(instance: Instance, info: AlarmInfo) -> None:
        if len(stage.rung) < 12:
            stage.namespace.reset(instance.actor.id, "new code")
            await asyncio.sleep(0)

    stage.ringing = handler
    await set_alarm(stage, 100)
    await stage.clock.advance(3 * 3_600_000)
    assert [retries for _, retries in rung(stage)] == [0] * 12
    delays = [then - before for (before, _), (then, _) in pairwise(stage.rung)]
    assert 1_024_000 <= delays[-1] <= 1_024_000 * 1.25


async def test_a_handler_has_15_minutes(stage: Stage) -> None:
    async def handler(instance: Instance, info: AlarmInfo) -> None:
        if len(stage.rung) == 1:
            await stage.clock.sleep(3_600_000)

    stage.ringing = handler
    await set_alarm(stage, 100)
    await stage.clock.advance(15 * 60_000 + 100)
    [event] = stage.events(AlarmRetried)
    assert isinstance(event, AlarmRetried)
    assert event.reason == "Alarm exceeded its allowed execution time"
    await stage.clock.advance(3_000)
    assert [retries for _, retries in rung(stage)] == [0, 1]


async def test_it_survives_the_process(tmp_path: Path) -> None:
    first = Stage(tmp_path)
    first.ringing = succeed
    await set_alarm(first, 500, "alice")
    await first.end()
    second = Stage(tmp_path)
    second.ringing = succeed
    await second.clock.advance(499)
    assert second.rung == []
    await second.clock.advance(1)
    assert rung(second) == [(500, 0)]
    [event] = second.events(AlarmFinished)
    assert isinstance(event, AlarmFinished)
    assert event.object_name == "alice"
    await second.end()


async def test_one_which_is_overdue_rings_at_the_start(tmp_path: Path) -> None:
    first = Stage(tmp_path)
    first.ringing = succeed
    await set_alarm(first, 500)
    await first.clock.advance(400)
    await first.end()
    second = Stage(tmp_path, clock=first.clock)
    second.ringing = succeed
    await second.clock.advance(60_000)
    assert len(second.rung) == 1
    await second.end()


async def test_one_which_was_ringing_when_the_process_ended_rings_again(tmp_path: Path) -> None:
    first = Stage(tmp_path)
    first.ringing = lambda instance, info: first.clock.sleep(1_000_000)
    await set_alarm(first, 500)
    await first.clock.advance(600)
    assert len(first.rung) == 1
    await first.end()
    second = Stage(tmp_path, clock=first.clock)
    second.ringing = succeed
    await second.clock.advance(0)
    assert [info.scheduled_ms for _, info in second.rung] == [first.began_ms + 500]
    await second.end()


async def test_the_database_of_the_object_has_the_last_word(stage: Stage) -> None:
    await set_alarm(stage, 500)
    id = stage.namespace.ids.from_name("a")
    stage.namespace._catalog.set_alarm(id.hex, "a", stage.began_ms + 100)
    stage.namespace.alarms._replace(id, stage.began_ms + 100)
    await stage.clock.advance(1000)
    assert rung(stage) == [(500, 0)]


async def test_one_which_the_catalog_has_lost_is_found_again(tmp_path: Path) -> None:
    first = Stage(tmp_path)
    first.ringing = succeed
    await set_alarm(first, 500)
    first.namespace._catalog.set_alarm(first.namespace.ids.from_name("a").hex, None, None)
    await first.end()
    second = Stage(tmp_path)
    second.ringing = succeed
    assert await get_alarm(second) == 500
    await second.clock.advance(500)
    assert rung(second) == [(500, 0)]
    await second.end()


async def test_it_can_be_made_to_ring_at_once(stage: Stage) -> None:
    id = stage.namespace.ids.from_name("a")
    assert stage.namespace.alarms.fire(id) is None
    await set_alarm(stage, 500_000)
    firing = stage.namespace.alarms.fire(id)
    assert firing is not None
    assert stage.namespace.alarms.fire(id) is None
    await firing
    assert rung(stage) == [(0, 0)]
    await stage.clock.advance(1_000_000)
    assert len(stage.rung) == 1


async def test_one_is_listed_with_its_object(stage: Stage) -> None:
    stage.ringing = failing(1)
    await set_alarm(stage, 500)
    [info] = stage.namespace.list()
    assert info.alarm_ms == stage.began_ms + 500
    await stage.clock.advance(500)
    [info] = stage.namespace.list()
    assert info.alarm_ms is not None
    assert 2500 <= info.alarm_ms - stage.began_ms <= 3000


async def test_the_journal_tells_its_story(stage: Stage) -> None:
    stage.ringing = failing(1)
    await set_alarm(stage, 500)
    await stage.clock.advance(10_000)
    kinds = (AlarmSet, AlarmFired, AlarmRetried, AlarmFinished, AlarmAbandoned)
    assert [event.kind for event in stage.events(*kinds)] == [
        "alarm_set",
        "alarm_fired",
        "alarm_retried",
        "alarm_fired",
        "alarm_finished",
    ]


async def test_delete_all_takes_it_away(stage: Stage) -> None:
    await set_alarm(stage, 500)
    await stage.do(lambda instance: instance.storage.delete_all())
    await stage.clock.advance(1000)
    assert stage.rung == []
