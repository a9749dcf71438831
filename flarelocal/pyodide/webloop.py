"""WebLoop: the event loop, whose timers belong to the clock of the invocation that arms them."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable, Coroutine
from typing import Any, cast

from flarelocal.clock import Clock
from flarelocal.pyodide.suspension import Suspendable

__all__ = ["WebLoop"]


class WebLoop(asyncio.SelectorEventLoop):
    """An ordinary event loop for flarelocal itself, and for Workers one that follows the clock.

    Inside an invocation `asyncio.sleep`, timeouts and `call_later` wait on that invocation's
    clock, and every task can be suspended by `run_sync`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.set_task_factory(cast("Any", _make_task))

    def time(self) -> float:
        clock = Clock.current()
        return clock.now() / 1000 if clock else super().time()

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
        return clock.call_at(when * 1000, lambda: self.call_soon(callback, *args, context=context))

    def call_later(  # type: ignore[override]
        self,
        delay: float,
        callback: Callable[..., object],
        *args: Any,
        context: contextvars.Context | None = None,
    ) -> Any:
        return self.call_at(self.time() + delay, callback, *args, context=context)


def _make_task(
    loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, Any], **options: Any
) -> asyncio.Task[Any]:
    if Clock.current() is None:
        return asyncio.Task(coroutine, loop=loop, **options)
    from flarelocal.pyodide.future import PyodideTask

    return PyodideTask(Suspendable(coroutine), loop=loop, **options)
