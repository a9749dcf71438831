"""Promises as Python sees them."""

from __future__ import annotations

import asyncio

import pytest

from flarelocal.clock import EventClock, VirtualClock
from flarelocal.javascript.errors import JsError, Thrown, range_error
from flarelocal.javascript.values import Value
from flarelocal.pyodide.exception import JsException
from flarelocal.pyodide.future import future_of, rejected, resolved, start
from tests.pyodide.conftest import InEvent


async def test_then_gives_the_promise_of_what_its_function_returns() -> None:
    async def add(value: int) -> int:
        return value + 1

    assert await resolved(5).then(add) == 6


async def test_its_attributes_can_be_listed() -> None:
    promise = resolved(1)
    assert {"then", "catch", "result"} <= set(dir(promise))


async def test_catch_handles_a_rejection() -> None:
    promise = rejected(range_error("too far")).catch(lambda error: error.name)
    assert await promise == "RangeError"


async def test_finally_runs_either_way() -> None:
    seen: list[str] = []
    with pytest.raises(JsException, match="no"):
        await rejected(JsError("no")).finally_(lambda: seen.append("rejected"))
    assert await resolved(1).finally_(lambda: seen.append("resolved")) == 1
    assert seen == ["rejected", "resolved"]


async def test_an_async_function_runs_up_to_its_first_wait_at_once() -> None:
    seen: list[str] = []

    async def function() -> Value:
        seen.append("begun")
        await asyncio.sleep(0)
        return "done"

    promise = start(function())
    assert seen == ["begun"]
    assert await promise == "done"


async def test_what_waits_for_nothing_is_settled_at_once() -> None:
    async def function() -> Value:
        return 5

    assert start(function()).result() == 5


async def test_a_rejection_with_what_is_no_error_is_never_delivered() -> None:
    assert not rejected(Thrown("text")).done()
    source: asyncio.Future[Value] = asyncio.get_running_loop().create_future()
    seen = future_of(source)
    source.set_exception(Thrown("text"))
    await asyncio.sleep(0)
    assert not seen.done()


async def test_an_event_waits_for_the_answers_to_its_calls(in_event: InEvent) -> None:
    clock = EventClock(VirtualClock())
    answer: asyncio.Future[Value] = asyncio.get_running_loop().create_future()

    async def call() -> Value:
        return await answer

    async def handler() -> tuple[bool, int, bool]:
        promise = start(call())
        before = clock.busy
        answer.set_result(5)
        return before, await promise, clock.busy

    assert await in_event(handler(), clock) == (True, 5, False)


async def test_an_ended_event_gets_no_answers(in_event: InEvent) -> None:
    clock = EventClock(VirtualClock())
    answer: asyncio.Future[Value] = asyncio.get_running_loop().create_future()

    async def call() -> Value:
        return await answer

    async def handler() -> list[asyncio.Future[Value]]:
        early = start(call())
        clock.stop()
        answer.set_result(5)
        await asyncio.sleep(0)
        return [early, start(call())]

    promises = await in_event(handler(), clock)
    await asyncio.sleep(0)
    assert [promise.done() for promise in promises] == [False, False]
