"""Time that moves when it is told to."""

from functools import partial

from flarelocal.clock import Order, VirtualClock


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
