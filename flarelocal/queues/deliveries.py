"""From the front of a line to the end of a message: what is handed out, and what comes of it."""

from __future__ import annotations

from asyncio import Future
from collections.abc import Iterable, Sequence
from functools import partial

from flarelocal.clock import Clock
from flarelocal.dataclass import dataclass
from flarelocal.journal import Journal
from flarelocal.queues.events import (
    BatchEnded,
    BatchStarted,
    MessageDeadLettered,
    MessageDropped,
    QueueFailed,
)
from flarelocal.queues.history import History
from flarelocal.queues.lane import Lane
from flarelocal.queues.lanes import Lanes
from flarelocal.queues.message import Message, Metrics
from flarelocal.queues.sequence import Sequence as Numbers
from flarelocal.queues.settings import ConsumerSettings, PullSettings
from flarelocal.queues.store import Store
from flarelocal.queues.verdict import Judgement, Verdict, judge

__all__ = ["Deliveries", "Delivery"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """Messages on their way to a consumer."""

    batch: int
    messages: list[Message]
    metrics: Metrics
    """of what is left"""
    started_ms: int
    opened: Future[None]
    """done when the delivery is on disk; not before may the consumer see the messages"""


class Deliveries:
    """Takes messages out of lanes and puts them where they belong afterwards."""

    def __init__(
        self,
        store: Store,
        history: History,
        lanes: Lanes,
        numbers: Numbers,
        clock: Clock,
        journal: Journal,
    ) -> None:
        self._store = store
        self._history = history
        self._lanes = lanes
        self._numbers = numbers
        self._clock = clock
        self._journal = journal

    def begin(self, lane: Lane, settings: ConsumerSettings) -> Delivery | None:
        """Take a batch; None if there was nothing in it that may be delivered once more."""
        messages = self.take(lane, settings.max_batch_size, settings)
        if not messages:
            return None
        batch = self._numbers.reserve()
        now = self._clock.now()
        opened = self._history.open(batch, lane.name, now, messages)
        if not _succeeded(opened):
            opened.add_done_callback(partial(self._opened, lane, messages))
        self._journal.record(BatchStarted(lane.name, batch, settings.script, len(messages)))
        return Delivery(batch, messages, lane.backlog.metrics(), now, opened)

    def take(
        self, lane: Lane, limit: int, settings: ConsumerSettings | PullSettings
    ) -> list[Message]:
        """Take messages, without those that had all their deliveries before.

        A delivery that was never reported, or a lower `max_retries`, leaves such messages.
        """
        messages = lane.take(limit)
        most = settings.max_retries + 1
        spent = [message for message in messages if message.attempts > most]
        if spent:
            messages = [message for message in messages if message.attempts <= most]
            self._bury(lane, spent, settings.dead_letter_queue, deliveries_before=-1)
        return messages

    def end(
        self, lane: Lane, delivery: Delivery, verdict: Verdict, settings: ConsumerSettings
    ) -> None:
        """Carry out what the consumer decided; it takes effect with what is asked for next."""
        now = self._clock.now()
        judgement = judge(
            delivery.messages,
            verdict,
            max_retries=settings.max_retries,
            retry_delay_s=settings.retry_delay_s,
        )
        buried = "dead-lettered" if settings.dead_letter_queue else "dropped"
        retried = [message for group in judgement.retried.values() for message in group]
        self.watch(
            lane,
            self._history.close(
                delivery.batch,
                now,
                verdict.outcome,
                verdict.error,
                {"retried": retried, buried: judgement.spent},
                verdict.logs,
            ),
        )
        self.settle(lane, judgement, settings)
        self._journal.record(
            BatchEnded(
                lane.name,
                delivery.batch,
                settings.script,
                verdict.outcome,
                acked=len(judgement.acked),
                retried=len(retried),
                spent=len(judgement.spent),
                duration_ms=now - delivery.started_ms,
                error=verdict.error,
            )
        )

    def settle(
        self, lane: Lane, judgement: Judgement, settings: ConsumerSettings | PullSettings
    ) -> None:
        """Delete, put back or bury messages that are in flight."""
        if judgement.acked:
            lane.in_flight.difference_update([message.id for message in judgement.acked])
            self.watch(lane, self._store.delete(_numbers(judgement.acked)))
        for delay, group in judgement.retried.items():
            self._retry(lane, group, delay)
        if judgement.spent:
            self._bury(lane, judgement.spent, settings.dead_letter_queue)
        if not lane.total:
            self._lanes.settle()

    def watch(self, lane: Lane, change: Future[None]) -> None:
        """Begin again from the disk if it refuses a change that memory has made already."""
        if not _succeeded(change):
            change.add_done_callback(partial(self._changed, lane))

    def _retry(self, lane: Lane, messages: Iterable[Message], delay_s: int) -> None:
        """Put messages back into their lane, at its end or for later."""
        again = [
            message._replace(attempts=message.attempts + 1)
            for message in self._landed(lane, messages)
        ]
        if not again:
            return
        due = self._clock.now() + 1000 * delay_s if delay_s else 0
        turn = self._numbers.reserve(len(again))
        self.watch(lane, self._store.retry(_numbers(again), due, turn))
        _join(lane, again, due, turn)

    def _bury(
        self,
        lane: Lane,
        messages: Iterable[Message],
        dead_letter_queue: str | None,
        *,
        deliveries_before: int = 0,
    ) -> None:
        """Move messages to the dead-letter queue, or delete them if there is none."""
        spent = self._landed(lane, messages)
        numbers = _numbers(spent)
        if dead_letter_queue is None:
            self.watch(lane, self._store.delete(numbers))
            for message in spent:
                self._journal.record(
                    MessageDropped(lane.name, message.id, message.attempts + deliveries_before)
                )
            return
        grave = self._lanes.of(dead_letter_queue)
        letters = [message._replace(attempts=1) for message in spent]
        now = self._clock.now()
        delay = grave.settings.delivery_delay_s
        due = now + 1000 * delay if delay else 0
        expires = now + 1000 * grave.settings.retention_s
        turn = self._numbers.reserve(len(letters))
        self._lanes.retention.watch(expires)
        self.watch(
            lane,
            self._store.move(
                numbers,
                grave.name,
                origin=lane.name,
                due=due,
                first_turn=turn,
                expires_ms=expires,
            ),
        )
        _join(grave, letters, due, turn)
        for message in spent:
            self._journal.record(
                MessageDeadLettered(
                    lane.name, message.id, message.attempts + deliveries_before, grave.name
                )
            )

    def fail(self, lane: Lane, error: BaseException) -> None:
        """The disk refused a change of the lane: what is in memory is no longer true."""
        self._journal.record(QueueFailed(lane.name, str(error)))
        lane.reset()

    def _landed(self, lane: Lane, messages: Iterable[Message]) -> list[Message]:
        """Those messages which nobody deleted while they were in flight; they no longer are."""
        landed = [message for message in messages if message.id in lane.in_flight]
        lane.in_flight.difference_update([message.id for message in landed])
        return landed

    def _opened(self, lane: Lane, messages: Sequence[Message], opened: Future[None]) -> None:
        if not opened.cancelled() and (error := opened.exception()):
            lane.in_flight.difference_update([message.id for message in messages])
            self.fail(lane, error)

    def _changed(self, lane: Lane, change: Future[None]) -> None:
        if not change.cancelled() and (error := change.exception()):
            self.fail(lane, error)


def _succeeded(change: Future[None]) -> bool:
    return change.done() and not change.cancelled() and change.exception() is None


def _numbers(messages: Iterable[Message]) -> list[int]:
    return [message.number for message in messages]


def _join(lane: Lane, messages: Sequence[Message], due: int, first_turn: int) -> None:
    if due:
        lane.postpone(len(messages), due)
    else:
        size = sum(len(message.body) for message in messages)
        lane.arrive(messages, size, first_turn + len(messages) - 1)
