"""The clock of one event: what the event armed ends with it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from weakref import WeakSet

from flarelocal.clock import Clock, Order, Timer

__all__ = ["EventClock"]


class EventClock(Clock):
    """Shows the time of another clock; once stopped, its timers fire no more."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._timers: WeakSet[Timer] | None = None

    def now(self) -> int:
        return self._clock.now()

    def call_at(
        self,
        when_ms: float,
        callback: Callable[[], object],
        *,
        order: Order = Order.TIMER,
        label: str = "",
    ) -> Timer:
        timer = self._clock.call_at(when_ms, callback, order=order, label=label)
        if self.stopped:
            timer.cancel()
        if self._timers is None:
            self._timers = WeakSet()
        self._timers.add(timer)
        return timer

    def stop(self) -> None:
        """Cancel what is armed, now and later."""
        self.stopped = True
        for timer in self._timers or ():
            timer.cancel()

    @property
    def busy(self) -> bool:
        """Whether something is still to come from a timer or from outside of the program."""
        return self.waits > 0 or any(not timer.cancelled() for timer in self._timers or ())

    def outside(self) -> AbstractContextManager[None]:
        return self._clock.outside()

    def upcoming(self) -> list[Timer]:
        return self._clock.upcoming()

    async def idle(self) -> None:
        await self._clock.idle()

    def _armed(self, timer: Timer) -> None:
        """The other clock keeps the timers."""
