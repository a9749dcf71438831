"""How long an event may take for which no client waits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from flarelocal.clock import Clock, Order

__all__ = ["ExceededWallTimeError", "time_limit"]

_LONGEST_MS = 15 * 60_000


class ExceededWallTimeError(Exception):
    """The handler, or what it gave to `waitUntil`, went on for too long."""


@asynccontextmanager
async def time_limit(clock: Clock, subject: str) -> AsyncIterator[None]:
    """Give what is inside 15 minutes of the clock (Cloudflare docs, "Limits").

    Args:
        subject: what `Clock.upcoming` calls the event.

    Raises:
        ExceededWallTimeError: it took longer, and was cancelled.
    """
    task = asyncio.current_task()
    assert task is not None
    late = False

    def give_up() -> None:
        nonlocal late
        late = True
        task.cancel()

    label = f"time limit of {subject}"
    timer = clock.call_later(_LONGEST_MS, give_up, order=Order.EXPIRY, label=label)
    try:
        yield
    except asyncio.CancelledError:
        if not late or task.uncancel():
            raise
        raise ExceededWallTimeError(
            "The event did not end within 15 minutes and was ended: do less in one event, for "
            "instance in smaller batches of a queue."
        ) from None
    finally:
        timer.cancel()
