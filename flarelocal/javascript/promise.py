"""Promises: futures and coroutines of JavaScript values."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import Context
from typing import Any, NoReturn

from flarelocal.javascript.errors import Thrown
from flarelocal.javascript.foreign import Foreign
from flarelocal.javascript.values import Value

__all__ = [
    "Promise",
    "awaitable",
    "exception_of",
    "future",
    "let_run",
    "reason_of",
    "reject",
    "rejected",
    "resolved",
    "rethrow",
    "run",
    "settle",
    "watch",
]

Promise = asyncio.Future[Value]

_running: set[asyncio.Task[Any]] = set()


def awaitable(value: Value) -> Awaitable[Value] | None:
    """What to wait for if the value is a promise (or awaitable in another language)."""
    if value is None or isinstance(value, dict | list | str):
        return None
    if asyncio.isfuture(value) or inspect.isawaitable(value):
        return value
    return value.settle() if isinstance(value, Foreign) else None


async def settle(value: Value) -> Value:
    """`await value`: the value itself if it is no promise."""
    while (pending := awaitable(value)) is not None:
        value = await pending
    return value


def future() -> Promise:
    """A pending promise."""
    return asyncio.get_running_loop().create_future()


def resolved(value: Value) -> Promise:
    """A promise which is fulfilled."""
    made = future()
    made.set_result(value)
    return made


def rejected(reason: Value) -> Promise:
    """A promise which is rejected, and which nobody needs to look at."""
    made = future()
    reject(made, reason)
    return made


def reject(promise: Promise, reason: Value) -> None:
    """Reject a promise which nobody needs to look at, unless it is settled."""
    if not promise.done():
        promise.set_exception(exception_of(reason))
        promise.exception()


def run(coroutine: Coroutine[Any, Any, Value], context: Context | None = None) -> Promise:
    """Run a coroutine in the background; its error is for whoever awaits it."""
    task = asyncio.get_running_loop().create_task(coroutine, context=context)
    _running.add(task)
    task.add_done_callback(_finished)
    return task


def let_run(value: Value) -> None:
    """Have the async function run whose call gave this value, though nobody waits for it."""
    if inspect.iscoroutine(value) or isinstance(value, Foreign):
        pending = awaitable(value)
        if pending is not None and not asyncio.isfuture(pending):
            task = asyncio.get_running_loop().create_task(_run_out(pending))
            _running.add(task)
            task.add_done_callback(_running.discard)


async def _run_out(pending: Awaitable[Value]) -> None:
    try:
        await settle(pending)
    except (Exception, asyncio.CancelledError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException:
        # A Durable Object aborts itself that way: no code goes on, and nobody hears of it.
        return


def watch(
    pending: Awaitable[Value],
    fulfilled: Callable[[Value], None],
    rejected: Callable[[Value], None],
    context: Context,
) -> None:
    """Call one of the functions with the outcome of a promise; a future costs no task.

    Args:
        context: what the functions and, if it is one, the coroutine run in; not in use.
    """
    if asyncio.isfuture(pending):
        outcome = pending
    else:
        outcome = asyncio.get_running_loop().create_task(settle(pending), context=context)
        _running.add(outcome)
        outcome.add_done_callback(_running.discard)

    def done(outcome: Promise) -> None:
        if outcome.cancelled():
            rejected(asyncio.CancelledError())
            return
        failure = outcome.exception()
        if failure is not None:
            rejected(reason_of(failure))
            return
        further = awaitable(outcome.result())
        if further is None:
            fulfilled(outcome.result())
        else:
            watch(further, fulfilled, rejected, context.copy())

    outcome.add_done_callback(done, context=context)


def _finished(task: asyncio.Task[Any]) -> None:
    _running.discard(task)
    if not task.cancelled():
        task.exception()


def reason_of(error: BaseException) -> Value:
    """The value that `catch` gets of an exception."""
    return error.value if isinstance(error, Thrown) else error


def rethrow(reason: Value) -> NoReturn:
    """Throw what `reason_of` gave."""
    raise exception_of(reason)


def exception_of(reason: Value) -> BaseException:
    """The exception that throws a value."""
    return reason if isinstance(reason, BaseException) else Thrown(reason)
