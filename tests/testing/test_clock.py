"""`flare.clock`: nothing happens by itself, all happens in order."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest

from flarelocal.clock import EndlessLoopError
from flarelocal.testing.clock import instant_ms
from flarelocal.testing.flare import Flare

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


async def test_it_stands_still_unless_moved(flare: Flare) -> None:
    assert flare.clock.now == BEGIN
    await flare.fetch("/")
    assert flare.clock.now == BEGIN


async def test_the_worker_sees_it(flare: Flare) -> None:
    await flare.clock.advance(5)
    assert await (await flare.fetch("/now")).text() == str(flare.clock.now_ms)


@pytest.mark.parametrize("ms", [86_400_000, 123, 999])
async def test_python_sees_it(flare: Flare, ms: int) -> None:
    await flare.clock.advance(milliseconds=ms)
    assert datetime.now(UTC) == flare.clock.now
    assert datetime.now().astimezone(UTC) == flare.clock.now
    assert int(time.time() * 1000) == flare.clock.now_ms


async def test_sql_sees_it(flare: Flare) -> None:
    await flare.clock.advance(days=1)
    now = await flare.env.DB.prepare("SELECT CURRENT_TIMESTAMP").first("CURRENT_TIMESTAMP")
    assert now == "2026-01-02 00:00:00"


async def test_crons_fire_on_the_way(flare: Flare) -> None:
    await flare.clock.advance(minutes=12)
    assert await flare.env.KV.get("ran") == str(flare.clock.now_ms - 120_000)


@pytest.mark.parametrize("time", ["2026-01-01T02:00", "2026-01-01T03:00+01:00", 1767232800000])
async def test_it_moves_to_a_time(flare: Flare, time: str | int) -> None:
    assert await flare.clock.advance_to(time) == BEGIN + timedelta(hours=2)


async def test_it_does_not_go_back(flare: Flare) -> None:
    with pytest.raises(ValueError, match="past"):
        await flare.clock.advance_to("2025-12-31")
    with pytest.raises(ValueError, match="back"):
        await flare.clock.advance(seconds=-1)


async def test_the_next_thing_is_told_and_done(flare: Flare) -> None:
    await flare.env.JOBS.send("x")
    due = await flare.clock.next()
    assert due is not None
    assert (due.kind, due.label) == ("queue", "batch of jobs")
    assert flare.clock.now == BEGIN + timedelta(seconds=2)
    assert await flare.env.KV.get("seen") == "x;"
    assert [each.kind for each in flare.clock.upcoming()] == ["cron"]


async def test_a_handler_that_sleeps_takes_the_clock_along(flare: Flare) -> None:
    response = await flare.fetch("/slow")
    assert await response.text() == "at last"
    assert flare.clock.now == BEGIN + timedelta(seconds=10)


async def test_beside_the_test_a_handler_sleeps_until_the_test_moves_the_clock(
    flare: Flare,
) -> None:
    request = asyncio.ensure_future(flare.fetch("/slow"))
    await flare.clock.advance(9)
    await flare.settle()
    assert not request.done()
    await flare.clock.advance(1)
    assert request.done()


async def test_a_sleep_of_the_test_moves_it(flare: Flare) -> None:
    await flare.env.JOBS.send("x")
    await asyncio.sleep(3600)
    assert flare.clock.now == BEGIN + timedelta(hours=1)
    assert await flare.env.KV.get("seen") == "x;"


async def test_a_timeout_of_the_test_is_as_long_as_it_says(flare: Flare) -> None:
    async with asyncio.timeout(60):
        await flare.clock.advance(days=1)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.Event().wait(), 0.001)
    assert flare.clock.now == BEGIN + timedelta(days=1)


async def test_an_endless_loop_is_told(flare: Flare) -> None:
    ann = flare.durable_objects["COUNTER"].get_by_name("ann")
    await ann.storage.put("restless", True)
    await ann.stub.remind(1000)
    with pytest.raises(EndlessLoopError, match="the last one was alarm of Counter ann"):
        await flare.clock.advance(1)


def test_times_without_a_zone_are_utc() -> None:
    assert instant_ms(datetime(2026, 1, 1)) == instant_ms("2026-01-01") == 1767225600000
