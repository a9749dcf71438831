"""What an object does beside its events."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from flarelocal.durable_objects.input_gate import InputGate
from flarelocal.durable_objects.occupation import Occupation

__all__ = ["Tasks"]


class Tasks:
    """The tasks of an object, which keep it in memory.

    Args:
        gate: of the object.
        occupation: of the object.
        failed: called with the error of a task.
    """

    def __init__(
        self, gate: InputGate, occupation: Occupation, failed: Callable[[BaseException], None]
    ) -> None:
        self._gate = gate
        self._occupation = occupation
        self._failed = failed
        self._tasks: set[asyncio.Task[Any]] = set()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something beside the present event."""
        context = contextvars.copy_context()
        task = asyncio.get_running_loop().create_task(work, context=context)
        self._tasks.add(task)
        self._occupation.begin()
        task.add_done_callback(self._done, context=context)

    def wait_until(self, awaitable: Awaitable[object]) -> None:
        """Keep the object in memory until the awaitable is done; its errors are logged."""

        async def wait() -> None:
            await self._gate.gated(awaitable)

        self.spawn(wait())

    def admit(self, callback: Callable[[], object]) -> None:
        """Call something of the object as soon as no critical section holds it up."""
        if not self._gate.closed:
            callback()
            return

        async def wait() -> None:
            await self._gate.enter()
            callback()

        self.spawn(wait())

    def cancel(self) -> None:
        """Cancel all tasks."""
        for task in list(self._tasks):
            task.cancel()

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._failed(error)
        self._occupation.end()
