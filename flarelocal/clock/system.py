"""Wall time that can be moved."""

from __future__ import annotations

import asyncio
import contextvars
import math
import time

from flarelocal.clock.clock import Clock
from flarelocal.clock.instant import Instant
from flarelocal.clock.python_time import PythonTime
from flarelocal.clock.timer import Timer

__all__ = ["SystemClock"]

# The timers of the event loop stand still while the machine sleeps: look at the wall clock often.
_LONGEST_SLEEP_S = 15.0


class SystemClock(Clock):
    """Wall time plus an offset, so that a running process can be moved and stopped in time.

    It is `time.time` that moves, and all of Python with it, until `reset` or `close`.
    """

    def __init__(self) -> None:
        super().__init__()
        self._python = PythonTime()
        self._offset_ms = 0
        self._paused_ms: int | None = None
        self._moving = asyncio.Lock()
        self._wake: asyncio.TimerHandle | None = None
        self._wake_ms = 0.0
        self._soon: asyncio.Handle | None = None
        self._firing = False
        self._plain = contextvars.Context()

    def now(self) -> int:
        if self._paused_ms is not None:
            return self._paused_ms
        return time.time_ns() // 1_000_000

    @property
    def offset_ms(self) -> int:
        """How far this clock is ahead of the wall clock."""
        if self._paused_ms is None:
            return self._offset_ms
        return self._paused_ms - self._wall_ms()

    @property
    def paused(self) -> bool:
        return self._paused_ms is not None

    def pause(self) -> None:
        """Stand still: only what is due already still fires, until `jump` or `resume`."""
        self._stand(self.now())
        self._arm_anew()

    def resume(self) -> None:
        """Go on from the time that the clock shows."""
        if self._paused_ms is not None:
            self._run(self._paused_ms - self._wall_ms())

    async def jump(self, delta_ms: int) -> None:
        """Move by `delta_ms`; what falls due on the way ahead fires in order.

        Nothing fires on the way back: what is armed waits for its time anew.

        Raises:
            EndlessLoopError: timers kept falling due at one and the same instant.
        """
        async with self._moving:
            self._sleep()
            paused, start, offset_ms = self.paused, self.now(), self.offset_ms
            self._stand(start)
            try:
                if delta_ms < 0:
                    self._stand(start + delta_ms)
                else:
                    await self._fire_until(start + delta_ms)
            except BaseException:
                if not paused:
                    self.resume()
                raise
            if not paused:
                # The time that this took has passed, too.
                self._run(offset_ms + delta_ms)
        self._arm()

    def reset(self) -> None:
        """Show wall time again, and go on; nothing fires for that."""
        self._run(0)

    def close(self) -> None:
        """Fire nothing any more, and let Python show wall time."""
        self._sleep()
        self._python.end()

    async def _fire_until(self, target: int) -> None:
        instant = Instant()
        while (timer := self._next()) and timer.when_ms <= target:
            if timer.when_ms > self.now():
                self._stand(math.ceil(timer.when_ms))
                instant = Instant()
            instant.count(timer, self.now())
            self._pop().run()
            await self.idle()
        self._stand(max(target, self.now()))

    def _stand(self, now_ms: int) -> None:
        self._paused_ms = now_ms
        self._python.stand(now_ms)

    def _run(self, offset_ms: int) -> None:
        self._offset_ms = offset_ms
        self._paused_ms = None
        self._python.run(offset_ms)
        self._arm_anew()

    def _wall_ms(self) -> int:
        return self._python.wall_ns() // 1_000_000

    def _armed(self, timer: Timer) -> None:
        if self._firing or self._soon is not None:
            return
        if self._wake is None or timer.when_ms < self._wake_ms:
            self._arm()

    def _arm_anew(self) -> None:
        self._sleep()
        self._arm()

    def _sleep(self) -> None:
        for handle in (self._wake, self._soon):
            if handle is not None:
                handle.cancel()
        self._wake = self._soon = None

    def _arm(self) -> None:
        """Wake up for the next timer, or earlier if that is arranged for already."""
        timer, now = self._next(), self.now()
        # On a jump each timer waits until all that the last one caused has come to rest.
        if timer is None or self._moving.locked() or (self.paused and timer.when_ms > now):
            self._sleep()
        elif timer.when_ms <= now:
            if self._soon is None:
                self._soon = asyncio.get_running_loop().call_soon(
                    self._fire, context=self._plain.copy()
                )
        elif self._wake is None or timer.when_ms < self._wake_ms:
            if self._wake is not None:
                self._wake.cancel()
            # Outside of any invocation: within one, the loop's own timers belong to this clock.
            self._wake_ms = timer.when_ms
            self._wake = self._plain.run(
                asyncio.get_running_loop().call_later,
                min((timer.when_ms - now) / 1000, _LONGEST_SLEEP_S),
                self._awake,
            )

    def _awake(self) -> None:
        self._wake = None
        self._fire()

    def _fire(self) -> None:
        if self._soon is not None:
            self._soon.cancel()
            self._soon = None
        self._firing = True
        try:
            # Timers that arm others at once have to let the event loop go on in between.
            for _ in range(len(self._heap)):
                timer = self._next()
                if timer is None or timer.when_ms > self.now():
                    break
                self._pop().run()
        finally:
            self._firing = False
            self._arm()
