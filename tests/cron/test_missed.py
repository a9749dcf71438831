"""What becomes of fire times that pass while nothing can fire."""

from __future__ import annotations

import asyncio

import pytest

from flarelocal.cron import (
    Cause,
    CronFinished,
    CronFired,
    CronMissed,
    MissedPolicy,
    MissedRuns,
    ScheduledOutcome,
)
from tests.cron.house import DAY, HOUR, MINUTE, NOON, House

HOURLY = "0 * * * *"


@pytest.mark.parametrize(
    ("missed", "runs"),
    [
        (MissedPolicy.SKIP, []),
        (MissedPolicy.ONCE, [180]),
        (MissedPolicy.ALL, [60, 120, 180]),
    ],
)
async def test_over_a_restart(house: House, missed: MissedPolicy, runs: list[int]) -> None:
    await house.started(HOURLY)
    await house.shut_down()
    await house.clock.advance(3 * HOUR + 30 * MINUTE)
    await house.started(HOURLY, missed=missed)
    await house.clock.idle()
    assert house.times() == runs
    await house.clock.advance(HOUR)
    assert house.times() == [*runs, 240]


@pytest.mark.parametrize(
    ("missed", "runs"),
    [
        (MissedPolicy.SKIP, []),
        (MissedPolicy.ONCE, [180]),
        (MissedPolicy.ALL, [60, 120, 180]),
    ],
)
async def test_over_a_sleep(house: House, missed: MissedPolicy, runs: list[int]) -> None:
    await house.started(HOURLY, missed=missed)
    await house.clock.sleep_through(3 * HOUR + 30 * MINUTE)
    assert house.times() == runs
    await house.clock.advance(HOUR)
    assert house.times() == [*runs, 240]


async def test_skipped_runs_make_one_event(house: House) -> None:
    await house.started(HOURLY, "30 12 * * *", "0 0 1 1 *")
    await house.clock.sleep_through(3 * HOUR + 30 * MINUTE)
    assert house.events(CronMissed) == [
        CronMissed(
            "worker",
            MissedPolicy.SKIP,
            (
                MissedRuns("30 12 * * *", 1, NOON + 30 * MINUTE, NOON + 30 * MINUTE),
                MissedRuns(HOURLY, 3, NOON + HOUR, NOON + 3 * HOUR),
            ),
        )
    ]


async def test_a_year_of_missed_minutes_is_only_counted(house: House) -> None:
    await house.started("* * * * *")
    await house.shut_down()
    await house.clock.advance(365 * DAY)
    await house.started("* * * * *")
    assert house.events(CronMissed)[0].crons[0].count == 365 * 1440 - 1
    assert house.times() == [365 * 1440]


async def test_less_than_a_minute_late_is_not_missed(house: House) -> None:
    await house.started(HOURLY)
    await house.clock.sleep_through(HOUR + MINUTE - 1)
    assert house.calls == [(HOURLY, NOON + HOUR)]
    assert house.events(CronMissed) == []


async def test_what_was_made_up_for_is_told_apart(house: House) -> None:
    await house.started(HOURLY, missed=MissedPolicy.ONCE)
    await house.clock.sleep_through(3 * HOUR)
    fired = [(each.scheduled_time, each.cause) for each in house.events(CronFired)]
    assert fired == [(NOON + 2 * HOUR, Cause.MISSED), (NOON + 3 * HOUR, Cause.SCHEDULE)]


async def test_all_are_made_up_for_one_after_the_other(house: House) -> None:
    async def slow(cron: str, scheduled_time: int) -> ScheduledOutcome:
        await house.clock.sleep(20 * MINUTE)
        return ScheduledOutcome()

    house.handler = slow
    await house.started(HOURLY, missed=MissedPolicy.ALL)
    await house.clock.sleep_through(2 * HOUR + 50 * MINUTE)
    assert house.times() == [60]
    await house.clock.advance(10 * MINUTE)
    assert house.times() == [60, 180]
    await house.clock.advance(10 * MINUTE)
    assert house.times() == [60, 180, 120]


