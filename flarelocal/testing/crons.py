"""`flare.cron`: the crons of the Worker."""

from __future__ import annotations

from datetime import datetime

from flarelocal.cron import ScheduledOutcome, compile_schedule
from flarelocal.dataclass import dataclass
from flarelocal.testing.clock import WorkerClock, instant_ms, moment

__all__ = ["CronRun", "Crons", "ScheduledResult"]


@dataclass(frozen=True, slots=True)
class CronRun:
    """A cron that will fire."""

    cron: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ScheduledResult:
    """What came of a `scheduled` handler.

    Attributes:
        outcome: `ok`, `exception` or another of the runtime's.
        no_retry: whether it called `controller.noRetry()`.
        exception: what it raised, or the first of its `waitUntil` tasks.
    """

    outcome: str
    no_retry: bool
    exception: BaseException | None

    @property
    def ok(self) -> bool:
        return self.outcome == "ok"

    @classmethod
    def of(cls, outcome: ScheduledOutcome) -> ScheduledResult:
        return cls(outcome.outcome, outcome.no_retry, outcome.error)


class Crons:
    """When the crons fire."""

    def __init__(self, expressions: tuple[str, ...], clock: WorkerClock) -> None:
        self.expressions = expressions
        self._clock = clock

    def next(self, count: int = 1) -> list[CronRun]:
        """The next runs of all crons, the earliest first."""
        runs: list[CronRun] = []
        for cron in compile_schedule(self.expressions):
            at: int | None = instant_ms(self._clock.now)
            for _ in range(count):
                at = None if at is None else cron.next_after(at)
                if at is not None:
                    runs.append(CronRun(cron.text, moment(at)))
        return sorted(runs, key=lambda run: run.at)[:count]
