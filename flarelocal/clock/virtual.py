"""Time that moves when it is told to."""

from __future__ import annotations

from flarelocal.clock.clock import Clock
from flarelocal.clock.instant import Instant
from flarelocal.clock.timer import Timer

__all__ = ["VirtualClock"]


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
        instant = Instant()
        while (timer := self._next()) and timer.when_ms <= when_ms:
            if timer.when_ms > self._now:
                self._move(timer.when_ms)
                instant = Instant()
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
