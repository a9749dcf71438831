"""The one source of time: every timer of the product, the Worker's own included."""

from __future__ import annotations

import asyncio
import contextvars
import heapq
import itertools
import math
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from functools import partial
from typing import ClassVar

__all__ = ["Clock", "EndlessLoopError", "Order", "SystemClock", "Timer", "VirtualClock"]

_current: contextvars.ContextVar[Clock] = contextvars.ContextVar("clock")
_TIMERS_PER_INSTANT = 100_000
_SAME_PER_INSTANT = 1_000
_TURNS_PER_INSTANT = 1_000_000
# The timers of the event loop stand still while the machine sleeps: look at the wall clock often.
_LONGEST_SLEEP_S = 15.0
_CANCELLED_KEPT = 100


class Order(IntEnum):
    """Which of several timers due at the same millisecond fires first."""

    CRON = 0
    QUEUE = 1
    ALARM = 2
    EXPIRY = 3
    TIMER = 4


class EndlessLoopError(RuntimeError):
    """Timers kept falling due without time moving on."""


class Timer:
    """One armed callback; has the surface of `asyncio.TimerHandle` that asyncio itself uses."""

    __slots__ = (
        "__weakref__",
        "_callback",
        "_cancelled",
        "_clock",
        "_context",
        "label",
        "order",
        "when_ms",
    )

    def __init__(
        self,
        clock: Clock,
        when_ms: float,
        callback: Callable[[], object],
        order: Order,
        label: str,
    ) -> None:
        self.when_ms = when_ms
        self.order = order
        self.label = label
        self._clock = clock
        self._callback = callback
        self._context = contextvars.copy_context()
        self._cancelled = False

    def cancel(self) -> None:
        """Keep the callback from being called; without effect once it was."""
        if not self._cancelled:
            self._cancelled = True
            self._clock._forget()

    def cancelled(self) -> bool:
        return self._cancelled

    def when(self) -> float:
        """The due time in seconds, as `asyncio.TimerHandle.when` gives it."""
        return self.when_ms / 1000

    def run(self) -> None:
        if not self._cancelled:
            self._cancelled = True
            self._context.run(self._callback)


class Clock(ABC):
    """Milliseconds since 1970 in UTC, and the timers that depend on them.

    Timers fire in the order of their due time; at the same millisecond in the order of
    `Order`, then in the order in which they were armed.

    Attributes:
        waits: how many answers from outside of the program are waited for.
        native: the event also waits, or waited, for sockets or threads of its own.
    """

    waits = 0
    native = False

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

    @property
    def stopped(self) -> bool:
        """Whether the event whose clock this is has ended: nothing reaches it any more."""
        return False

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
        timer = Timer(self, when_ms, callback, order, label)
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
        quiet = turns = 0
        while quiet < 2:
            await asyncio.sleep(0)
            turns += 1
            if turns > _TURNS_PER_INSTANT:
                raise EndlessLoopError(
                    f"the event loop did not come to rest in {turns} turns: something goes on and"
                    " on without waiting, such as a loop around `await asyncio.sleep(0)`"
                )
            if self._outside:
                self._inside = loop.create_future()
                await self._inside
                quiet = 0
            elif loop._ready:  # type: ignore[attr-defined]
                quiet = 0
            else:
                quiet += 1

    @abstractmethod
    def _armed(self, timer: Timer) -> None:
        """Called for each new timer."""

    def _next(self) -> Timer | None:
        while self._heap and self._heap[0][3].cancelled():
            heapq.heappop(self._heap)
            self._cancelled -= 1
        return self._heap[0][3] if self._heap else None

    def _forget(self) -> None:
        """Called for each cancelled timer: those that are due late must not pile up."""
        self._cancelled += 1
        if self._cancelled > _CANCELLED_KEPT and self._cancelled * 2 > len(self._heap):
            self._heap = [entry for entry in self._heap if not entry[3].cancelled()]
            heapq.heapify(self._heap)
            self._cancelled = 0

    def _pop(self) -> Timer:
        return heapq.heappop(self._heap)[3]


