"""The clock of one event."""

from __future__ import annotations

from flarelocal.clock import EventClock, VirtualClock


async def test_it_shows_the_time_of_the_other_clock() -> None:
    clock = VirtualClock(1000)
    event = EventClock(clock)
    await clock.advance(500)
    assert event.now() == 1500


async def test_timers_fire_until_it_stops() -> None:
    clock = VirtualClock()
    event = EventClock(clock)
    fired: list[str] = []
    event.call_later(10, lambda: fired.append("before"))
    event.call_later(30, lambda: fired.append("after"))
    await clock.advance(20)
    event.stop()
    event.call_later(5, lambda: fired.append("too late"))
    await clock.advance(20)
    assert fired == ["before"]


async def test_it_is_busy_while_a_timer_is_armed() -> None:
    clock = VirtualClock()
    event = EventClock(clock)
    assert not event.busy
    event.call_later(10, lambda: None)
    assert event.busy
    await clock.advance(10)
    assert not event.busy
