"""What passes between the scheduler of alarms and the object."""

from __future__ import annotations

from flarelocal.dataclass import dataclass

__all__ = ["MOST_RETRIES", "AlarmInfo", "AlarmOutcome"]

MOST_RETRIES = 6


@dataclass(frozen=True, slots=True)
class AlarmInfo:
    """The argument of `alarm()`.

    Attributes:
        scheduled_ms: for when the alarm was set, ms since 1970; the same in all retries.
        retry_count: how many attempts have failed before.
    """

    scheduled_ms: int
    retry_count: int

    @property
    def is_retry(self) -> bool:
        return self.retry_count > 0


@dataclass(frozen=True, slots=True)
class AlarmOutcome:
    """How one attempt ended.

    Attributes:
        ran: whether the handler was called at all.
        reason: why it failed; None if it did not.
        retry: whether a failure may be followed by another attempt.
        counted: whether a failure counts against the limit of `MOST_RETRIES`.
        next_ms: the alarm which is set now.
    """

    ran: bool
    next_ms: int | None
    reason: str | None = None
    retry: bool = True
    counted: bool = True
