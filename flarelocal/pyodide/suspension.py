"""Stack switching: synchronous Python code waits for a promise while the event loop goes on.

Each step of a Worker's coroutine runs in a greenlet of its own. `run_sync` leaves that greenlet
and hands the future to the task, as if the coroutine itself had awaited it.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Coroutine, Generator
from typing import Any, cast

import greenlet

from flarelocal.pyodide import profile

__all__ = ["Escaped", "Suspendable", "can_run_sync", "run_sync"]


class Escaped(Exception):
    """A KeyboardInterrupt or SystemExit on its way through asyncio, which it would end.

    Code of the Worker that waits for what raised it sees the exception itself.
    """

    def __init__(self, error: BaseException) -> None:
        super().__init__(repr(error))
        self.error = error


class Suspendable(Coroutine[Any, Any, Any]):
    """A coroutine within which `run_sync` may be called, at any depth of plain calls."""

    __slots__ = ("_coroutine", "_waiting")

    def __init__(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        self._coroutine = coroutine
        self._waiting: _Stack | None = None

    def send(self, value: Any) -> Any:
        return self._step(self._coroutine.send, value)

    def throw(self, *error: Any) -> Any:
        raised = error[1] if len(error) > 1 and error[1] is not None else error[0]
        if isinstance(raised, Escaped):
            raised = raised.error
        return self._step(self._coroutine.throw, raised)

    def close(self) -> None:
        if self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            waiting.throw(greenlet.GreenletExit)
        self._coroutine.close()

    def __await__(self) -> Generator[Any, Any, Any]:
        # Whoever awaits this steps it by `send` and `throw`, as a task does.
        return cast("Generator[Any, Any, Any]", self)

    def __iter__(self) -> Suspendable:
        return self

    def __next__(self) -> Any:
        return self.send(None)

    def _step(self, resume: Callable[[Any], Any], value: Any) -> Any:
        current = greenlet.getcurrent()
        stack, self._waiting = self._waiting, None
        try:
            if stack is None:
                stack = _Stack(resume, current)
                stack.owner = self
                # Without this a greenlet starts with no context variables at all.
                stack.gr_context = current.gr_context
                return stack.switch(value)
            stack.parent = current
            if resume == self._coroutine.throw:
                return stack.throw(value)
            return stack.switch(value)
        except (KeyboardInterrupt, SystemExit) as error:
            raise Escaped(error) from error

    def suspend(self, stack: _Stack, future: asyncio.Future[Any]) -> None:
        """Leave `stack` until the future is done."""
        future._asyncio_future_blocking = True
        self._waiting = stack
        parent = stack.parent
        assert parent is not None
        parent.switch(future)

    def __getattr__(self, name: str) -> Any:
        # asyncio shows `__qualname__`, `cr_frame` and the like of what a task runs.
        return getattr(self._coroutine, name)


class _Stack(greenlet.greenlet):
    """The greenlet of one step."""

    owner: Suspendable


def can_run_sync() -> bool:
    """Whether `run_sync` can wait here."""
    return isinstance(greenlet.getcurrent(), _Stack) and profile.current().can_run_sync


def run_sync(awaitable: Any) -> Any:
    """Wait for an awaitable in synchronous code and give its result (Pyodide, `run_sync`).

    Raises:
        RuntimeError: "No suspender": the caller is not within a handler of a Worker.
    """
    stack = greenlet.getcurrent()
    if not isinstance(stack, _Stack):
        if inspect.iscoroutine(awaitable):
            awaitable.close()
        raise RuntimeError("No suspender")
    future = asyncio.ensure_future(awaitable)
    if not future.done():
        stack.owner.suspend(stack, future)
    try:
        return future.result()
    except Escaped as escaped:
        raise escaped.error from None
