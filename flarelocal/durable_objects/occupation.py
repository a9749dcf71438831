"""Whether anything goes on in an object."""

from __future__ import annotations

import asyncio
from typing import Protocol

from flarelocal.clock import Clock, Order

__all__ = ["Occupation"]

_LOOK_AGAIN_MS = 50


class Occupant(Protocol):
    """The object."""

    @property
    def id(self) -> object:
        """What people know it by."""

    def evict(self) -> None:
        """Leave memory."""

    def expected(self) -> float | None:
        """Until when, in ms since 1970, more is to come by itself; None: nothing is."""


class Occupation:
    """Counts what goes on, and tells when nothing did for a while.

    Args:
        clock: measures the while.
        idle_ms: how long it is; None: for ever.
        occupant: is evicted when nothing went on for that long.
        around: of the object that this one is a part of: what goes on here goes on there, too.
    """

    def __init__(
        self,
        clock: Clock,
        idle_ms: float | None,
        occupant: Occupant,
        around: Occupation | None = None,
    ) -> None:
        self._clock = clock
        self._idle_ms = idle_ms
        self._occupant = occupant
        self._around = around
        self._count = 0
        self._since_ms: float = clock.now()
        self._watching = self._over = False
        self._waiting: list[asyncio.Future[None]] | None = None
        self._watch()

    @property
    def busy(self) -> bool:
        """Whether anything goes on."""
        return self._count > 0

    def begin(self) -> None:
        """Something begins."""
        self._count += 1
        if self._count == 1 and self._around is not None:
            self._around.begin()

    def end(self) -> None:
        """Something has ended."""
        self._count -= 1
        if self._count == 0:
            self._since_ms = self._clock.now()
            if self._waiting:
                self._release()
            if not self._watching:
                self._watch()
            if self._around is not None:
                self._around.end()

    def stop(self) -> None:
        """Nothing counts any more."""
        self._over = True
        self._release()

    async def quiet(self) -> None:
        """Wait until nothing goes on, or nothing counts any more."""
        while self._count > 0 and not self._over:
            waiter = asyncio.get_running_loop().create_future()
            if self._waiting is None:
                self._waiting = []
            self._waiting.append(waiter)
            await waiter

    async def rest(self) -> None:
        """Wait until nothing goes on and nothing is to come by itself, or nothing counts."""
        while not self._over:
            await self.quiet()
            expected_ms = self._occupant.expected()
            if expected_ms is None:
                return
            # What is expected may be called off.
            left_ms = expected_ms - self._clock.now()
            await self._clock.sleep(min(max(left_ms, 1), _LOOK_AGAIN_MS))

    def _release(self) -> None:
        waiting, self._waiting = self._waiting, None
        for waiter in waiting or ():
            if not waiter.done():
                waiter.set_result(None)

    def _watch(self) -> None:
        # One timer at a time, however often something went on meanwhile.
        if self._idle_ms is not None and not self._over:
            self._watching = True
            self._clock.call_at(
                self._since_ms + self._idle_ms,
                self._look,
                order=Order.EXPIRY,
                label=f"eviction of {self._occupant.id}",
            )

    def _look(self) -> None:
        self._watching = False
        if self._over or self._count > 0 or self._idle_ms is None:
            return
        expected_ms = self._occupant.expected()
        if expected_ms is not None:
            self._since_ms = max(self._since_ms, expected_ms)
        if self._clock.now() >= self._since_ms + self._idle_ms:
            self._occupant.evict()
        else:
            self._watch()
