"""Coroutines whose first step ran already."""

from __future__ import annotations

import asyncio

import pytest

from flarelocal.continuation import rest


async def twice(first: asyncio.Future[int], second: asyncio.Future[int]) -> int:
    try:
        found = await first
    except ValueError:
        found = 40
    return found + await second


def begun() -> tuple[asyncio.Future[int], asyncio.Future[int], asyncio.Task[int]]:
    loop = asyncio.get_running_loop()
    first, second = loop.create_future(), loop.create_future()
    coroutine = twice(first, second)
    waited_for = coroutine.send(None)
    return first, second, asyncio.Task(rest(coroutine, waited_for), loop=loop)


async def test_a_task_goes_on_with_what_has_begun() -> None:
    first, second, task = begun()
    first.set_result(1)
    await asyncio.sleep(0)
    second.set_result(2)
    assert await task == 3


async def test_errors_of_what_is_waited_for_arrive() -> None:
    first, second, task = begun()
    first.set_exception(ValueError("no"))
    second.set_result(2)
    assert await task == 42


async def test_cancelling_the_task_cancels_what_it_waits_for() -> None:
    first, _, task = begun()
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert first.cancelled()
