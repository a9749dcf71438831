"""Tasks whose first step runs at once, so that what waits for nothing costs no turn of the loop."""

from __future__ import annotations

import asyncio
import contextvars
import sys
from collections.abc import Callable, Coroutine
from typing import Any

__all__ = ["eager_task"]

if sys.version_info >= (3, 12):

    def eager_task(
        coroutine: Coroutine[Any, Any, Any],
        loop: asyncio.AbstractEventLoop,
        context: contextvars.Context,
    ) -> asyncio.Task[Any]:
        """A task that has run up to its first wait."""
        return asyncio.Task(coroutine, loop=loop, context=context, eager_start=True)

else:

    def eager_task(
        coroutine: Coroutine[Any, Any, Any],
        loop: asyncio.AbstractEventLoop,
        context: contextvars.Context,
    ) -> asyncio.Task[Any]:
        """A task that has run up to its first wait."""
        steps: list[Callable[[], object]] = []
        # A task schedules its first step when it is made: the loop hands that step over here.
        vars(loop)["call_soon"] = lambda step, **_: steps.append(step)
        try:
            task = asyncio.Task(coroutine, loop=loop, context=context)
        finally:
            del vars(loop)["call_soon"]
        around = asyncio.tasks._current_tasks.get(loop)  # type: ignore[attr-defined]
        if around is not None:
            asyncio._leave_task(loop, around)
        try:
            context.run(steps[0])
        finally:
            if around is not None:
                asyncio._enter_task(loop, around)
        return task
