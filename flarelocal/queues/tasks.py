"""Work in the background that somebody will wait for in the end."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Coroutine

__all__ = ["Tasks"]


class Tasks:
    """Runs coroutines, each in a context of its own instead of the one of an invocation."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def spawn(self, coroutine: Coroutine[None, None, None]) -> None:
        # Not by the loop's factory, which may make a task of a Worker.
        task = asyncio.Task(
            coroutine, loop=asyncio.get_running_loop(), context=contextvars.Context()
        )
        # A callback when it is done would take a turn of the event loop.
        self._running = {each for each in self._running if not each.done()}
        self._running.add(task)

    def cancel(self) -> None:
        """End all that runs."""
        for task in self._running:
            task.cancel()

    async def finished(self) -> None:
        """Return when nothing runs any more."""
        while running := [task for task in self._running if not task.done()]:
            await asyncio.wait(running)
