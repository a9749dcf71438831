from __future__ import annotations

import asyncio
from contextvars import ContextVar

import pytest

from flarelocal.prompt_future import PromptFuture, hear, next_turn

_variable: ContextVar[str] = ContextVar("variable", default="none")


async def test_the_listener_hears_of_a_result_at_once() -> None:
    future: PromptFuture[int] = PromptFuture()
    heard: list[int] = []
    hear(future, lambda future: heard.append(future.result()))
    future.set_result(5)
    assert heard == [5]


async def test_the_listener_hears_of_an_error_and_of_a_cancellation() -> None:
    failed: PromptFuture[int] = PromptFuture()
    cancelled: PromptFuture[int] = PromptFuture()
    heard: list[object] = []
    hear(failed, lambda future: heard.append(future.exception()))
    hear(cancelled, lambda future: heard.append(future.cancelled()))
    error = ValueError("no")
    failed.set_exception(error)
    assert cancelled.cancel()
    assert not cancelled.cancel()
    assert heard == [error, True]


async def test_the_listener_runs_in_the_context_in_which_it_began_to_listen() -> None:
    future: PromptFuture[None] = PromptFuture()
    seen: list[str] = []
    _variable.set("listening")
    hear(future, lambda _: seen.append(_variable.get()))
    _variable.set("settling")
    future.set_result(None)
    assert seen == ["listening"]


@pytest.mark.parametrize("kind", [asyncio.Future, PromptFuture])
async def test_what_is_done_already_is_heard_of_in_the_next_turn(
    kind: type[asyncio.Future[int]],
) -> None:
    future = kind()
    future.set_result(5)
    heard: list[int] = []
    hear(future, lambda future: heard.append(future.result()))
    assert heard == []
    await asyncio.sleep(0)
    assert heard == [5]


async def test_whoever_awaits_it_goes_on_after_the_listener() -> None:
    future: PromptFuture[int] = PromptFuture()
    order: list[str] = []
    hear(future, lambda _: order.append("listener"))

    async def wait() -> None:
        await future
        order.append("waiting")

    task = asyncio.create_task(wait())
    await asyncio.sleep(0)
    future.set_result(5)
    await task
    assert order == ["listener", "waiting"]


async def test_the_next_turn_comes_after_what_is_ready_in_this_one() -> None:
    order: list[str] = []
    asyncio.get_running_loop().call_soon(order.append, "ready")
    hear(next_turn(), lambda _: order.append("next"))
    asyncio.get_running_loop().call_soon(order.append, "later")
    for _ in range(3):
        await asyncio.sleep(0)
    assert order == ["ready", "next", "later"]


async def test_a_turn_that_nobody_waits_for_any_more_passes() -> None:
    turn = next_turn()
    turn.cancel()
    await asyncio.sleep(0)
    assert turn.cancelled()