async def test_a_second_sleep_adds_to_what_is_to_be_made_up_for(house: House) -> None:
    async def slow(cron: str, scheduled_time: int) -> ScheduledOutcome:
        await house.clock.sleep(20 * MINUTE)
        return ScheduledOutcome()

    house.handler = slow
    await house.started(HOURLY, missed=MissedPolicy.ALL)
    await house.clock.sleep_through(2 * HOUR + 30 * MINUTE)
    await house.clock.sleep_through(2 * HOUR)
    await house.clock.advance(55 * MINUTE)
    assert house.times() == [60, 120, 180, 300, 240]


async def test_what_is_not_made_up_for_at_the_end_is_at_the_next_start(house: House) -> None:
    release = asyncio.Event()

    async def waiting(cron: str, scheduled_time: int) -> ScheduledOutcome:
        await release.wait()
        return ScheduledOutcome()

    house.handler = waiting
    schedule = await house.started(HOURLY, missed=MissedPolicy.ALL)
    await house.clock.sleep_through(4 * HOUR + 30 * MINUTE)
    stopping = asyncio.create_task(schedule.stop())
    await house.clock.idle()
    release.set()
    await stopping
    assert house.times() == [60]
    await house.shut_down()
    await house.started(HOURLY, missed=MissedPolicy.ALL)
    await house.clock.idle()
    assert house.times() == [60, 120, 180, 240]


async def test_a_cron_that_is_taken_away_is_not_made_up_for_any_longer(house: House) -> None:
    async def slow(cron: str, scheduled_time: int) -> ScheduledOutcome:
        await house.clock.sleep(MINUTE)
        return ScheduledOutcome()

    house.handler = slow
    schedule = await house.started(HOURLY, missed=MissedPolicy.ALL)
    await house.clock.sleep_through(3 * HOUR + 30 * MINUTE)
    await schedule.replace([])
    await house.clock.advance(10 * MINUTE)
    assert house.times() == [60]
    assert len(house.events(CronFinished)) == 1


async def test_a_cron_that_is_new_has_missed_nothing(house: House) -> None:
    await house.started(HOURLY)
    await house.shut_down()
    await house.clock.advance(90 * MINUTE)
    await house.started(HOURLY, "* * * * *", missed=MissedPolicy.ALL)
    await house.clock.idle()
    assert house.times() == [60]


async def test_a_cron_that_comes_back_has_missed_nothing(house: House) -> None:
    schedule = await house.started(HOURLY, "0 0 * * *", missed=MissedPolicy.ALL)
    expressions = schedule.expressions
    await schedule.replace(expressions[1:])
    await house.clock.advance(3 * HOUR)
    await schedule.replace(expressions)
    await house.shut_down()
    await house.started(HOURLY, "0 0 * * *", missed=MissedPolicy.ALL)
    await house.clock.idle()
    assert house.calls == []


async def test_a_run_that_happened_is_not_repeated_after_a_restart(house: House) -> None:
    await house.started(HOURLY)
    await house.clock.advance(HOUR)
    await house.shut_down()
    await house.started(HOURLY, missed=MissedPolicy.ALL)
    await house.clock.idle()
    assert house.times() == [60]


async def test_the_workers_of_one_file_do_not_mix(house: House) -> None:
    await house.started(HOURLY, worker="one")
    await house.clock.advance(HOUR)
    await house.shut_down()
    await house.clock.advance(2 * HOUR)
    await house.started(HOURLY, worker="other", missed=MissedPolicy.ALL)
    await house.clock.idle()
    assert house.times() == [60]


async def test_a_history_from_the_future_does_not_silence_a_cron(house: House) -> None:
    await house.started(HOURLY)
    await house.clock.advance(DAY)
    await house.shut_down()
    house.clock.set_back(NOON)
    house.calls.clear()
    await house.started(HOURLY)
    await house.clock.advance(HOUR)
    assert house.times() == [60]
