"""PyodideFuture: a promise as Python sees it."""

from __future__ import annotations

import asyncio
import inspect
import types
from collections.abc import Callable, Coroutine, Generator
from typing import TYPE_CHECKING, Any

from flarelocal.javascript.errors import JsError, Thrown
from flarelocal.javascript.values import Value
from flarelocal.pyodide.boundary import to_python
from flarelocal.pyodide.exception import JsException

__all__ = ["PyodideFuture", "PyodideTask", "future_of", "rejected", "resolved", "start"]


class _Thenable(asyncio.Future[Any] if TYPE_CHECKING else object):  # type: ignore[misc]
    """The methods of a promise, for futures and tasks (Pyodide, `webloop.py`)."""

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
        from flarelocal.pyodide.suspension import run_sync

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


class PyodideTask(_Thenable, asyncio.Task[Any]):
    """A task of a Worker."""


PyodideFuture.__module__ = PyodideTask.__module__ = "pyodide.webloop"


async def _unwrap(value: Any) -> Any:
    while inspect.isawaitable(value):
        value = await value
    return value


def _chain(coroutine: Coroutine[Any, Any, Any]) -> PyodideFuture:
    loop = asyncio.get_running_loop()
    promise = PyodideFuture(loop=loop)
    _follow(promise, loop.create_task(coroutine), lambda value: value)
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
    if promise.done():
        _settle(seen, promise, to_python)
    else:
        _follow(seen, promise, to_python)
    return seen


def start(coroutine: Coroutine[Any, Any, Value]) -> PyodideFuture:
    """Run a coroutine of JavaScript-land up to its first wait, then the rest in a task.

    A JavaScript async function begins at once, too; and where nothing has to be waited for, no
    task is made.
    """
    try:
        waited_for = coroutine.send(None)
    except StopIteration as end:
        return resolved(end.value)
    except asyncio.CancelledError:
        raise
    except Exception as error:
        return rejected(error)
    return future_of(asyncio.get_running_loop().create_task(_rest(coroutine, waited_for)))


async def _rest(coroutine: Coroutine[Any, Any, Value], waited_for: Any) -> Value:
    return await _resume(coroutine, waited_for)


@types.coroutine
def _resume(coroutine: Coroutine[Any, Any, Value], waited_for: Any) -> Generator[Any, Any, Value]:
    """Go on with a coroutine that waits already."""
    while True:
        step: Callable[[Any], Any] = coroutine.send
        try:
            sent = yield waited_for
        except BaseException as error:
            step, sent = coroutine.throw, error
        try:
            waited_for = step(sent)
        except StopIteration as end:
            return end.value


def _follow(
    promise: PyodideFuture, source: asyncio.Future[Any], convert: Callable[[Any], Any]
) -> None:
    def settle(source: asyncio.Future[Any]) -> None:
        if not promise.done():
            _settle(promise, source, convert)

    source.add_done_callback(settle)

    def abandon(promise: PyodideFuture) -> None:
        if promise.cancelled() and not source.done():
            source.cancel()

    promise.add_done_callback(abandon)


def _settle(
    promise: PyodideFuture, source: asyncio.Future[Any], convert: Callable[[Any], Any]
) -> None:
    if source.cancelled():
        promise.cancel()
        return
    error = source.exception()
    if error is None:
        promise.set_result(convert(source.result()))
    else:
        _reject(promise, error)


def _reject(promise: PyodideFuture, error: BaseException) -> None:
    if isinstance(error, JsError | Thrown):
        error = JsException._of_error(error)
    promise.set_exception(error)
