"""WebLoop: the event loop, whose timers belong to the clock of the invocation that arms them."""

from __future__ import annotations

import asyncio
import contextvars
import math
import socket
import sys
import time
from collections import deque
from collections.abc import Callable, Coroutine
from functools import partial
from types import CoroutineType
from typing import Any

from flarelocal.clock import Clock
from flarelocal.javascript.errors import JsError
from flarelocal.pyodide.exception import JsException
from flarelocal.pyodide.suspension import Suspendable
from flarelocal.pyodide.traceback import format_lines

__all__ = ["WebLoop"]

_LOOKUPS = (socket.getaddrinfo, socket.getnameinfo)
_TURNS_PER_LOOK = 8


class WebLoop(asyncio.SelectorEventLoop):
    """An ordinary event loop for flarelocal itself, and for Workers one that follows the clock.

    Inside an invocation `asyncio.sleep`, timeouts and `call_later` wait on that invocation's
    clock, every task can be suspended by `run_sync`, and an error that nobody looks at is printed
    as Pyodide prints it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.set_task_factory(_make_task)  # type: ignore[arg-type]
        self._microtasks: deque[Callable[[], object]] = deque()
        # Each future and each handle asks: to be answered by no Python code takes a third.
        vars(self)["get_debug"] = partial(getattr, self, "_debug")

    def _run_once(self) -> None:
        """Look at sockets and timers, and take a turn; what then is ready needs no look again.

        A call to an object takes two turns, and a look takes longer than most turns do.
        """
        super()._run_once()  # type: ignore[misc]
        if self._debug:  # type: ignore[attr-defined]
            return
        ready: deque[asyncio.Handle] = self._ready  # type: ignore[attr-defined]
        for _ in range(_TURNS_PER_LOOK - 1):
            if not ready or self._stopping:  # type: ignore[attr-defined]
                return
            for _ in range(len(ready)):
                handle = ready.popleft()
                if not handle._cancelled:
                    handle._run()

    def time(self) -> float:
        clock = Clock.current()
        return clock.now() / 1000 if clock else time.monotonic()

    def call_soon(  # type: ignore[override]
        self,
        callback: Callable[..., object],
        *args: Any,
        context: contextvars.Context | None = None,
    ) -> asyncio.Handle:
        # As in asyncio, with fewer calls on the way: a small call to an object takes this twice.
        if self._closed or self._debug:  # type: ignore[attr-defined]
            return super().call_soon(callback, *args, context=context)
        handle = asyncio.Handle(callback, args, self, context)
        self._ready.append(handle)  # type: ignore[attr-defined]
        return handle

    def create_future(self) -> asyncio.Future[Any]:
        if Clock.current() is None:
            return super().create_future()
        from flarelocal.pyodide.future import PyodideFuture

        return PyodideFuture(loop=self)

    def call_at(  # type: ignore[override]
        self,
        when: float,
        callback: Callable[..., object],
        *args: Any,
        context: contextvars.Context | None = None,
    ) -> Any:
        clock = Clock.current()
        if clock is None:
            return super().call_at(when, callback, *args, context=context)
        context = context or contextvars.copy_context()
        if when == math.inf:
            return asyncio.Handle(callback, args, self, context)
        try:
            return clock.call_at(
                when * 1000, lambda: self.call_soon(callback, *args, context=context)
            )
        except JsError as refused:
            raise JsException._of_error(refused) from None

    def call_later(  # type: ignore[override]
        self,
        delay: float,
        callback: Callable[..., object],
        *args: Any,
        context: contextvars.Context | None = None,
    ) -> Any:
        if delay < 0 and Clock.current() is not None:
            raise ValueError("Can't schedule in the past")
        return self.call_at(self.time() + delay, callback, *args, context=context)

    def run_in_executor(  # type: ignore[override]
        self, executor: Any, function: Callable[..., Any], *args: Any
    ) -> Any:
        if Clock.current() is None or function in _LOOKUPS:
            _mark_native()
            return super().run_in_executor(executor, function, *args)
        # There are no threads in Pyodide: the function runs at once, and may use bindings.
        outcome = self.create_future()
        try:
            outcome.set_result(function(*args))
        except Exception as error:
            outcome.set_exception(error)
        return outcome

    def _add_reader(self, *args: Any) -> Any:
        _mark_native()
        return super()._add_reader(*args)  # type: ignore[misc]

    def _add_writer(self, *args: Any) -> Any:
        _mark_native()
        return super()._add_writer(*args)  # type: ignore[misc]

    def queue_microtask(self, callback: Callable[[], object]) -> None:
        """Call `callback` as soon as the program that runs at present waits for anything."""
        if not self._microtasks:
            handle = asyncio.Handle(self._run_microtasks, (), self)
            self._ready.appendleft(handle)  # type: ignore[attr-defined]
        context = contextvars.copy_context()
        self._microtasks.append(lambda: context.run(callback))

    def _run_microtasks(self) -> None:
        while self._microtasks:
            self._microtasks.popleft()()

    def default_exception_handler(self, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if Clock.current() is None or error is None:
            super().default_exception_handler(context)
            return
        lines = ["Unhandled exception in event loop", *format_lines(error)]
        sys.stderr.write("\n".join(lines) + "\n")


def _mark_native() -> None:
    clock = Clock.current()
    if clock is not None:
        clock.native = True


def _make_task(
    loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, Any], **options: Any
) -> asyncio.Task[Any]:
    if Clock.current() is None:
        return asyncio.Task(coroutine, loop=loop, **options)
    if type(coroutine) is not CoroutineType and not asyncio.iscoroutine(coroutine):
        raise TypeError(f"a coroutine was expected, got {coroutine!r}")
    from flarelocal.pyodide.future import PyodideTask

    task: PyodideTask = PyodideTask(Suspendable(coroutine), loop=loop, **options)
    # Tasks that wait for what never comes are no news: they may have outlived their event.
    task._log_destroy_pending = False
    task.add_done_callback(_watch)
    return task


def _watch(task: asyncio.Task[Any]) -> None:
    """Report the error of a task, once those that wait for it had their turn."""
    if task._log_traceback:
        task.get_loop().call_soon(_report, task)


def _report(task: asyncio.Task[Any]) -> None:
    if task._log_traceback:
        task.get_loop().call_exception_handler({"exception": task.exception()})
