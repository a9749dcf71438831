"""Wall time that can be moved."""

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from flarelocal.clock import SystemClock

_HOUR = 3_600_000


@pytest.fixture
def clock() -> Iterator[SystemClock]:
    clock = SystemClock()
    yield clock
    clock.close()


async def test_a_jump_fires_what_falls_due_on_the_way_in_order(clock: SystemClock) -> None:
    start = clock.now()
    fired: list[tuple[str, bool]] = []

    def arm(name: str, delay_ms: int) -> None:
        due = clock.now() + delay_ms
        clock.call_at(due, lambda: fired.append((name, clock.now() >= due)), label=name)

    arm("second", 7_200_000)
    clock.call_later(3_600_000, lambda: arm("first", 60_000))
    arm("beyond", 4 * 3_600_000)

    await clock.jump(3 * 3_600_000)

    assert fired == [("first", True), ("second", True)]
    assert 0 <= clock.now() - start - 3 * 3_600_000 < 60_000
    assert [timer.label for timer in clock.upcoming()] == ["beyond"]


async def test_a_clock_is_ahead_by_what_it_jumped(clock: SystemClock) -> None:
    clock.call_later(_HOUR, lambda: time.sleep(0.02))

    await clock.jump(3 * _HOUR)
    assert clock.offset_ms == 3 * _HOUR

    await clock.jump(-4 * _HOUR)
    assert clock.offset_ms == -_HOUR


async def test_what_is_armed_waits_anew_after_a_jump_back(clock: SystemClock) -> None:
    fired: list[str] = []
    clock.call_later(60_000, lambda: fired.append("a minute"))

    await clock.jump(-3_600_000)
    await clock.jump(3_600_000)
    assert fired == []

    await clock.jump(60_000)
    assert fired == ["a minute"]


async def test_a_paused_clock_stands_still_until_it_is_moved(clock: SystemClock) -> None:
    clock.pause()
    start = clock.now()
    woken: list[int] = []
    clock.call_later(1, lambda: woken.append(clock.now()))

    await asyncio.sleep(0.02)
    assert (clock.now(), clock.paused, woken) == (start, True, [])

    await clock.jump(1000)
    assert (clock.now(), woken) == (start + 1000, [start + 1])


async def test_a_paused_clock_fires_what_is_due(clock: SystemClock) -> None:
    clock.pause()

    await asyncio.wait_for(clock.sleep(0), 10)


async def test_a_clock_goes_on_from_where_it_stood(clock: SystemClock) -> None:
    clock.pause()
    await clock.jump(3_600_000)
    stood = clock.now()

    clock.resume()
    await asyncio.wait_for(clock.sleep(1), 10)

    assert not clock.paused
    assert 1 <= clock.now() - stood < 60_000


async def test_a_clock_that_is_reset_shows_wall_time(clock: SystemClock) -> None:
    clock.pause()
    await clock.jump(3_600_000)

    clock.reset()

    assert (clock.paused, clock.offset_ms) == (False, 0)
    await asyncio.wait_for(clock.sleep(1), 10)


async def test_timers_that_arm_themselves_at_once_hold_nobody_up(clock: SystemClock) -> None:
    clock.pause()
    last = clock.call_later(0, lambda: None)

    def again() -> None:
        nonlocal last
        last = clock.call_later(0, again)

    again()
    await asyncio.wait_for(asyncio.sleep(0.01), 10)

    last.cancel()


async def test_python_shows_the_time_of_the_clock(clock: SystemClock) -> None:
    await clock.jump(3 * _HOUR)

    before = clock.now()
    shown = time.time_ns() // 1_000_000, int(datetime.now(UTC).timestamp() * 1000)
    assert before <= shown[0] <= shown[1] <= clock.now()


async def test_python_shows_when_something_falls_due_on_the_way(clock: SystemClock) -> None:
    clock.pause()
    start = clock.now()
    seen: list[float] = []
    clock.call_later(_HOUR + 1, lambda: seen.append(time.time()))

    await clock.jump(2 * _HOUR)

    assert [int(each * 1000) for each in seen] == [start + _HOUR + 1]
    assert int(time.time() * 1000) == start + 2 * _HOUR


async def test_python_goes_on_with_a_clock_that_was_moved(clock: SystemClock) -> None:
    await clock.jump(_HOUR)
    start = time.time()

    await clock.sleep(10)

    assert 0.009 <= time.time() - start < 60


async def test_the_event_loop_keeps_its_own_time(clock: SystemClock) -> None:
    before = asyncio.get_running_loop().time(), time.monotonic()

    await clock.jump(24 * _HOUR)

    assert asyncio.get_running_loop().time() - before[0] < 60
    assert time.monotonic() - before[1] < 60


async def test_a_closed_clock_leaves_python_at_wall_time(clock: SystemClock) -> None:
    wall = time.time()
    await clock.jump(_HOUR)

    clock.close()

    assert 0 <= time.time() - wall < 60
