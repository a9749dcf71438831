"""Tasks that begin at once."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Coroutine
from typing import Any

from flarelocal.worker.eager import eager_task


def begun(coroutine: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
    return eager_task(coroutine, asyncio.get_running_loop(), contextvars.Context())


async def test_what_waits_for_nothing_is_done_at_once() -> None:
    async def work() -> int:
        return 5

    task = begun(work())
    assert task.done()
    assert task.result() == 5


async def test_the_rest_runs_as_any_task() -> None:
    seen: list[str] = []

    async def work() -> None:
        seen.append("begun")
        await asyncio.sleep(0)
        seen.append("done")

    task = begun(work())
    assert seen == ["begun"]
    await task
    assert seen == ["begun", "done"]


async def test_the_present_task_is_the_new_one_and_then_the_old_one_again() -> None:
    before = asyncio.current_task()
    found: list[object] = []

    async def work() -> None:
        found.append(asyncio.current_task())

    task = begun(work())
    assert found == [task]
    assert asyncio.current_task() is before


async def test_a_timeout_belongs_to_the_new_task() -> None:
    async def work() -> str:
        try:
            async with asyncio.timeout(0):
                await asyncio.sleep(10)
        except TimeoutError:
            return "timed out"
        return "slept"

    assert await begun(work()) == "timed out"
