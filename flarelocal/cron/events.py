"""What the journal remembers of crons. All times are ms since 1970."""

from __future__ import annotations

from enum import StrEnum

from flarelocal.dataclass import dataclass
from flarelocal.journal import Event

__all__ = ["Cause", "CronFinished", "CronFired", "CronHistoryFailed", "CronMissed", "MissedRuns"]


class Cause(StrEnum):
    """Why a cron ran."""

    SCHEDULE = "schedule"
    MISSED = "missed"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class CronFired(Event):
    """The Worker's `scheduled` is being called; `run` numbers the runs of a schedule."""

    worker: str
    cron: str
    scheduled_time: int
    run: int
    cause: Cause


@dataclass(frozen=True, slots=True)
class CronFinished(Event):
    """The run is over, its `waitUntil` included; `error` says what it raised."""

    worker: str
    cron: str
    scheduled_time: int
    run: int
    outcome: str
    no_retry: bool
    error: str | None
    duration_ms: int


@dataclass(frozen=True, slots=True)
class MissedRuns:
    """The runs of one cron that were missed."""

    cron: str
    count: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class CronMissed(Event):
    """Crons were due while the process did not run or the machine slept.

    Attributes:
        policy: what becomes of them: `skip`, `once` or `all`.
    """

    worker: str
    policy: str
    crons: tuple[MissedRuns, ...]


@dataclass(frozen=True, slots=True)
class CronHistoryFailed(Event):
    """The last fire times could not be stored; it is tried again with the next run."""

    worker: str
    error: str
