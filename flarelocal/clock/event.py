"""The clock of one event: what the event armed ends with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from weakref import WeakSet

from flarelocal.clock.clock import Clock
from flarelocal.clock.timer import Order, Timer

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
        timer = self._clock.call_at(when_ms, self._admitted(callback), order=order, label=label)
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

    def _admitted(self, callback: Callable[[], object]) -> Callable[[], object]:
        """What a timer calls in place of `callback`."""
        return callback

    @property
    def busy(self) -> bool:
        """Whether something may still come from a timer or from outside of the program."""
        if self.native or self.waits > 0:
            return True
        return any(not timer.cancelled() for timer in self._timers or ())

    def busy_until(self) -> float | None:
        """Until when, in ms since 1970, something is certain to come; None: nothing is."""
        if self.native or self.waits > 0:
            return self.now()
        due = (timer.when_ms for timer in self._timers or () if not timer.cancelled())
        return max(due, default=None)

    @contextmanager
    def outside(self) -> Iterator[None]:
        with self._clock.outside():
            yield

    def upcoming(self) -> list[Timer]:
        return self._clock.upcoming()

    async def idle(self) -> None:
        await self._clock.idle()

    def _armed(self, timer: Timer) -> None:
        """The other clock keeps the timers."""
