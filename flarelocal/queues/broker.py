"""The queues of a state directory: whoever sends, consumes, pulls or looks comes here."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from flarelocal.clock import Clock
from flarelocal.database import Database
from flarelocal.journal import Journal
from flarelocal.queues.consumer import Consumer, Dispatch
from flarelocal.queues.deliveries import Deliveries
from flarelocal.queues.errors import PushConsumerError, QueueError, QueueNotFoundError
from flarelocal.queues.events import (
    BatchLost,
    MessagesRedriven,
    MessagesSent,
    QueuePaused,
    QueuePurged,
    QueueResumed,
    QueueWithoutConsumer,
)
from flarelocal.queues.history import Attempt, History
from flarelocal.queues.identity import message_id
from flarelocal.queues.inspection import Inspection, QueueInfo, State, StoredMessage
from flarelocal.queues.lane import Lane
from flarelocal.queues.leases import Leases, Pulled, Returned
from flarelocal.queues.limits import Limits
from flarelocal.queues.message import Message, Metrics, OutgoingMessage
from flarelocal.queues.registry import Record, Registry, queue_id
from flarelocal.queues.retention import Retention
from flarelocal.queues.sequence import Sequence as Numbers
from flarelocal.queues.settings import ConsumerSettings, PullSettings, QueueSettings
from flarelocal.queues.store import Arrival, Redrive, Store
from flarelocal.queues.tasks import Tasks

__all__ = ["Broker"]

_DEFAULTS = QueueSettings()
_REDRIVEN_TOGETHER = 1_000


class Broker:
    """Cloudflare Queues on one database that was opened with `SCHEMA`.

    Delivers at least once, in the order of arrival as far as nothing fails. What was sent is on
    disk when `send` returns; after the death of the process everything is delivered again that
    was not acknowledged, and deliveries under way count as attempts. One process at a time may
    have a broker on a file.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        journal: Journal,
        random: random.Random,
        *,
        limits: Limits | None = None,
    ) -> None:
        self._clock = clock
        self._journal = journal
        self._random = random
        self._limits = limits or Limits()
        self._numbers = Numbers()
        self._tasks = Tasks()
        self._lanes: dict[str, Lane] = {}
        self._consumers: dict[str, Consumer] = {}
        self._unconsumed: set[str] = set()
        self._started = False
        self._store = Store(database)
        self._history = History(database, 1000 * _DEFAULTS.retention_s)
        self._registry = Registry(database)
        self._inspection = Inspection(database)
        self._retention = Retention(self._store, clock, journal, self._lane)
        self._deliveries = Deliveries(
            self._store,
            self._history,
            self._numbers,
            clock,
            journal,
            self._retention,
            lane_of=self._lane,
            emptied=self._emptied,
        )
        self._leases = Leases(
            self._store, self._history, self._deliveries, self._numbers, clock, journal
        )

    async def start(self) -> None:
        """Take up what is on disk, and begin to deliver.

        Raises:
            sqlite3.Error: the database cannot be read.
        """
        opening = await self._store.opening()
        self._numbers.start_after(max(opening.highest, await self._history.highest()))
        records = {record.name: record for record in await self._registry.load()}
        lost = await self._history.recover(self._clock.now())
        for name in {*records, *opening.queues}:
            self._lane(name)
        self._started = True
        for lane in self._lanes.values():
            if lane.name in records:
                record = records[lane.name]
                # What the configuration of a Worker says comes before what was said in between.
                pull = None if lane.name in self._consumers else lane.record.pull or record.pull
                lane.record = replace(record, pull=pull)
            if lane.record != records.get(lane.name):
                self._registry.save(lane.record)
            lane.reset()
        for loss in lost:
            self._journal.record(BatchLost(loss.queue, loss.batch, loss.messages))
        await self._store.written()

    async def stop(self) -> None:
        """Deliver nothing more, and return when the batches under way are finished and on disk.

        A broker that was stopped cannot be started again.
        """
        for queue in list(self._consumers):
            self.release(queue)
        await self._tasks.finished()
        self._retention.rest()
        for lane in self._lanes.values():
            lane.rest()
        await self._store.written()

    def consume(self, settings: ConsumerSettings, dispatch: Dispatch) -> None:
        """Deliver the messages of a queue to a Worker; replaces the consumer it had before.

        Args:
            dispatch: calls the handler; an exception counts as one of the handler.
        """
        self.release(settings.queue)
        lane = self._lane(settings.queue)
        if settings.dead_letter_queue is not None:
            self._lane(settings.dead_letter_queue)
        consumer = Consumer(
            settings,
            dispatch,
            lane,
            self._deliveries,
            self._clock,
            spawn=self._tasks.spawn,
            wall_ms=self._limits.wall_ms,
        )
        self._consumers[settings.queue] = consumer
        self._unconsumed.discard(settings.queue)
        lane.wake = consumer.wake
        if self._started:
            consumer.wake()

    def lend(self, settings: PullSettings) -> None:
        """Have the messages of a queue pulled with these settings instead of pushed.

        Holds for the next process, too.
        """
        self.release(settings.queue)
        lane = self._lane(settings.queue)
        if settings.dead_letter_queue is not None:
            self._lane(settings.dead_letter_queue)
        self._keep(lane, settings)
        self._unconsumed.discard(settings.queue)

    def release(self, queue: str) -> None:
        """Take a queue away from its consumer; batches under way are finished."""
        lane = self._lanes.get(queue)
        if lane is not None and lane.record.pull is not None:
            self._keep(lane, None)
        consumer = self._consumers.pop(queue, None)
        if consumer is not None:
            consumer.release()
            self._lanes[queue].wake = _nobody

    async def send(
        self, queue: str, messages: Sequence[OutgoingMessage], *, delay_s: int | None = None
    ) -> Metrics:
        """Accept messages; returns when they are on disk.

        Args:
            delay_s: for messages without a delay of their own; None: the queue's.

        Returns:
            The backlog before these messages, as the local runtime has it.

        Raises:
            QueueError: of the kind that says why they are refused; none of them is kept then.
        """
        size = self._limits.check(messages, delay_s)
        lane = self._lane(queue)
        before = lane.backlog.metrics()
        if not messages:
            return before
        now = self._clock.now()
        self._limits.check_backlog(before.backlog_bytes + size)
        if self._limits.rate is not None:
            lane.rate.add(len(messages), now, self._limits.rate)
        if queue not in self._consumers and lane.record.pull is None:
            self._tell_unconsumed(queue)
        settings = lane.settings
        if delay_s is None:
            delay_s = settings.delivery_delay_s
        first = self._numbers.reserve(len(messages))
        salt = self._random.getrandbits(63)
        expires = now + 1000 * settings.retention_s
        ready_size = size
        rows: list[tuple[int, str, bytes]] = []
        ready: list[Message] = []
        delayed: list[int] = []
        for number, message in enumerate(messages, first):
            delay = delay_s if message.delay_s is None else message.delay_s
            due = now + 1000 * delay if delay else 0
            rows.append((due, message.content_type.value, message.body))
            if due:
                delayed.append(due)
                ready_size -= len(message.body)
            else:
                ready.append(
                    Message(message_id(salt, number), now, 1, message.content_type, message.body)
                )
        lane.wake()
        stored = self._store.add(Arrival(queue, salt, first, now, expires, rows))
        if ready:
            lane.arrive(ready, ready_size, first + len(messages) - 1)
        if delayed:
            lane.postpone(len(delayed), min(delayed))
        self._retention.watch(expires)
        self._journal.record(MessagesSent(queue, len(messages), size))
        try:
            await stored
        except sqlite3.Error as error:
            lane.in_flight.difference_update([message.id for message in ready])
            self._deliveries.fail(lane, error)
            raise QueueError(
                "Unknown Internal Error", f"see why the state cannot be written ({error})"
            ) from error
        return before

    def metrics(self, queue: str) -> Metrics:
        """The backlog of a queue."""
        lane = self._lanes.get(queue)
        return lane.backlog.metrics() if lane else Metrics(0, 0, None)

    def declare(self, queue: str) -> None:
        """Make a queue known."""
        self._lane(queue)

    async def create(self, queue: str, settings: QueueSettings | None = None) -> QueueInfo:
        """Make a queue known, with these settings if it is new."""
        if queue not in self._lanes:
            self._lane(queue)
            if settings is not None:
                await self.configure(queue, settings)
        return await self.info(queue)

    async def configure(self, queue: str, settings: QueueSettings) -> None:
        """Change the settings of a queue, which is created if there is none."""
        lane = self._lane(queue)
        lane.record = replace(lane.record, modified_ms=self._clock.now(), settings=settings)
        await self._registry.save(lane.record)
        self._retention.watch(await self._store.next_expiry())
        lane.wake()

    async def pause(self, queue: str) -> None:
        """Deliver nothing of a queue until `resume`; batches under way are finished.

        Raises:
            QueueNotFoundError: there is no such queue.
        """
        await self.configure(queue, replace(self._known(queue).settings, paused=True))
        self._journal.record(QueuePaused(queue))

    async def resume(self, queue: str) -> None:
        """Deliver the messages of a queue again.

        Raises:
            QueueNotFoundError: there is no such queue.
        """
        await self.configure(queue, replace(self._known(queue).settings, paused=False))
        self._journal.record(QueueResumed(queue))

    async def purge(self, queue: str) -> int:
        """Delete all messages of a queue; how many there were.

        A handler that has some of them may finish; what it wants to retry is gone.

        Raises:
            QueueNotFoundError: there is no such queue.
        """
        lane = self._known(queue)
        purging = self._store.purge(queue)
        lane.purged_ms = self._clock.now()
        lane.in_flight.clear()
        lane.reset()
        count = await purging
        self._journal.record(QueuePurged(queue, count))
        return count

    async def discard(self, queue: str, ids: Collection[str]) -> list[str]:
        """Delete messages of a queue; the ids of those that there were.

        Raises:
            QueueNotFoundError: there is no such queue.
        """
        lane = self._known(queue)
        discarding = self._store.discard(queue, ids)
        lane.in_flight.difference_update(ids)
        lane.reset()
        return await discarding

    async def delete(self, queue: str) -> None:
        """Delete a queue with its messages; its consumer is released.

        Raises:
            QueueNotFoundError: there is no such queue.
        """
        await self.purge(queue)
        self.release(queue)
        self._lanes.pop(queue).rest()
        await self._registry.forget(queue)

    async def redrive(self, queue: str, ids: Collection[str] | None = None) -> int:
        """Put dead letters back where they came from, with no attempts counted; how many.

        Args:
            queue: the dead-letter queue.
            ids: which messages; None: all that were moved there.

        Raises:
            QueueNotFoundError: there is no such queue.
        """
        lane = self._known(queue)
        origins: set[str] = set()
        count = 0
        lane.suspend()
        try:
            while True:
                order = Redrive(
                    self._numbers.reserve(_REDRIVEN_TOGETHER),
                    _REDRIVEN_TOGETHER,
                    self._clock.now(),
                    _DEFAULTS.retention_s,
                )
                moved = await self._store.redrive(queue, ids, lane.in_flight, order)
                origins.update(moved)
                count += sum(moved.values())
                if sum(moved.values()) < _REDRIVEN_TOGETHER:
                    break
        finally:
            lane.resume()
        for origin in origins:
            self._lane(origin).reset()
        self._journal.record(MessagesRedriven(queue, count))
        return count

    async def pull(
        self, queue: str, *, limit: int | None = None, visibility_timeout_ms: int | None = None
    ) -> Pulled:
        """Lend messages to whoever asks; none if none is ready.

        Raises:
            QueueNotFoundError: there is no such queue.
            PushConsumerError: a Worker consumes the queue.
            DeliveryPausedError: the delivery of the queue is paused.
        """
        lane, settings = self._pulled(queue)
        if visibility_timeout_ms is None:
            visibility_timeout_ms = settings.visibility_timeout_ms
        return await self._leases.pull(
            lane, settings, limit or settings.max_batch_size, visibility_timeout_ms
        )

    async def give_back(
        self,
        queue: str,
        *,
        acks: Iterable[str] = (),
        retries: Mapping[str, int | None] | None = None,
    ) -> Returned:
        """Acknowledge messages that were pulled, or have them delivered again.

        Args:
            acks: lease ids.
            retries: lease ids with delays in seconds; None: the `retry_delay_s` of the queue.

        Raises:
            QueueNotFoundError: there is no such queue.
            PushConsumerError: a Worker consumes the queue.
        """
        lane, settings = self._pulled(queue)
        return await self._leases.give_back(lane, settings, acks, retries or {})

    async def peek(
        self, queue: str, *, state: State | None = None, limit: int = 10, offset: int = 0
    ) -> list[StoredMessage]:
        """Messages of a queue in the order of their delivery, which stay where they are.

        Args:
            state: only those in this state.

        Raises:
            QueueNotFoundError: there is no such queue.
        """
        lane = self._known(queue)
        return await self._inspection.peek(queue, lane.in_flight, state, limit, offset)

    async def info(self, queue: str) -> QueueInfo:
        """A queue at a glance.

        Raises:
            QueueNotFoundError: there is no such queue.
        """
        lane = self._known(queue)
        return self._info(lane, await self._inspection.dead_letters())

    def names(self) -> list[str]:
        """The names of all queues, sorted."""
        return sorted(self._lanes)

    async def queues(self) -> list[QueueInfo]:
        """All queues, by name."""
        dead_letters = await self._inspection.dead_letters()
        return [self._info(lane, dead_letters) for _, lane in sorted(self._lanes.items())]

    async def history(self, message: str) -> list[Attempt]:
        """The deliveries of a message, the first one first; also when it is gone.

        Args:
            message: the id.
        """
        return await self._history.of(message, self._clock.now())

    def _lane(self, name: str) -> Lane:
        lane = self._lanes.get(name)
        if lane is None:
            now = self._clock.now()
            lane = self._lanes[name] = Lane(
                Record(name, now, now, _DEFAULTS),
                self._store,
                self._clock,
                self._numbers,
                counted=self._retention.watch,
            )
            if self._started:
                self._registry.save(lane.record)
        return lane

    def _known(self, name: str) -> Lane:
        if name not in self._lanes:
            raise QueueNotFoundError(name)
        return self._lanes[name]

    def _pulled(self, name: str) -> tuple[Lane, PullSettings]:
        lane = self._known(name)
        if name in self._consumers:
            raise PushConsumerError(name)
        return lane, lane.record.pull or PullSettings(name)

    def _keep(self, lane: Lane, pull: PullSettings | None) -> None:
        lane.record = replace(lane.record, pull=pull)
        if self._started:
            self._registry.save(lane.record)

    def _info(self, lane: Lane, dead_letters: Mapping[str, int]) -> QueueInfo:
        record = lane.record
        consumer = self._consumers.get(lane.name)
        return QueueInfo(
            record.name,
            queue_id(record.name),
            record.created_ms,
            record.modified_ms,
            record.settings,
            ready=lane.backlog.count,
            delayed=lane.delayed,
            in_flight=len(lane.in_flight) + lane.leased,
            dead_letters=dead_letters.get(lane.name, 0),
            consumer=consumer.settings if consumer else record.pull,
            concurrency=consumer.concurrency if consumer else 0,
            purged_ms=lane.purged_ms,
        )

    def _tell_unconsumed(self, queue: str) -> None:
        if queue not in self._unconsumed:
            self._unconsumed.add(queue)
            self._journal.record(QueueWithoutConsumer(queue))

    def _emptied(self) -> None:
        if not any(lane.total for lane in self._lanes.values()):
            self._retention.rest()


def _nobody() -> None:
    pass
