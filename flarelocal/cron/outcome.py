"""What came of one invocation of `scheduled`."""

from __future__ import annotations

from flarelocal.dataclass import dataclass

__all__ = ["ScheduledOutcome"]


@dataclass(frozen=True, slots=True)
class ScheduledOutcome:
    """The result of an invocation, once all it gave to `waitUntil` is settled.

    Attributes:
        outcome: `ok`, `exception`, `canceled` or another of workerd's EventOutcome.
        no_retry: whether the handler called `controller.noRetry()`.
        error: what the handler, or the first failing `waitUntil`, raised.
    """

    outcome: str = "ok"
    no_retry: bool = False
    error: BaseException | None = None

    @property
    def ok(self) -> bool:
        return self.outcome == "ok"
