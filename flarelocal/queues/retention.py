"""Messages that nobody took in time are deleted."""

from __future__ import annotations

from asyncio import Future
from collections.abc import Callable

from flarelocal.clock import Clock, Order, Timer
from flarelocal.journal import Journal
from flarelocal.queues.events import MessagesExpired
from flarelocal.queues.lane import Lane
from flarelocal.queues.store import Store

__all__ = ["Retention"]

_EXPIRED_TOGETHER = 1_000


class Retention:
    """Waits for the earliest expiry of all queues, with one timer."""

    def __init__(
        self, store: Store, clock: Clock, journal: Journal, lane_of: Callable[[str], Lane]
    ) -> None:
        self._store = store
        self._clock = clock
        self._journal = journal
        self._lane_of = lane_of
        self._timer: Timer | None = None

    def watch(self, expires_ms: int | None) -> None:
        """Messages expire at this time, if not some of them before."""
        if expires_ms is None:
            return
        if self._timer is not None:
            if self._timer.when_ms <= expires_ms:
                return
            self._timer.cancel()
            self._timer = None
        if expires_ms <= self._clock.now():
            self._expire()
        else:
            self._timer = self._clock.call_at(
                expires_ms, self._expire, order=Order.EXPIRY, label="messages expire"
            )

    def rest(self) -> None:
        """Nothing is kept that could expire."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _expire(self) -> None:
        self._timer = None
        expired = self._store.expire(self._clock.now(), _EXPIRED_TOGETHER)
        expired.add_done_callback(self._expired)
        self._store.next_expiry().add_done_callback(self._arm)

    def _expired(self, future: Future[dict[str, list[str]]]) -> None:
        if future.cancelled() or future.exception():
            return
        for queue, ids in future.result().items():
            lane = self._lane_of(queue)
            lane.in_flight.difference_update(ids)
            lane.reset()
            self._journal.record(MessagesExpired(queue, len(ids)))

    def _arm(self, future: Future[int | None]) -> None:
        if not future.cancelled() and not future.exception():
            self.watch(future.result())
