"""Who moves the clock of a test, one at a time."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Coroutine
from typing import Any, TypeVar

from flarelocal.clock import Order, Timer, VirtualClock
from flarelocal.testing.loop import TestLoop

__all__ = ["Pace"]

T = TypeVar("T")


class Pace:
    """Moves a clock that stands still unless it is told to move."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self._moving = asyncio.Lock()
        self._followers: set[asyncio.Task[None]] = set()

    async def advance_to(self, when_ms: float) -> None:
        """Move to a time; at once if it is past.

        Raises:
            EndlessLoopError: the Worker never comes to rest.
        """
        async with self._moving:
            await self.clock.advance_to(max(when_ms, self.clock.now()))

    async def settle(self) -> None:
        """Let everything happen that is due by now, and all that it causes."""
        await self.advance_to(self.clock.now())

    def follow(self, when_ms: float, sleeper: asyncio.Future[Any]) -> None:
        """Move to a time at which somebody will be woken."""

        async def advance() -> None:
            try:
                await self.advance_to(when_ms)
            except Exception as error:
                if sleeper.done():
                    raise
                sleeper.set_exception(error)

        task = asyncio.Task(
            advance(), loop=asyncio.get_running_loop(), context=contextvars.Context()
        )
        self._followers.add(task)
        task.add_done_callback(self._followers.discard)

    async def carry(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something that may wait for the clock.

        Where the test itself waits for it, nobody else could move the clock: then it moves on to
        whatever the work waits for. In a task beside the test it stands still.
        """
        loop = asyncio.get_running_loop()
        task = asyncio.Task(work, loop=loop, context=contextvars.Context())
        try:
            if isinstance(loop, TestLoop) and loop.in_main_task:
                while await self._step_towards(task):
                    pass
            return await task
        except asyncio.CancelledError:
            task.cancel()
            raise

    async def _step_towards(self, task: asyncio.Task[Any]) -> bool:
        async with self._moving:
            await self.clock.idle()
            # Crons and the like would go on for ever: only what code itself waits for counts.
            timer = next((each for each in self.clock.upcoming() if _of_code(each)), None)
            if task.done() or timer is None:
                return False
            await self.clock.advance_to(max(timer.when_ms, self.clock.now()))
            return True


def _of_code(timer: Timer) -> bool:
    """Whether the Worker's code armed it, rather than an engine."""
    return timer.order is Order.TIMER and not timer.label
