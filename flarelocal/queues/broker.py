"""The queues of a state directory: whoever sends, consumes, pulls or looks comes here."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from itertools import count

from flarelocal.clock import Clock
from flarelocal.database import Database
from flarelocal.journal import Journal
from flarelocal.prompt_future import next_turn
from flarelocal.queues.administration import Administration
from flarelocal.queues.consumer import Consumer, Dispatch
from flarelocal.queues.deliveries import Deliveries
from flarelocal.queues.errors import PushConsumerError, QueueError
from flarelocal.queues.events import BatchLost, MessagesSent, QueueWithoutConsumer
from flarelocal.queues.history import Attempt, History
from flarelocal.queues.identity import message_ids
from flarelocal.queues.inspection import Inspection
from flarelocal.queues.lane import Lane
from flarelocal.queues.lanes import Lanes
from flarelocal.queues.leases import Leases, Pulled, Returned
from flarelocal.queues.limits import Limits
from flarelocal.queues.message import Message, Metrics, OutgoingMessage
from flarelocal.queues.registry import Registry
from flarelocal.queues.sequence import Sequence as Numbers
from flarelocal.queues.settings import ConsumerSettings, PullSettings, QueueSettings
from flarelocal.queues.store import Arrival, Store
from flarelocal.queues.tasks import Tasks

__all__ = ["Broker"]


class Broker(Administration):
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
        store = Store(database)
        self._blank = database.in_memory
        numbers = Numbers()
        self._registry = Registry(database)
        lanes = Lanes(self._registry, store, numbers, clock, journal)
        super().__init__(lanes, store, Inspection(database), numbers, clock, journal)
        self._random = random
        self._limits = limits or Limits()
        self._history = History(database, 1000 * QueueSettings().retention_s)
        self._deliveries = Deliveries(store, self._history, lanes, numbers, clock, journal)
        self._leases = Leases(store, self._history, self._deliveries, numbers, clock, journal)
        self._tasks = Tasks()
        self._consumers: dict[str, Consumer] = {}
        self._unconsumed: set[str] = set()
        self._started = False

    async def start(self) -> None:
        """Take up what is on disk, and begin to deliver.

        Raises:
            sqlite3.Error: the database cannot be read.
        """
        if self._blank:
            self._lanes.begin()
        else:
            await self._take_up()
        self._started = True
        await self._store.written()

    async def _take_up(self) -> None:
        opening = await self._store.opening()
        self._numbers.start_after(max(opening.highest, await self._history.highest()))
        records = await self._registry.load()
        lost = await self._history.recover(self._clock.now())
        self._lanes.open(opening.queues, records)
        for loss in lost:
            self._journal.record(BatchLost(loss.queue, loss.batch, loss.messages))

    async def stop(self, *, at_once: bool = False) -> None:
        """Deliver nothing more, and return when the batches under way are finished and on disk.

        A broker that was stopped cannot be started again.

        Args:
            at_once: cancel the handlers of these batches instead.
        """
        for consumer in self._consumers.values():
            consumer.release()
        if at_once:
            self._tasks.cancel()
        await self._tasks.finished()
        self._lanes.rest()
        await self._store.written()

    def consume(self, settings: ConsumerSettings, dispatch: Dispatch) -> None:
        """Deliver the messages of a queue to a Worker; replaces the consumer it had before.

        Args:
            dispatch: calls the handler; an exception counts as one of the handler.
        """
        lane = self._vacate(settings)
        lane.consumer = self._consumers[lane.name] = Consumer(
            settings,
            dispatch,
            lane,
            self._deliveries,
            self._clock,
            spawn=self._tasks.spawn,
        )
        if self._started:
            lane.wake()

    def lend(self, settings: PullSettings) -> None:
        """Have the messages of a queue pulled with these settings instead of pushed.

        Holds for the next process, too.
        """
        self._lanes.lend(self._vacate(settings), settings)

    def release(self, queue: str) -> None:
        """Take a queue away from its consumer; batches under way are finished."""
        consumer = self._consumers.pop(queue, None)
        if consumer is not None:
            consumer.release()
        lane = self._lanes.get(queue)
        if lane is not None:
            lane.consumer = None
            self._lanes.lend(lane, None)

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
        lane = self._lanes.of(queue)
        before = lane.backlog.metrics()
        if not messages:
            return before
        now = self._clock.now()
        self._limits.check_backlog(before.backlog_bytes + size)
        if self._limits.rate is not None:
            lane.rate.add(len(messages), now, self._limits.rate)
        if lane.consumer is None and lane.record.pull is None:
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
        ids = message_ids(salt, first, len(messages))
        for identity, number, message in zip(ids, count(first), messages, strict=False):
            body, kind, own_delay_s = message
            delay = delay_s if own_delay_s is None else own_delay_s
            due = now + 1000 * delay if delay else 0
            rows.append((due, kind._value_, body))
            if due:
                delayed.append(due)
                ready_size -= len(body)
            else:
                ready.append(Message(identity, now, 1, kind, body, number))
        if ready:
            lane.wake()
        stored = self._store.add(Arrival(queue, salt, first, now, expires, rows))
        if ready:
            lane.arrive(ready, ready_size, first + len(messages) - 1)
        if delayed:
            lane.postpone(len(delayed), min(delayed))
        self._lanes.retention.watch(expires)
        self._journal.record(MessagesSent(queue, len(messages), size))
        if ready and stored.done():
            # Memory needs no turn, but the consumer has its look before anybody goes on.
            await next_turn()
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
        acks: Collection[str] = (),
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

    async def history(self, message: str) -> list[Attempt]:
        """The deliveries of a message, the first one first; also when it is gone.

        Args:
            message: the id.
        """
        return await self._history.of(message, self._clock.now())

    def _vacate(self, settings: ConsumerSettings | PullSettings) -> Lane:
        """The lane of a queue that is about to get a new consumer."""
        self.release(settings.queue)
        self._unconsumed.discard(settings.queue)
        if settings.dead_letter_queue is not None:
            self._lanes.of(settings.dead_letter_queue)
        return self._lanes.of(settings.queue)

    def _pulled(self, name: str) -> tuple[Lane, PullSettings]:
        lane = self._lanes.known(name)
        if lane.consumer is not None:
            raise PushConsumerError(name)
        return lane, lane.record.pull or PullSettings(name)

    def _tell_unconsumed(self, queue: str) -> None:
        if queue not in self._unconsumed:
            self._unconsumed.add(queue)
            self._journal.record(QueueWithoutConsumer(queue))
