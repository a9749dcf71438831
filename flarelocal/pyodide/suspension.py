"""Stack switching: synchronous Python code waits for a promise while the event loop goes on.

Each step of a Worker's coroutine runs on a stack of its own, a greenlet. `run_sync` leaves that
stack and hands the future to the task, as if the coroutine itself had awaited it.
"""

from __future__ import annotations

import asyncio
import inspect
import sys
import threading
from collections.abc import Callable, Coroutine, Iterable
from typing import Any

import greenlet

from flarelocal.pyodide import profile
from flarelocal.pyodide.realm import outside

__all__ = ["Escaped", "Suspendable", "call_back", "can_run_sync", "run_sync"]

_MAX_FREE = 32


class Escaped(Exception):
    """A KeyboardInterrupt or SystemExit on its way through asyncio, which it would end.

    Code of the Worker that waits for what raised it sees the exception itself.
    """

    def __init__(self, error: BaseException) -> None:
        super().__init__(repr(error))
        self.error = error


class _Stack(greenlet.greenlet):
    """Carries out steps, one after the other: to start a greenlet takes longer than a step.

    What is handed over by `switch` itself stays alive until the stack goes on; so it is done here.

    Attributes:
        below: the stack of whoever asked for the step.
        step: what is called next, with `value`; None in a step and between two.
        value: what the step gave, or the coroutine in the end, or what the step waits for.
        busy: whether it is in a step.
        ended: whether the coroutine has come to its end.
        failure: what ended it, if that was none of its own accord.
        held: how many calls from JavaScript it is in, which cannot be suspended.
    """

    __slots__ = ("below", "busy", "ended", "failure", "held", "step", "value")

    below: greenlet.greenlet
    step: Callable[[Any], Any] | None
    value: Any
    busy: bool
    ended: bool
    failure: BaseException | None
    held: int

    def run(self) -> None:
        self.held = 0
        while True:
            step, value = self.step, self.value
            assert step is not None
            self.step = self.value = self.failure = None
            self.busy, self.ended = True, False
            try:
                self.value = step(value)
            except StopIteration as end:
                self.value, self.ended = end.value, True
            except greenlet.GreenletExit:
                raise
            except BaseException as error:
                self.failure, self.ended = error, True
            del step, value
            self.busy = False
            self.below.switch()

    def wait(self, future: asyncio.Future[Any]) -> None:
        """Leave the stack until the future is done, as if the coroutine awaited it."""
        future._asyncio_future_blocking = True
        self.value = future
        self.below.switch()


class _Free(threading.local):
    """The stacks of a thread that have nothing to do."""

    def __init__(self) -> None:
        self.stacks: list[_Stack] = []


_free = _Free()


class Suspendable(Coroutine[Any, Any, Any]):
    """A coroutine within which `run_sync` may be called, at any depth of plain calls.

    Attributes:
        ended: called in the last step of the task that runs it, a turn before the task's callbacks.
    """

    __slots__ = ("_coroutine", "_waiting", "ended")

    def __init__(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        self._coroutine: Any = coroutine
        self._waiting: _Stack | None = None
        self.ended: Callable[[], None] | None = None

    def send(self, value: Any) -> Any:
        return self._go_on(self._coroutine.send, value)

    def throw(self, *error: Any) -> Any:
        raised = error[1] if len(error) > 1 and error[1] is not None else error[0]
        if isinstance(raised, Escaped):
            raised = raised.error
        return self._go_on(self._coroutine.throw, raised, throwing=True)

    def close(self) -> None:
        stack, self._waiting = self._waiting, None
        if stack is not None:
            stack.parent = greenlet.getcurrent()
            stack.throw()
        self._coroutine.close()

    def __await__(self) -> Any:
        # Whoever awaits this steps it by `send` and `throw`, as a task does.
        return self

    def __iter__(self) -> Suspendable:
        return self

    def __next__(self) -> Any:
        return self._go_on(self._coroutine.send, None)

    def _go_on(self, step: Callable[[Any], Any], value: Any, *, throwing: bool = False) -> Any:
        realm = outside()
        if realm is not None:
            with realm:
                return self._go_on(step, value, throwing=throwing)
        below = greenlet.getcurrent()
        free = _free.stacks
        stack = self._waiting
        if stack is None:
            # A stack keeps whether it is being traced.
            stack = free.pop() if free and sys.gettrace() is None else _Stack()
            stack.step, stack.value = step, value
            stack.gr_context = below.gr_context
            throwing = False
        stack.below = below
        if throwing:
            stack.throw(value)
        else:
            stack.switch()
        found, stack.value = stack.value, None
        if stack.busy:
            self._waiting = stack
            return found
        self._waiting = None
        if len(free) < _MAX_FREE:
            free.append(stack)
        if not stack.ended:
            return found
        if self.ended is not None:
            self.ended()
        error, stack.failure = stack.failure, None
        if error is None:
            raise StopIteration(found)
        try:
            if isinstance(error, KeyboardInterrupt | SystemExit):
                raise Escaped(error) from error
            raise error
        finally:
            # The traceback has this frame.
            del error

    # What asyncio shows of the coroutine that a task runs.

    @property
    def __name__(self) -> Any:
        return self._coroutine.__qualname__

    @property
    def cr_frame(self) -> Any:
        return self._coroutine.cr_frame

    @property
    def cr_code(self) -> Any:
        return self._coroutine.cr_code

    @property
    def cr_running(self) -> Any:
        return self._coroutine.cr_running


def can_run_sync() -> bool:
    """Whether `run_sync` can wait here."""
    stack = greenlet.getcurrent()
    return isinstance(stack, _Stack) and not stack.held and profile.current().can_run_sync


def call_back(function: Callable[..., Any], arguments: Iterable[Any]) -> Any:
    """Call Python code from JavaScript, whose own frames cannot be suspended."""
    stack = greenlet.getcurrent()
    if not isinstance(stack, _Stack):
        return function(*arguments)
    stack.held += 1
    try:
        return function(*arguments)
    finally:
        stack.held -= 1


def run_sync(awaitable: Any) -> Any:
    """Wait for an awaitable in synchronous code and give its result (Pyodide, `run_sync`).

    Raises:
        RuntimeError: the caller is not within a handler of a Worker, or was called by JavaScript.
        TypeError: there is nothing to wait for.
    """
    stack = greenlet.getcurrent()
    if not isinstance(stack, _Stack) or stack.held:
        if inspect.iscoroutine(awaitable):
            awaitable.close()
        raise RuntimeError(
            "Cannot stack switch because the Python entrypoint was a synchronous function."
            " Use pyFunc.callPromising() to fix."
        )
    try:
        future = asyncio.ensure_future(awaitable)
    except TypeError:
        raise TypeError(f"object {type(awaitable).__name__} is not awaitable") from None
    if not future.done():
        stack.wait(future)
    try:
        return future.result()
    except Escaped as escaped:
        raise escaped.error from None
