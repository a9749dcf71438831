"""The one source of time: every timer of the product, the Worker's own included."""

from __future__ import annotations

import asyncio
import contextvars
import heapq
import itertools
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, ClassVar

from flarelocal.clock.instant import EndlessLoopError
from flarelocal.clock.timer import Order, Timer

__all__ = ["Clock"]

_current: contextvars.ContextVar[Clock] = contextvars.ContextVar("clock")
_TURNS_PER_INSTANT = 1_000_000
_CANCELLED_KEPT = 100


class Clock(ABC):
    """Milliseconds since 1970 in UTC, and the timers that depend on them.

    Timers fire in the order of their due time; at the same millisecond in the order of
    `Order`, then in the order in which they were armed.

    Attributes:
        waits: how many answers from outside of the program are waited for.
        native: the event also waits, or waited, for sockets or threads of its own.
        stopped: the event whose clock this is has ended: nothing reaches it any more.
    """

    waits = 0
    native = False
    stopped = False

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, int, Timer]] = []
        self._sequence = itertools.count()
        self._cancelled = 0
        self._outside = 0
        self._inside: asyncio.Future[None] | None = None

    current: ClassVar[Callable[[], Clock | None]] = partial(_current.get, None)
    """The clock of the invocation around the caller; None outside of any."""

    def make_current(self) -> None:
        """Make this the clock of the present context: that of an invocation."""
        _current.set(self)

    @abstractmethod
    def now(self) -> int:
        """The present time in ms since 1970."""

    def call_at(
        self,
        when_ms: float,
        callback: Callable[[], object],
        *,
        order: Order = Order.TIMER,
        label: str = "",
    ) -> Timer:
        """Call `callback` at `when_ms` (ms since 1970), or at once if that is past.

        Args:
            order: what the timer belongs to, see `Order`.
            label: what `upcoming` shows to people.
        """
        timer = Timer(when_ms, callback, order, label, self)
        heapq.heappush(self._heap, (when_ms, order, next(self._sequence), timer))
        self._armed(timer)
        return timer

    def call_later(
        self,
        delay_ms: float,
        callback: Callable[[], object],
        *,
        order: Order = Order.TIMER,
        label: str = "",
    ) -> Timer:
        """Call `callback` in `delay_ms` milliseconds."""
        return self.call_at(self.now() + delay_ms, callback, order=order, label=label)

    async def sleep(self, delay_ms: float, *, order: Order = Order.TIMER) -> None:
        """Wait for `delay_ms` milliseconds of this clock."""
        woken = asyncio.get_running_loop().create_future()

        def wake() -> None:
            if not woken.done():
                woken.set_result(None)

        timer = self.call_later(delay_ms, wake, order=order)
        try:
            await woken
        finally:
            timer.cancel()

    def upcoming(self) -> list[Timer]:
        """The armed timers, the next one first."""
        return [entry[3] for entry in sorted(self._heap) if not entry[3].cancelled()]

    @contextmanager
    def outside(self) -> Iterator[None]:
        """Mark work done outside of the event loop, which virtual time has to wait for."""
        self._outside += 1
        try:
            yield
        finally:
            self._outside -= 1
            if not self._outside and self._inside and not self._inside.done():
                self._inside.set_result(None)

    async def idle(self) -> None:
        """Return when the event loop has nothing to do before the next timer.

        Raises:
            EndlessLoopError: something kept the event loop busy.
        """
        loop = asyncio.get_running_loop()
        for _ in range(_TURNS_PER_INSTANT):
            if self._outside:
                self._inside = loop.create_future()
                await self._inside
            elif _busy(loop):
                await asyncio.sleep(0)
            else:
                return
        raise EndlessLoopError(
            f"the event loop did not come to rest in {_TURNS_PER_INSTANT} turns: something goes on"
            " and on without waiting, such as a loop around `await asyncio.sleep(0)`"
        )

    @abstractmethod
    def _armed(self, timer: Timer) -> None:
        """Called for each new timer."""

    def _next(self) -> Timer | None:
        while self._heap and self._heap[0][3].cancelled():
            heapq.heappop(self._heap)
            self._cancelled -= 1
        return self._heap[0][3] if self._heap else None

    def forget(self) -> None:
        """Called for each cancelled timer: those that are due late must not pile up."""
        self._cancelled += 1
        if self._cancelled > _CANCELLED_KEPT and self._cancelled * 2 > len(self._heap):
            self._heap = [entry for entry in self._heap if not entry[3].cancelled()]
            heapq.heapify(self._heap)
            self._cancelled = 0

    def _pop(self) -> Timer:
        return heapq.heappop(self._heap)[3]


def _busy(loop: Any) -> bool:
    """Whether anything is ready, or has arrived at sockets and is about to be."""
    return bool(loop._ready or loop._selector.select(0))
