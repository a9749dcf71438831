"""Seeing and steering queues."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import replace

from flarelocal.clock import Clock
from flarelocal.journal import Journal
from flarelocal.queues.events import MessagesRedriven, QueuePaused, QueuePurged, QueueResumed
from flarelocal.queues.inspection import Inspection, QueueInfo, State, StoredMessage
from flarelocal.queues.lane import Lane
from flarelocal.queues.lanes import Lanes
from flarelocal.queues.registry import queue_id
from flarelocal.queues.sequence import Sequence as Numbers
from flarelocal.queues.settings import QueueSettings
from flarelocal.queues.store import Redrive, Store

__all__ = ["Administration"]

_REDRIVEN_TOGETHER = 1_000


class Administration(ABC):
    """The part of the broker that people use, and programs on their behalf."""

    def __init__(
        self,
        lanes: Lanes,
        store: Store,
        inspection: Inspection,
        numbers: Numbers,
        clock: Clock,
        journal: Journal,
    ) -> None:
        self._lanes = lanes
        self._store = store
        self._inspection = inspection
        self._numbers = numbers
        self._clock = clock
        self._journal = journal

    @abstractmethod
    def release(self, queue: str) -> None:
        """Take a queue away from its consumer; batches under way are finished."""

    def declare(self, queue: str) -> None:
        """Make a queue known."""
        self._lanes.of(queue)

    async def create(self, queue: str, settings: QueueSettings | None = None) -> QueueInfo:
        """Make a queue known, with these settings if it is new."""
        if self._lanes.get(queue) is None:
            await self.configure(queue, settings or QueueSettings())
        return await self.info(queue)

    async def configure(self, queue: str, settings: QueueSettings) -> None:
        """Change the settings of a queue, which is created if there is none."""
        await self._lanes.configure(self._lanes.of(queue), settings)

    async def pause(self, queue: str) -> None:
        """Deliver nothing of a queue until `resume`; batches under way are finished.

        Raises:
            QueueNotFoundError: there is no such queue.
        """
        await self.configure(queue, replace(self._lanes.known(queue).settings, paused=True))
        self._journal.record(QueuePaused(queue))

    async def resume(self, queue: str) -> None:
        """Deliver the messages of a queue again.

        Raises:
            QueueNotFoundError: there is no such queue.
        """
        await self.configure(queue, replace(self._lanes.known(queue).settings, paused=False))
        self._journal.record(QueueResumed(queue))

    async def purge(self, queue: str) -> int:
        """Delete all messages of a queue; how many there were.

        A handler that has some of them may finish; what it wants to retry is gone.

        Raises:
            QueueNotFoundError: there is no such queue.
        """
        lane = self._lanes.known(queue)
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
        lane = self._lanes.known(queue)
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
        await self._lanes.forget(self._lanes.known(queue))

    async def redrive(self, queue: str, ids: Collection[str] | None = None) -> int:
        """Put dead letters back where they came from, with no attempts counted; how many.

        Args:
            queue: the dead-letter queue.
            ids: which messages; None: all that were moved there.

        Raises:
            QueueNotFoundError: there is no such queue.
        """
        lane = self._lanes.known(queue)
        origins: set[str] = set()
        count = 0
        lane.suspend()
        try:
            while True:
                order = Redrive(
                    self._numbers.reserve(_REDRIVEN_TOGETHER),
                    _REDRIVEN_TOGETHER,
                    self._clock.now(),
                    QueueSettings().retention_s,
                )
                moved = await self._store.redrive(queue, ids, lane.in_flight, order)
                origins.update(moved)
                count += sum(moved.values())
                if sum(moved.values()) < _REDRIVEN_TOGETHER:
                    break
        finally:
            lane.resume()
        for origin in origins:
            self._lanes.of(origin).reset()
        self._journal.record(MessagesRedriven(queue, count))
        return count

    async def peek(
        self, queue: str, *, state: State | None = None, limit: int = 10, offset: int = 0
    ) -> list[StoredMessage]:
        """Messages of a queue in the order of their delivery, which stay where they are.

        Args:
            state: only those in this state.

        Raises:
            QueueNotFoundError: there is no such queue.
        """
        lane = self._lanes.known(queue)
        return await self._inspection.peek(queue, lane.in_flight, state, limit, offset)

    async def info(self, queue: str) -> QueueInfo:
        """A queue at a glance.

        Raises:
            QueueNotFoundError: there is no such queue.
        """
        lane = self._lanes.known(queue)
        return _info(lane, await self._inspection.dead_letters())

    def names(self) -> list[str]:
        """The names of all queues, sorted."""
        return [lane.name for lane in self._lanes]

    async def queues(self) -> list[QueueInfo]:
        """All queues, by name."""
        dead_letters = await self._inspection.dead_letters()
        return [_info(lane, dead_letters) for lane in self._lanes]


def _info(lane: Lane, dead_letters: Mapping[str, int]) -> QueueInfo:
    record = lane.record
    consumer = lane.consumer
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
