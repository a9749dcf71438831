"""The event loop of Workers."""

from __future__ import annotations

import asyncio
import math
import threading
from typing import Any

import pytest

from flarelocal.clock import VirtualClock
from flarelocal.javascript.startup import StartupClock
from flarelocal.pyodide.exception import JsException
from flarelocal.pyodide.future import PyodideFuture, PyodideTask
from flarelocal.pyodide.suspension import run_sync
from flarelocal.pyodide.webloop import WebLoop
from tests.pyodide.conftest import InEvent


async def test_sleep_waits_on_the_clock_of_the_event(in_event: InEvent) -> None:
    clock = VirtualClock()
    began = clock.now()

    async def handler() -> int:
        await asyncio.sleep(3600)
        return clock.now() - began

    waiting = asyncio.ensure_future(in_event(handler(), clock))
    await clock.advance(3_600_000)
    assert await waiting == 3_600_000


async def test_the_loop_shows_the_time_of_the_clock(in_event: InEvent) -> None:
    async def handler() -> float:
        return asyncio.get_running_loop().time()

    assert await in_event(handler(), VirtualClock(5000)) == 5


async def test_a_timer_for_the_end_of_time_never_fires(in_event: InEvent) -> None:
    clock = VirtualClock()

    async def handler() -> None:
        asyncio.get_running_loop().call_later(math.inf, print)

    await in_event(handler(), clock)
    assert clock.upcoming() == []


async def test_timers_are_refused_at_startup(in_event: InEvent) -> None:
    async def handler() -> None:
        asyncio.get_running_loop().call_later(1, print)

    with pytest.raises(JsException, match="Disallowed operation called within global scope"):
        await in_event(handler(), StartupClock())


async def test_microtasks_come_before_callbacks(in_event: InEvent) -> None:
    order: list[str] = []

    async def handler() -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, WebLoop)
        loop.call_soon(order.append, "callback")
        loop.queue_microtask(lambda: order.append("first"))
        loop.queue_microtask(lambda: order.append("second"))
        order.append("now")
        await asyncio.sleep(0)

    await in_event(handler())
    await asyncio.sleep(0)
    assert order == ["now", "first", "second", "callback"]


async def test_futures_and_tasks_of_events_are_promises(in_event: InEvent) -> None:
    async def handler() -> tuple[object, object]:
        loop = asyncio.get_running_loop()
        task = asyncio.create_task(asyncio.sleep(0))
        await task
        return loop.create_future(), task

    future, task = await in_event(handler())
    assert isinstance(future, PyodideFuture)
    assert isinstance(task, PyodideTask)
    assert not isinstance(asyncio.get_running_loop().create_future(), PyodideFuture)


async def test_an_error_that_nobody_looks_at_is_printed(
    in_event: InEvent, capsys: pytest.CaptureFixture[str]
) -> None:
    async def failing() -> None:
        raise ValueError("nobody looks")

    async def handler() -> asyncio.Task[None]:
        task = asyncio.create_task(failing())
        for _ in range(3):
            await asyncio.sleep(0)
        return task

    await in_event(handler())
    printed = capsys.readouterr().err
    assert printed.startswith("Unhandled exception in event loop\n")
    assert "ValueError: nobody looks" in printed


async def test_an_error_that_is_awaited_is_not_printed(
    in_event: InEvent, capsys: pytest.CaptureFixture[str]
) -> None:
    async def failing() -> None:
        raise ValueError("looked at")

    async def handler() -> None:
        with pytest.raises(ValueError, match="looked at"):
            await asyncio.create_task(failing())
        await asyncio.sleep(0)

    await in_event(handler())
    assert capsys.readouterr().err == ""


async def test_what_is_meant_for_a_thread_runs_at_once_and_may_block(in_event: InEvent) -> None:
    clock = VirtualClock()

    def work() -> tuple[bool, str]:
        here = threading.current_thread() is threading.main_thread()
        return here, str(run_sync(asyncio.sleep(1, "slept")))

    async def handler() -> tuple[bool, str]:
        return await asyncio.to_thread(work)

    waiting = asyncio.ensure_future(in_event(handler(), clock))
    await clock.advance(1000)
    assert await waiting == (True, "slept")


async def test_what_is_meant_for_a_thread_may_fail(in_event: InEvent) -> None:
    async def handler() -> None:
        await asyncio.to_thread(int, "x")

    with pytest.raises(ValueError, match="invalid literal"):
        await in_event(handler(), VirtualClock())


async def test_flarelocal_itself_has_threads() -> None:
    assert await asyncio.to_thread(threading.current_thread) is not threading.main_thread()


async def test_what_a_worker_arms_lies_in_the_future(in_event: InEvent) -> None:
    async def handler() -> None:
        loop = asyncio.get_running_loop()
        with pytest.raises(ValueError, match="Can't schedule in the past"):
            loop.call_later(-1, print)

    await in_event(handler())


async def test_a_task_is_made_of_a_coroutine(in_event: InEvent) -> None:
    async def handler() -> None:
        other: Any = 5
        with pytest.raises(TypeError, match="a coroutine was expected, got 5"):
            await asyncio.create_task(other)

    await in_event(handler())
