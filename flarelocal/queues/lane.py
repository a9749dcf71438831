"""One queue at work: what is ready, delayed, leased and in flight."""

from __future__ import annotations

from asyncio import Future
from collections.abc import Callable, Sequence
from typing import Protocol

from flarelocal.clock import Clock, Order, Timer
from flarelocal.prompt_future import when_done
from flarelocal.queues.backlog import Backlog
from flarelocal.queues.limits import Rate
from flarelocal.queues.message import Message
from flarelocal.queues.registry import Record
from flarelocal.queues.sequence import Sequence as Numbers
from flarelocal.queues.settings import ConsumerSettings, QueueSettings
from flarelocal.queues.store import Census, Promotion, Store

__all__ = ["Lane", "Taker"]

_PROMOTED_TOGETHER = 1_000


class Taker(Protocol):
    """Who takes batches from a lane."""

    @property
    def settings(self) -> ConsumerSettings: ...

    @property
    def concurrency(self) -> int:
        """How many batches it may have at present."""

    def wake(self) -> None:
        """Hear that there may be something to take."""


class Lane:
    """The state of a queue in memory, which follows the one on disk.

    Args:
        counted: called with the earliest expiry when the queue was counted on disk.
    """

    def __init__(
        self,
        record: Record,
        store: Store,
        clock: Clock,
        numbers: Numbers,
        *,
        counted: Callable[[int | None], None],
    ) -> None:
        self.name = name = record.name
        self.record = record
        self.rate = Rate()
        self.in_flight: set[str] = set()
        """ids of the messages that a Worker has, as long as they are on disk"""
        self.delayed = 0
        self.leased = 0
        self.running = 0
        """batches with a consumer"""
        self.purged_ms: int | None = None
        self.consumer: Taker | None = None
        self._store = store
        self._clock = clock
        self._numbers = numbers
        self._counted = counted
        self._due: Timer | None = None
        self._epoch = 0
        self.backlog = Backlog(
            lambda turn, limit: store.page(name, turn, limit),
            self.in_flight,
            self.wake,
        )

    @property
    def settings(self) -> QueueSettings:
        return self.record.settings

    @property
    def total(self) -> int:
        """All messages of the queue."""
        return self.backlog.count + self.delayed + self.leased + len(self.in_flight)

    def wake(self) -> None:
        """Tell the consumer, if there is one, that there may be something to deliver."""
        if self.consumer is not None:
            self.consumer.wake()

    def arrive(self, messages: Sequence[Message], size: int, last_turn: int) -> None:
        """Messages are ready, and on disk or about to be."""
        self.backlog.append(messages, size, last_turn)
        self.wake()

    def postpone(self, count: int, due_ms: int) -> None:
        """Messages wait on disk."""
        self.delayed += count
        self.wait_until(due_ms)

    def lend(self, count: int, until_ms: int) -> None:
        """Messages are leased on disk."""
        self.leased += count
        self.wait_until(until_ms)

    def take(self, limit: int) -> list[Message]:
        """Remove messages from the front of the line; they are in flight now."""
        messages = self.backlog.take(limit)
        self.in_flight.update([message.id for message in messages])
        return messages

    def wait_until(self, due_ms: int) -> None:
        """Messages on disk become ready at this time, if not some of them before."""
        if self._due is not None:
            if self._due.when_ms <= due_ms:
                return
            self._due.cancel()
            self._due = None
        if due_ms <= self._clock.now():
            self._promote()
        else:
            self._due = self._clock.call_at(
                due_ms, self._promote, order=Order.QUEUE, label=f"messages of {self.name} are due"
            )

    def reset(self) -> None:
        """Begin again from what is on disk, once everything asked for before is there."""
        self.rest()
        self._epoch += 1
        epoch = self._epoch
        self.delayed = self.leased = 0
        self.backlog.clear()
        self.backlog.hold()
        self._store.census(self.name, self.in_flight).add_done_callback(
            lambda census: self._recount(census, epoch)
        )

    def suspend(self) -> None:
        """Let nobody take messages until `resume`."""
        self.backlog.clear()
        self.backlog.hold()

    def resume(self) -> None:
        self.reset()
        self.backlog.release()

    def rest(self) -> None:
        """Stop waiting for messages that are delayed."""
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _promote(self) -> None:
        self._due = None
        epoch = self._epoch
        self.backlog.hold()
        promotion = self._store.promote(
            self.name,
            self._clock.now(),
            self._numbers.reserve(_PROMOTED_TOGETHER),
            _PROMOTED_TOGETHER,
        )
        when_done(promotion, lambda promotion: self._promoted(promotion, epoch))

    def _promoted(self, future: Future[Promotion], epoch: int) -> None:
        if not future.cancelled() and future.exception() is None and epoch == self._epoch:
            promotion = future.result()
            self.delayed -= promotion.count - promotion.leased
            self.leased -= promotion.leased
            self.backlog.grow(promotion.count, promotion.size)
            if promotion.next_due is not None:
                self.wait_until(promotion.next_due)
        self.backlog.release()

    def _recount(self, future: Future[Census], epoch: int) -> None:
        if not future.cancelled() and future.exception() is None and epoch == self._epoch:
            census = future.result()
            self.delayed += census.delayed
            self.leased += census.leased
            self.backlog.grow(census.ready, census.ready_bytes)
            if census.next_due is not None:
                self.wait_until(census.next_due)
            self._counted(census.next_expiry)
        self.backlog.release()
