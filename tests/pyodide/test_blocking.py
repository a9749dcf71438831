"""Blocking calls of the standard library within handlers."""

from __future__ import annotations

import asyncio
import os
import time

import pytest

from flarelocal.clock import VirtualClock
from flarelocal.pyodide.blocking import redirect_blocking_calls
from tests.pyodide.conftest import InEvent


@pytest.fixture(autouse=True)
def redirected() -> object:
    with redirect_blocking_calls():
        yield


async def test_sleep_lets_time_and_others_go_on(in_event: InEvent) -> None:
    clock = VirtualClock()
    seen: list[str] = []

    async def other() -> None:
        seen.append("other")

    async def handler() -> None:
        task = asyncio.create_task(other())
        time.sleep(60)  # noqa: ASYNC251
        seen.append("woken")
        await task

    sleeping = asyncio.ensure_future(in_event(handler(), clock))
    await clock.idle()
    assert seen == ["other"]
    await clock.advance(60_000)
    await sleeping
    assert seen == ["other", "woken"]


async def five() -> int:
    await asyncio.sleep(0)
    return 5


async def test_asyncio_run_works_within_a_handler(in_event: InEvent) -> None:
    async def handler() -> int:
        return asyncio.run(five())

    assert await in_event(handler()) == 5


async def test_a_runner_works_within_a_handler(in_event: InEvent) -> None:
    async def handler() -> int:
        with asyncio.Runner() as runner:
            return runner.run(five())

    assert await in_event(handler()) == 5


async def test_run_until_complete_works_within_a_handler(in_event: InEvent) -> None:
    async def handler() -> int:
        return asyncio.get_running_loop().run_until_complete(five())

    assert await in_event(handler()) == 5


async def test_a_handler_cannot_fork(in_event: InEvent) -> None:
    async def handler() -> None:
        os.fork()

    with pytest.raises(OSError, match="not implemented"):
        await in_event(handler())


def test_outside_of_handlers_nothing_changes() -> None:
    assert asyncio.run(five()) == 5