class SystemClock(Clock):
    """Wall time plus an offset, so that a running process can be moved and stopped in time."""

    def __init__(self) -> None:
        super().__init__()
        self._offset_ms = 0
        self._paused_ms: int | None = None
        self._moving = asyncio.Lock()
        self._wake: asyncio.TimerHandle | None = None
        self._wake_ms = 0.0
        self._plain = contextvars.Context()

    def now(self) -> int:
        if self._paused_ms is not None:
            return self._paused_ms
        return int(time.time() * 1000) + self._offset_ms

    @property
    def offset_ms(self) -> int:
        """How far this clock is ahead of the wall clock."""
        return self.now() - _wall_ms()

    @property
    def paused(self) -> bool:
        return self._paused_ms is not None

    def pause(self) -> None:
        """Stand still: only what is due already still fires, until `jump` or `resume`."""
        self._paused_ms = self.now()
        self._arm()

    def resume(self) -> None:
        """Go on from the time that the clock shows."""
        if self._paused_ms is not None:
            self._offset_ms = self._paused_ms - _wall_ms()
            self._paused_ms = None
            self._arm()

    async def jump(self, delta_ms: int) -> None:
        """Move by `delta_ms`; what falls due on the way ahead fires in order.

        Nothing fires on the way back: what is armed waits for its time anew.

        Raises:
            EndlessLoopError: timers kept falling due at one and the same instant.
        """
        async with self._moving:
            paused, self._paused_ms = self.paused, self.now()
            try:
                if delta_ms < 0:
                    self._paused_ms += delta_ms
                else:
                    await self._fire_until(self._paused_ms + delta_ms)
            finally:
                if not paused:
                    self.resume()
        self._arm()

    def reset(self) -> None:
        """Show wall time again, and go on; nothing fires for that."""
        self._offset_ms = 0
        self._paused_ms = None
        self._arm()

    async def _fire_until(self, target: int) -> None:
        instant = _Instant()
        while (timer := self._next()) and timer.when_ms <= target:
            if timer.when_ms > self.now():
                self._paused_ms = math.ceil(timer.when_ms)
                instant = _Instant()
            instant.count(timer, self.now())
            self._pop().run()
            await self.idle()
        self._paused_ms = max(target, self.now())

    def _armed(self, timer: Timer) -> None:
        if self._wake is None or timer.when_ms < self._wake_ms:
            self._arm()

    def _arm(self) -> None:
        if self._wake:
            self._wake.cancel()
            self._wake = None
        timer = self._next()
        # On a jump each timer waits until all that the last one caused has come to rest.
        if timer is None or self._moving.locked() or (self.paused and timer.when_ms > self.now()):
            return
        delay = (timer.when_ms - self.now()) / 1000
        # Outside of any invocation: within one, the loop's own timers belong to this clock.
        self._wake_ms = timer.when_ms
        self._wake = self._plain.run(
            asyncio.get_running_loop().call_later,
            min(max(delay, 0.0), _LONGEST_SLEEP_S),
            self._fire,
        )

    def _fire(self) -> None:
        self._wake = None
        # Timers that arm others at once have to let the event loop go on in between.
        for _ in range(len(self._heap)):
            timer = self._next()
            if timer is None or timer.when_ms > self.now():
                break
            self._pop().run()
        self._arm()


class VirtualClock(Clock):
    """A clock that stands still until it is told to move."""

    def __init__(self, now_ms: int = 1_767_225_600_000) -> None:
        super().__init__()
        self._now = float(now_ms)

    def _armed(self, timer: Timer) -> None:
        """Nothing to do: timers wait until the clock is moved."""

    def now(self) -> int:
        return int(self._now)

    async def advance(self, delta_ms: float) -> None:
        """Move ahead by `delta_ms`, firing what falls due on the way."""
        await self.advance_to(self._now + delta_ms)

    async def advance_to(self, when_ms: float) -> None:
        """Move ahead to `when_ms`; between two timers all they caused comes to rest.

        Raises:
            ValueError: `when_ms` is past.
            EndlessLoopError: timers kept falling due at one and the same instant.
        """
        if when_ms < self._now:
            raise ValueError(f"the clock cannot go back from {self._now:.0f} to {when_ms:.0f}")
        await self.idle()
        instant = _Instant()
        while (timer := self._next()) and timer.when_ms <= when_ms:
            if timer.when_ms > self._now:
                self._move(timer.when_ms)
                instant = _Instant()
            instant.count(timer, self._now)
            self._pop().run()
            await self.idle()
        self._move(when_ms)

    async def next(self) -> Timer | None:
        """Move to the next timer and fire it; None if none is armed."""
        await self.idle()
        timer = self._next()
        if timer:
            await self.advance_to(max(timer.when_ms, self._now))
        return timer

    def _move(self, now_ms: float) -> None:
        """Show another time."""
        self._now = now_ms


def _wall_ms() -> int:
    return int(time.time() * 1000)


class _Instant:
    """Counts what falls due while time does not move on."""

    __slots__ = ("_all", "_labels")

    def __init__(self) -> None:
        self._all = 0
        self._labels: Counter[str] = Counter()

    def count(self, timer: Timer, now_ms: float) -> None:
        """Count a timer.

        Raises:
            EndlessLoopError: there were too many, or too many of the same.
        """
        self._all += 1
        number, limit = self._all, _TIMERS_PER_INSTANT
        if timer.label:
            self._labels[timer.label] += 1
            if self._labels[timer.label] > _SAME_PER_INSTANT:
                number, limit = self._labels[timer.label], _SAME_PER_INSTANT
        if number > limit:
            raise EndlessLoopError(
                f"{number} timers fell due at {now_ms:.0f} without time moving on;"
                f" the last one was {timer.label or 'a timer of the Worker'}"
            )
