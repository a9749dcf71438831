from __future__ import annotations

import asyncio

import pytest

from flarelocal.clock import VirtualClock
from flarelocal.javascript.errors import JsError, error
from flarelocal.javascript.values import BigInt, Symbol, Value, null
from flarelocal.javascript.web.abort import AbortController
from flarelocal.javascript.web.console import current_console
from flarelocal.javascript.web.microtasks import queue_microtask
from flarelocal.javascript.web.timer import (
    Scheduler,
    clear_timer,
    set_interval,
    set_timeout,
)


@pytest.fixture
async def clock() -> VirtualClock:
    return VirtualClock()


async def test_timers_fire_in_order(clock: VirtualClock) -> None:
    clock.make_current()
    calls: list[Value] = []
    set_timeout(calls.append, 20, "late")
    set_timeout(calls.append, "10", "early")
    set_timeout(calls.append, -5, "now")
    await clock.advance(20)
    assert calls == ["now", "early", "late"]


async def test_a_cleared_timer_does_not_fire(clock: VirtualClock) -> None:
    clock.make_current()
    calls: list[Value] = []
    clear_timer(set_timeout(calls.append, 10, "x"))
    nothings: tuple[Value, ...] = (None, null, BigInt(1), Symbol("x"), {}, float("nan"))
    for nothing in nothings:
        clear_timer(nothing)
    await clock.advance(20)
    assert calls == []


async def test_an_interval_fires_until_it_is_cleared(clock: VirtualClock) -> None:
    clock.make_current()
    calls: list[int] = []

    def tick() -> None:
        calls.append(clock.now())
        if len(calls) == 3:
            clear_timer(number)

    number = set_interval(tick, 0)
    await clock.advance(10)
    assert len(calls) == 3


async def test_an_error_of_a_callback_is_reported(clock: VirtualClock) -> None:
    clock.make_current()
    messages: list[tuple[str, str]] = []
    current_console.set(lambda level, text: messages.append((level, text)))

    def fail() -> None:
        raise error("no")

    set_timeout(fail)
    await clock.advance(1)
    assert messages == [("error", "Uncaught Error: no")]


async def test_a_microtask_comes_before_timers(clock: VirtualClock) -> None:
    clock.make_current()
    calls: list[str] = []
    set_timeout(calls.append, 0, "timer")
    queue_microtask(lambda: calls.append("microtask"))
    await clock.advance(1)
    assert calls == ["microtask", "timer"]


async def test_waiting_follows_the_clock(clock: VirtualClock) -> None:
    clock.make_current()
    waiting = asyncio.ensure_future(Scheduler().wait(50))
    await clock.advance(49)
    assert not waiting.done()
    await clock.advance(1)
    assert waiting.done()


async def test_waiting_can_be_aborted(clock: VirtualClock) -> None:
    clock.make_current()
    abort = AbortController()
    waiting = Scheduler().wait(50, {"signal": abort.signal})
    abort.abort()
    with pytest.raises(JsError, match="The operation was aborted"):
        await waiting
    assert clock.upcoming() == []


@pytest.mark.parametrize("reason", ["why", 5, null])
async def test_a_reason_that_is_no_error_becomes_one(reason: Value) -> None:
    controller = AbortController()
    controller.abort(reason)
    with pytest.raises(JsError, match=r"Error: (why|5|null)"):
        Scheduler().wait(1, {"signal": controller.signal})


def test_only_signals_end_waiting() -> None:
    with pytest.raises(JsError, match="is not of type 'AbortSignal'"):
        Scheduler().wait(1, {"signal": 5})
