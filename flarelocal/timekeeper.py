"""Moving the clock of a running emulator."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import field, replace

from flarelocal.clock import Order, SystemClock, Timer
from flarelocal.dataclass import dataclass
from flarelocal.journal import Entry, Event, Journal
from flarelocal.worker.events import InvocationStarted

__all__ = ["ClockMoved", "Timekeeper"]

_TRIGGERS = (Order.CRON, Order.QUEUE, Order.ALARM)
_KINDS = ("scheduled", "queue", "alarm")


@dataclass(frozen=True, slots=True)
class ClockMoved(Event):
    """The clock was set by hand.

    Attributes:
        now: what it shows since, ms since 1970.
        paused: whether it stands still.
        fired: the events that the Worker got on the way, `scheduled 0 9 * * *`, and how often.
    """

    now: int
    paused: bool
    fired: Mapping[str, int] = field(default_factory=dict)


class Timekeeper:
    """Moves and stops the clock.

    Args:
        went_back: called when the clock was set back.
    """

    def __init__(self, clock: SystemClock, journal: Journal, went_back: Callable[[], None]) -> None:
        self.clock = clock
        self._journal = journal
        self._went_back = went_back

    def upcoming(self) -> list[Timer]:
        """The crons, alarms and messages to come, the next one first."""
        return [timer for timer in self.clock.upcoming() if timer.order in _TRIGGERS]

    async def jump(self, delta_ms: int) -> ClockMoved:
        """Move by `delta_ms`; what falls due on the way ahead fires in order.

        Raises:
            EndlessLoopError: timers kept falling due at one and the same instant.
        """
        fired: Counter[str] = Counter()

        def count(entry: Entry) -> None:
            event = entry.event
            if isinstance(event, InvocationStarted) and event.trigger in _KINDS:
                fired[f"{event.trigger} {event.subject}"] += 1

        end = self._journal.subscribe(count, InvocationStarted)
        try:
            await self.clock.jump(delta_ms)
        finally:
            end()
        if delta_ms < 0:
            self._went_back()
        return self._moved(fired)

    async def jump_to(self, when_ms: int) -> ClockMoved:
        """Move to a time, ms since 1970; see `jump`."""
        return await self.jump(when_ms - self.clock.now())

    async def next(self) -> ClockMoved:
        """Move to what fires next, and fire it; nothing moves if nothing is to come."""
        upcoming = self.upcoming()
        ahead = math.ceil(upcoming[0].when_ms) - self.clock.now() if upcoming else 0
        return await self.jump(max(0, ahead))

    def pause(self) -> ClockMoved:
        """Stand still."""
        self.clock.pause()
        return self._moved({})

    def resume(self) -> ClockMoved:
        """Go on from where the clock stands."""
        self.clock.resume()
        return self._moved({})

    async def reset(self) -> ClockMoved:
        """Show wall time again; a clock that was behind fires what falls due on the way."""
        moved = await self.jump(-self.clock.offset_ms)
        self.clock.reset()
        return replace(moved, now=self.clock.now(), paused=False)

    def _moved(self, fired: Mapping[str, int]) -> ClockMoved:
        moved = ClockMoved(self.clock.now(), self.clock.paused, dict(fired))
        self._journal.record(moved)
        return moved
