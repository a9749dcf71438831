"""How long an event may take for which no client waits."""

from __future__ import annotations

import asyncio
from types import TracebackType

from flarelocal.clock import Clock, Order

__all__ = ["ExceededWallTimeError", "TimeLimit"]

_LONGEST_MS = 15 * 60_000


class ExceededWallTimeError(Exception):
    """The handler, or what it gave to `waitUntil`, went on for too long."""


class TimeLimit:
    """Gives what is inside a `with` block 15 minutes of the clock (Cloudflare docs, "Limits").

    What takes longer is cancelled, and the block raises an `ExceededWallTimeError`.

    Args:
        subject: what `Clock.upcoming` calls the event.
    """

    __slots__ = ("_clock", "_late", "_subject", "_task", "_timer")

    def __init__(self, clock: Clock, subject: str) -> None:
        self._clock = clock
        self._subject = subject
        self._late = False

    def __enter__(self) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._task = task
        label = f"time limit of {self._subject}"
        self._timer = self._clock.call_later(
            _LONGEST_MS, self._give_up, order=Order.EXPIRY, label=label
        )

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        if isinstance(error, asyncio.CancelledError) and self._late and not self._task.uncancel():
            raise ExceededWallTimeError(
                "The event did not end within 15 minutes and was ended: do less in one event, for "
                "instance in smaller batches of a queue."
            ) from None

    def _give_up(self) -> None:
        self._late = True
        self._task.cancel()
