"""PyodideFuture: a promise as Python sees it."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any

from flarelocal.clock import Clock
from flarelocal.continuation import rest
from flarelocal.javascript.errors import Thrown
from flarelocal.javascript.values import Value
from flarelocal.prompt_future import PromptFuture, hear
from flarelocal.pyodide.boundary import to_python
from flarelocal.pyodide.exception import JsException
from flarelocal.pyodide.suspension import Escaped, Suspendable, run_sync

__all__ = ["PyodideFuture", "PyodideTask", "ended", "future_of", "rejected", "resolved", "start"]


class _Thenable(asyncio.Future[Any] if TYPE_CHECKING else object):  # type: ignore[misc]
    """The methods of a promise, for futures and tasks (Pyodide, `webloop.py`)."""

    __slots__ = ()

    def then(
        self,
        on_fulfilled: Callable[[Any], Any] | None,
        on_rejected: Callable[[Any], Any] | None = None,
    ) -> PyodideFuture:
        """Call one of the functions with the outcome; gives the promise of what it returns."""
        return _chain(self._then(on_fulfilled, on_rejected))

    def catch(self, on_rejected: Callable[[Any], Any]) -> PyodideFuture:
        return self.then(None, on_rejected)

    def finally_(self, on_finally: Callable[[], Any]) -> PyodideFuture:
        """Call the function when the promise is settled, either way."""
        return _chain(self._finally(on_finally))

    def syncify(self) -> Any:
        """Wait for the result without `await`; see `run_sync`."""
        return run_sync(self)

    async def _then(
        self, on_fulfilled: Callable[[Any], Any] | None, on_rejected: Callable[[Any], Any] | None
    ) -> Any:
        try:
            result = await self
        except Exception as error:
            if on_rejected is None:
                raise
            return await _unwrap(on_rejected(error))
        return await _unwrap(on_fulfilled(result)) if on_fulfilled else result

    async def _finally(self, on_finally: Callable[[], Any]) -> Any:
        try:
            return await self
        finally:
            await _unwrap(on_finally())


class PyodideFuture(_Thenable, asyncio.Future[Any]):
    """A promise."""


class PyodideTask(asyncio.Task[Any], PyodideFuture):
    """A task of a Worker."""


PyodideFuture.__module__ = PyodideTask.__module__ = "pyodide.webloop"


async def _unwrap(value: Any) -> Any:
    while inspect.isawaitable(value):
        value = await value
    return value


def _chain(coroutine: Coroutine[Any, Any, Any]) -> PyodideFuture:
    loop = asyncio.get_running_loop()
    promise = PyodideFuture(loop=loop)

    def settle(task: asyncio.Future[Any]) -> None:
        if task.cancelled():
            promise.cancel()
        elif error := task.exception():
            promise.set_exception(error)
        else:
            promise.set_result(task.result())

    loop.create_task(coroutine).add_done_callback(settle)
    return promise


def resolved(value: Value) -> PyodideFuture:
    """A promise that is fulfilled with a value of JavaScript-land."""
    promise = PyodideFuture(loop=asyncio.get_running_loop())
    promise.set_result(to_python(value))
    return promise


def rejected(error: BaseException) -> PyodideFuture:
    """A promise that is rejected."""
    promise = PyodideFuture(loop=asyncio.get_running_loop())
    _reject(promise, error)
    return promise


def future_of(promise: asyncio.Future[Value]) -> PyodideFuture:
    """What Python sees of a promise of JavaScript-land."""
    seen = PyodideFuture(loop=asyncio.get_running_loop())
    clock = Clock.current()
    if promise.done():
        _settle(seen, clock, promise)
    else:
        hear(promise, partial(_settle, seen, clock))
    return seen


def start(coroutine: Coroutine[Any, Any, Value]) -> PyodideFuture:
    """Run a coroutine of JavaScript-land up to its first wait, then the rest in a task.

    A JavaScript async function begins at once, too; and where nothing has to be waited for, no
    task is made. In an event that has ended the promise is never settled.
    """
    clock = Clock.current()
    if clock is not None and clock.stopped:
        coroutine.close()
        return PyodideFuture()
    try:
        waited_for = coroutine.send(None)
    except StopIteration as end:
        return resolved(end.value)
    except asyncio.CancelledError:
        raise
    except Exception as error:
        return rejected(error)
    seen = PyodideFuture(loop=asyncio.get_running_loop())
    if clock is not None:
        clock.waits += 1
    _continue(coroutine, waited_for, seen, clock)
    return seen


def _continue(
    coroutine: Coroutine[Any, Any, Value], waited_for: Any, seen: PyodideFuture, clock: Clock | None
) -> None:
    """Have a coroutine that waits go on, and settle its promise in the end.

    What stores something is gone on with at once, for each turn of the event loop costs more than
    the rest of it. All else has a task, as whoever uses the network may ask for one.
    """
    if isinstance(waited_for, PromptFuture):
        waited_for._asyncio_future_blocking = False

        def go_on(_: asyncio.Future[Any]) -> None:
            try:
                waits = coroutine.send(None)
            except StopIteration as end:
                _end(seen, clock, end.value, None)
            except (Exception, asyncio.CancelledError) as error:
                _end(seen, clock, None, error)
            else:
                _continue(coroutine, waits, seen, clock)

        hear(waited_for, go_on)
        return
    later = rest(coroutine, waited_for)
    task = asyncio.Task(later if clock is None else Suspendable(later), loop=seen.get_loop())

    def settle(task: asyncio.Future[Value]) -> None:
        error = asyncio.CancelledError() if task.cancelled() else task.exception()
        _end(seen, clock, None if error else task.result(), error)

    task.add_done_callback(settle)


def ended() -> bool:
    """Whether the event around the caller is over: its promises are never settled."""
    clock = Clock.current()
    return clock is not None and clock.stopped


def _settle(seen: PyodideFuture, clock: Clock | None, promise: asyncio.Future[Value]) -> None:
    """Hand on how a promise was settled."""
    if promise.cancelled():
        seen.cancel()
    elif (error := promise.exception()) is not None:
        _hand_on(seen, clock, None, error)
    elif not (seen.done() or (clock is not None and clock.stopped)):
        seen.set_result(to_python(promise.result()))


def _end(
    seen: PyodideFuture, clock: Clock | None, value: Value, error: BaseException | None
) -> None:
    if clock is not None:
        clock.waits -= 1
    _hand_on(seen, clock, value, error)


def _hand_on(
    seen: PyodideFuture, clock: Clock | None, value: Value, error: BaseException | None
) -> None:
    """Settle a promise, unless that is too late for the event."""
    if isinstance(error, asyncio.CancelledError):
        seen.cancel()
    elif seen.done() or (clock is not None and clock.stopped):
        return
    elif error is None:
        seen.set_result(to_python(value))
    else:
        _reject(seen, error)


_OWN = (JsException, Escaped)
"""What Python gets as it is."""


def _reject(promise: PyodideFuture, error: BaseException) -> None:
    if isinstance(error, Thrown):
        # Pyodide fails to reject with what is no Error: the promise stays pending for ever.
        return
    promise.set_exception(error if isinstance(error, _OWN) else to_python(error))
