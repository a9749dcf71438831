"""Event loops, one test after the other."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import Any

import pytest

from flarelocal.testing.loop import TestLoop
from flarelocal.testing.loops import Loops


@pytest.fixture
def loops() -> Iterator[Loops]:
    loops = Loops()
    yield loops
    loops.close()


def used(loops: Loops, test: Callable[[], Coroutine[Any, Any, Any]]) -> TestLoop:
    """The event loop on which a test ran."""
    loop = loops.take()
    assert asyncio.get_event_loop_policy().get_event_loop() is loop
    try:
        loop.run_until_complete(test())
    finally:
        loops.give_back(loop)
    return loop


async def leave_nothing() -> None:
    async def soon() -> str:
        await asyncio.sleep(0)
        return "soon"

    async with asyncio.timeout(60):
        assert set(await asyncio.gather(soon(), soon())) == {"soon"}
    asyncio.get_running_loop().call_later(60, print)
    asyncio.get_running_loop().call_soon(print)


def test_a_loop_that_is_as_it_was_serves_again(loops: Loops) -> None:
    loop = used(loops, leave_nothing)
    assert used(loops, leave_nothing) is loop
    loops.close()
    assert loop.is_closed()


def test_two_at_a_time_are_different_ones(loops: Loops) -> None:
    first, second = loops.take(), loops.take()
    assert first is not second
    loops.give_back(second)
    loops.give_back(first)
    assert {loops.take(), loops.take()} == {first, second}
    loops.give_back(second)
    loops.give_back(first)


KEPT: list[object] = []


async def leave_a_task() -> None:
    KEPT.append(asyncio.ensure_future(asyncio.Event().wait()))


async def leave_a_generator() -> None:
    async def numbers() -> AsyncIterator[int]:
        yield 1
        yield 2

    generator = numbers()
    KEPT.append(generator)
    await anext(generator)


async def leave_an_executor() -> None:
    await asyncio.to_thread(int)


async def leave_a_reader() -> None:
    reader, writer = os.pipe()
    asyncio.get_running_loop().add_reader(reader, print)
    os.close(writer)


async def leave_a_handler_of_exceptions() -> None:
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)


async def leave_debugging_on() -> None:
    asyncio.get_running_loop().set_debug(True)


@pytest.mark.parametrize(
    "test",
    [
        leave_a_task,
        leave_a_generator,
        leave_an_executor,
        leave_a_reader,
        leave_a_handler_of_exceptions,
        leave_debugging_on,
    ],
)
def test_one_that_is_not_is_closed(
    loops: Loops, test: Callable[[], Coroutine[Any, Any, Any]]
) -> None:
    loop = used(loops, test)
    assert loop.is_closed()
    assert used(loops, leave_nothing) is not loop


def test_a_thread_that_goes_on_may_come_back_to_its_loop(loops: Loops) -> None:
    end = threading.Event()
    thread = threading.Thread(target=end.wait)

    async def leave_a_thread() -> None:
        thread.start()

    assert used(loops, leave_a_thread).is_closed()
    end.set()
    thread.join()
