"""The one source of time."""

import asyncio
from functools import partial

from flarelocal.clock import Order, SystemClock, VirtualClock


async def test_timers_of_one_instant_fire_in_the_order_of_their_kind() -> None:
    clock = VirtualClock()
    fired: list[Order] = []
    for order in (Order.TIMER, Order.EXPIRY, Order.ALARM, Order.QUEUE, Order.CRON):
        clock.call_later(10, partial(fired.append, order), order=order)
    await clock.advance(10)
    assert fired == sorted(Order)


async def test_a_cancelled_timer_does_not_fire() -> None:
    clock = VirtualClock()
    fired: list[str] = []
    clock.call_later(10, lambda: fired.append("kept"))
    clock.call_later(10, lambda: fired.append("cancelled")).cancel()
    await clock.advance(10)
    assert fired == ["kept"]


async def test_many_cancelled_timers_leave_the_others_in_order() -> None:
    clock = VirtualClock()
    fired: list[int] = []
    for delay in range(1000, 0, -1):
        timer = clock.call_later(delay, partial(fired.append, delay))
        if delay % 10:
            timer.cancel()
    assert [timer.when_ms - clock.now() for timer in clock.upcoming()] == list(range(10, 1001, 10))
    await clock.advance(1000)
    assert fired == list(range(10, 1001, 10))
    assert clock.upcoming() == []


async def test_a_jump_fires_what_falls_due_on_the_way_in_order() -> None:
    clock = SystemClock()
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


async def test_what_is_armed_waits_anew_after_a_jump_back() -> None:
    clock = SystemClock()
    fired: list[str] = []
    clock.call_later(60_000, lambda: fired.append("a minute"))

    await clock.jump(-3_600_000)
    await clock.jump(3_600_000)
    assert fired == []

    await clock.jump(60_000)
    assert fired == ["a minute"]


async def test_a_paused_clock_stands_still_until_it_is_moved() -> None:
    clock = SystemClock()
    clock.pause()
    start = clock.now()
    woken: list[int] = []
    clock.call_later(1, lambda: woken.append(clock.now()))

    await asyncio.sleep(0.02)
    assert (clock.now(), clock.paused, woken) == (start, True, [])

    await clock.jump(1000)
    assert (clock.now(), woken) == (start + 1000, [start + 1])


async def test_a_paused_clock_fires_what_is_due() -> None:
    clock = SystemClock()
    clock.pause()

    await asyncio.wait_for(clock.sleep(0), 10)


async def test_a_clock_goes_on_from_where_it_stood() -> None:
    clock = SystemClock()
    clock.pause()
    await clock.jump(3_600_000)
    stood = clock.now()

    clock.resume()
    await asyncio.wait_for(clock.sleep(1), 10)

    assert not clock.paused
    assert 1 <= clock.now() - stood < 60_000


async def test_a_clock_that_is_reset_shows_wall_time() -> None:
    clock = SystemClock()
    clock.pause()
    await clock.jump(3_600_000)

    clock.reset()

    assert (clock.paused, clock.offset_ms) == (False, 0)
    await asyncio.wait_for(clock.sleep(1), 10)


async def test_timers_that_arm_themselves_at_once_hold_nobody_up() -> None:
    clock = SystemClock()
    clock.pause()
    last = clock.call_later(0, lambda: None)

    def again() -> None:
        nonlocal last
        last = clock.call_later(0, again)

    again()
    await asyncio.wait_for(asyncio.sleep(0.01), 10)

    last.cancel()
