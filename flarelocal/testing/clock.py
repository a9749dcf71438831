"""`flare.clock`: the time of a test."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

from flarelocal.clock import Order, PythonTime, Timer, VirtualClock
from flarelocal.dataclass import dataclass
from flarelocal.testing.pace import Pace

__all__ = ["Due", "Time", "VisibleClock", "WorkerClock", "instant_ms", "moment"]

Time = datetime | str | int | float
"""A datetime, ISO 8601 text (UTC unless it says otherwise), or milliseconds since 1970."""

_KINDS = {
    Order.CRON: "cron",
    Order.QUEUE: "queue",
    Order.ALARM: "alarm",
    Order.EXPIRY: "expiry",
    Order.TIMER: "timer",
}


def instant_ms(given: Time) -> int:
    """A time in ms since 1970.

    Raises:
        ValueError: the text is no time.
    """
    if isinstance(given, str):
        given = datetime.fromisoformat(given)
    if isinstance(given, datetime):
        if given.tzinfo is None:
            given = given.replace(tzinfo=UTC)
        return (given - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    return int(given)


def moment(ms: float) -> datetime:
    """A time as a datetime in UTC."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=math.ceil(ms))


@dataclass(frozen=True, slots=True)
class Due:
    """Something that will happen.

    Attributes:
        at: when.
        kind: `cron`, `queue`, `alarm`, `expiry` or `timer`.
        label: what it is, for people.
    """

    at: datetime
    kind: str
    label: str


class VisibleClock(VirtualClock):
    """A clock that `time.time` and `datetime.now` follow."""

    def __init__(self, now_ms: int) -> None:
        super().__init__(now_ms)
        self._python: PythonTime | None = None

    def show(self) -> None:
        """Let Python's own functions show this time."""
        self._python = PythonTime()
        self._python.stand(self._now)

    def hide(self) -> None:
        """Let them show the machine's again."""
        if self._python is not None:
            self._python.end()
            self._python = None

    def _move(self, now_ms: float) -> None:
        super()._move(now_ms)
        if self._python is not None:
            self._python.stand(now_ms)


class WorkerClock:
    """The time that the Worker sees: it stands still unless a test moves it.

    What falls due on the way happens in order of time; at the same millisecond crons come first,
    then queues, alarms, expiries, and other timers. After each all that it caused comes to rest
    before the next.
    """

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._clock = pace.clock

    @property
    def now(self) -> datetime:
        """The present time, in UTC."""
        return moment(self._clock.now())

    @property
    def now_ms(self) -> int:
        """The present time in ms since 1970, as `Date.now()` has it."""
        return self._clock.now()

    async def advance(self, delta: timedelta | float | None = None, **units: float) -> datetime:
        """Move ahead: `advance(hours=3)`, `advance(timedelta(days=1))`, `advance(5)` seconds.

        Raises:
            ValueError: the way leads back.
            EndlessLoopError: the Worker never comes to rest.
        """
        if not isinstance(delta, timedelta):
            delta = timedelta(seconds=delta or 0)
        ms = (delta + timedelta(**units)) / timedelta(milliseconds=1)
        if ms < 0:
            raise ValueError("the clock cannot go back: begin a test at an earlier time")
        await self._pace.advance_to(self._clock.now() + round(ms))
        return self.now

    async def advance_to(self, time: Time) -> datetime:
        """Move ahead to a time.

        Raises:
            ValueError: it is past.
            EndlessLoopError: the Worker never comes to rest.
        """
        when_ms = instant_ms(time)
        if when_ms < self._clock.now():
            raise ValueError(f"{moment(when_ms)} is past: the clock shows {self.now}")
        await self._pace.advance_to(when_ms)
        return self.now

    async def next(self) -> Due | None:
        """Move to the next thing due, and let it happen; None if nothing is."""
        upcoming = self.upcoming()
        if not upcoming:
            return None
        await self._pace.advance_to(instant_ms(upcoming[0].at))
        return upcoming[0]

    def upcoming(self) -> list[Due]:
        """What is due, the next thing first."""
        return [_due(timer) for timer in self._clock.upcoming()]


def _due(timer: Timer) -> Due:
    return Due(moment(timer.when_ms), _KINDS[timer.order], timer.label or "a timer of the Worker")
