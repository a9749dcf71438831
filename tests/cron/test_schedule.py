"""Crons that fire by themselves."""

from __future__ import annotations

import asyncio

import pytest

from flarelocal.cron import Cause, CronFinished, CronFired, NextRun, ScheduledOutcome
from tests.cron.house import DAY, HOUR, MINUTE, NOON, House


async def test_a_cron_fires_at_the_minute_boundary(house: House) -> None:
    await house.schedule("*/15 * * * *").start()
    await house.clock.advance(15 * MINUTE - 1)
    assert house.calls == []
    await house.clock.advance(1)
    assert house.calls == [("*/15 * * * *", NOON + 15 * MINUTE)]
    await house.clock.advance(HOUR)
    assert house.times() == [15, 30, 45, 60, 75]


async def test_a_boundary_at_the_very_start_is_over(house: House) -> None:
    await house.schedule("0 12 * * *").start()
    await house.clock.advance(DAY - 1)
    assert house.calls == []


async def test_the_worker_gets_the_text_as_it_was_configured(house: House) -> None:
    await house.schedule("1  12 * *\tsat").start()
    await house.clock.advance(MINUTE)
    assert house.calls == [("1  12 * *\tsat", NOON + MINUTE)]


async def test_crons_of_the_same_minute_have_an_invocation_each(house: House) -> None:
    await house.schedule("* * * * *", "*/2 * * * *").start()
    await house.clock.advance(2 * MINUTE)
    assert house.calls == [
        ("* * * * *", NOON + MINUTE),
        ("* * * * *", NOON + 2 * MINUTE),
        ("*/2 * * * *", NOON + 2 * MINUTE),
    ]


async def test_a_slow_run_holds_up_no_other(house: House) -> None:
    async def slow(cron: str, scheduled_time: int) -> ScheduledOutcome:
        await house.clock.sleep(10 * MINUTE)
        return ScheduledOutcome()

    house.handler = slow
    await house.schedule("* * * * *").start()
    await house.clock.advance(5 * MINUTE)
    assert house.times() == [1, 2, 3, 4, 5]
    assert house.events(CronFinished) == []
    await house.clock.advance(10 * MINUTE)
    assert len(house.events(CronFinished)) == 5


async def test_the_journal_tells_of_each_run(house: House) -> None:
    async def handler(cron: str, scheduled_time: int) -> ScheduledOutcome:
        await house.clock.sleep(30)
        return ScheduledOutcome(no_retry=True)

    house.handler = handler
    await house.schedule("1 12 * * *").start()
    await house.clock.advance(2 * MINUTE)
    at = NOON + MINUTE
    assert [entry.event for entry in house.journal] == [
        CronFired("worker", "1 12 * * *", at, 1, Cause.SCHEDULE),
        CronFinished("worker", "1 12 * * *", at, 1, "ok", True, None, 30),
    ]


async def test_an_exception_ends_the_run_and_nothing_else(house: House) -> None:
    async def failing(cron: str, scheduled_time: int) -> ScheduledOutcome:
        raise ValueError("no such table")

    house.handler = failing
    await house.schedule("* * * * *").start()
    await house.clock.advance(2 * MINUTE)
    assert house.times() == [1, 2]
    outcomes = [(each.outcome, each.error) for each in house.events(CronFinished)]
    assert outcomes == [("exception", "ValueError: no such table")] * 2


async def test_stopping_waits_for_what_is_in_flight(house: House) -> None:
    release = asyncio.Event()

    async def waiting(cron: str, scheduled_time: int) -> ScheduledOutcome:
        await release.wait()
        return ScheduledOutcome()

    house.handler = waiting
    schedule = house.schedule("* * * * *")
    await schedule.start()
    await house.clock.advance(MINUTE)
    stopping = asyncio.create_task(schedule.stop())
    await house.clock.advance(10 * MINUTE)
    assert not stopping.done()
    release.set()
    await stopping
    assert house.times() == [1]
    assert house.clock.upcoming() == []


async def test_a_reload_takes_on_other_crons_and_keeps_what_is_in_flight(house: House) -> None:
    async def slow(cron: str, scheduled_time: int) -> ScheduledOutcome:
        await house.clock.sleep(5 * MINUTE)
        return ScheduledOutcome()

    house.handler = slow
    former, latter = house.schedule("*/2 * * * *"), house.schedule("*/3 * * * *")
    await former.start()
    await house.clock.advance(2 * MINUTE)
    await former.replace(latter.expressions)
    await house.clock.advance(8 * MINUTE)
    assert house.times("*/2 * * * *") == [2]
    assert house.times("*/3 * * * *") == [3, 6, 9]
    assert house.events(CronFinished)[0].cron == "*/2 * * * *"


async def test_a_reload_neither_repeats_nor_loses_a_run(house: House) -> None:
    schedule = house.schedule("* * * * *")
    await schedule.start()
    for _ in range(3):
        await house.clock.advance(MINUTE)
        await schedule.replace(schedule.expressions)
    await house.clock.advance(MINUTE)
    assert house.times() == [1, 2, 3, 4]


async def test_one_timer_is_armed_however_many_crons_there_are(house: House) -> None:
    await house.schedule(*(f"{n % 60} {n // 60} * * *" for n in range(250))).start()
    assert [timer.label for timer in house.clock.upcoming()] == ["cron 0 0 * * *"]
    await house.clock.advance(DAY)
    assert len(house.calls) == 250


async def test_what_never_fires_arms_no_timer(house: House) -> None:
    await house.schedule("0 0 31 2 *").start()
    assert house.clock.upcoming() == []


async def test_a_cron_can_be_run_by_hand_at_any_time(house: House) -> None:
    schedule = house.schedule("0 0 1 1 *")
    assert (await schedule.run("0 0 1 1 *", 5 * MINUTE)).ok
    assert (await schedule.run("anything")).ok
    assert house.calls == [("0 0 1 1 *", 5 * MINUTE), ("anything", NOON)]
    assert [each.cause for each in house.events(CronFired)] == [Cause.MANUAL] * 2


async def test_a_run_by_hand_tells_what_was_raised(house: House) -> None:
    async def failing(cron: str, scheduled_time: int) -> ScheduledOutcome:
        raise ValueError("broken")

    house.handler = failing
    result = await house.schedule().run()
    assert result.outcome == "exception"
    with pytest.raises(ValueError, match="broken"):
        raise result.error or AssertionError


async def test_the_next_runs_are_known_without_starting(house: House) -> None:
    schedule = house.schedule("0 13 * * *", "0 0 31 2 *")
    assert schedule.next_runs() == [
        NextRun("0 13 * * *", NOON + HOUR),
        NextRun("0 0 31 2 *", None),
    ]


async def test_after_the_clock_was_set_back_crons_fire_again(house: House) -> None:
    schedule = house.schedule("0 * * * *")
    await schedule.start()
    await house.clock.advance(3 * HOUR)
    house.clock.set_back(NOON)
    schedule.realign()
    await house.clock.advance(HOUR)
    assert house.times() == [60, 120, 180, 60]
