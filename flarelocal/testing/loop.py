"""The event loop of tests."""

from __future__ import annotations

import asyncio
import contextvars
from asyncio import futures
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from flarelocal.clock import Clock, EventClock
from flarelocal.pyodide.webloop import WebLoop
from flarelocal.worker.eager import eager_task

__all__ = ["TestClock", "TestLoop"]

T = TypeVar("T")
_WAKES_SLEEPER = futures._set_result_unless_cancelled  # type: ignore[attr-defined]
_HOLDING = ("_ready", "_scheduled", "_asyncgens", "_transports", "_signal_handlers", "_microtasks")


class TestClock(EventClock):
    """The clock as the test itself sees it.

    Args:
        follow: moves the clock to a time; called when the test sleeps until then.
    """

    __test__ = False

    def __init__(self, clock: Clock, follow: Callable[[float, asyncio.Future[Any]], None]) -> None:
        super().__init__(clock)
        self.follow = follow


class TestLoop(WebLoop):
    """An event loop on which tests and Workers get along.

    A Worker's timers belong to its clock. In a test `asyncio.sleep` moves that clock, while
    timeouts, which are there in case that something hangs, are as long as they say.
    """

    __test__ = False

    def __init__(self) -> None:
        super().__init__()
        self._main: asyncio.Future[Any] | None = None
        self._new = vars(self).copy()

    @property
    def is_as_new(self) -> bool:
        """Whether nothing is under way, and nobody has changed how it works."""
        present = vars(self)
        return (
            present.items() >= self._new.items()
            and not any(present[name] for name in _HOLDING)
            and len(present["_selector"].get_map()) == present["_internal_fds"]
        )

    @property
    def in_main_task(self) -> bool:
        """Whether the caller is what the loop was started for, so that nobody else goes on."""
        return asyncio.current_task(self) is self._main

    def run_until_complete(self, future: Any) -> Any:
        before, self._main = self._main, asyncio.ensure_future(future, loop=self)
        try:
            return super().run_until_complete(self._main)
        finally:
            self._main = before

    def perform(self, work: Coroutine[Any, Any, T], context: contextvars.Context) -> T:
        """Run something to its end; what waits for nothing needs no turn of the event loop.

        Args:
            context: keeps what the work sets.
        """
        asyncio._set_running_loop(self)
        try:
            task = eager_task(work, self, context)
        finally:
            asyncio._set_running_loop(None)
        result: T = task.result() if task.done() else self.run_until_complete(task)
        return result

    def finish(self) -> None:
        """Cancel what is left, wait for it, and forget the rest."""
        held = vars(self)
        left = asyncio.all_tasks(self)
        if left or held["_asyncgens"] or held["_default_executor"]:
            self.perform(self._end(left), contextvars.Context())
        held["_ready"].clear()
        held["_scheduled"].clear()
        held["_timer_cancelled_count"] = 0

    async def _end(self, tasks: set[asyncio.Task[Any]]) -> None:
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        await self.shutdown_asyncgens()
        await self.shutdown_default_executor()

    def time(self) -> float:
        clock = Clock.current()
        if clock is None or isinstance(clock, TestClock):
            return asyncio.SelectorEventLoop.time(self)
        return clock.now() / 1000

    def run_in_executor(  # type: ignore[override]
        self, executor: Any, function: Callable[..., Any], *args: Any
    ) -> Any:
        if isinstance(Clock.current(), TestClock):
            return asyncio.SelectorEventLoop.run_in_executor(self, executor, function, *args)
        return super().run_in_executor(executor, function, *args)

    def call_at(  # type: ignore[override]
        self,
        when: float,
        callback: Callable[..., object],
        *args: Any,
        context: contextvars.Context | None = None,
    ) -> Any:
        if isinstance(Clock.current(), TestClock):
            return asyncio.SelectorEventLoop.call_at(self, when, callback, *args, context=context)
        return super().call_at(when, callback, *args, context=context)

    def call_later(  # type: ignore[override]
        self,
        delay: float,
        callback: Callable[..., object],
        *args: Any,
        context: contextvars.Context | None = None,
    ) -> Any:
        clock = Clock.current()
        if not isinstance(clock, TestClock) or callback is not _WAKES_SLEEPER:
            return super().call_later(delay, callback, *args, context=context)
        label = "asyncio.sleep of the test" if self.in_main_task else ""
        timer = clock.call_later(delay * 1000, lambda: callback(*args), label=label)
        if label:
            clock.follow(timer.when_ms, args[0])
        return timer
