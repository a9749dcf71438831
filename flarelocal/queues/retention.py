"""Messages that nobody took in time are deleted."""

from __future__ import annotations

from asyncio import Future
from collections.abc import Callable, Mapping

from flarelocal.clock import Clock, Order, Timer
from flarelocal.queues.store import Store

__all__ = ["Retention"]

_EXPIRED_TOGETHER = 1_000


class Retention:
    """Waits for the earliest expiry of all queues, with one timer.

    Args:
        expired: called with the ids of deleted messages by queue.
    """

    def __init__(
        self, store: Store, clock: Clock, expired: Callable[[Mapping[str, list[str]]], None]
    ) -> None:
        self._store = store
        self._clock = clock
        self._expired = expired
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
        expired.add_done_callback(self._tell)
        self._store.next_expiry().add_done_callback(self._arm)

    def _tell(self, future: Future[dict[str, list[str]]]) -> None:
        if not future.cancelled() and not future.exception():
            self._expired(future.result())

    def _arm(self, future: Future[int | None]) -> None:
        if not future.cancelled() and not future.exception():
            self.watch(future.result())
