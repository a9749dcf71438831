"""All queues of a process, by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from flarelocal.clock import Clock
from flarelocal.journal import Journal
from flarelocal.queues.errors import QueueNotFoundError
from flarelocal.queues.events import MessagesExpired
from flarelocal.queues.lane import Lane
from flarelocal.queues.registry import Record, Registry
from flarelocal.queues.retention import Retention
from flarelocal.queues.sequence import Sequence as Numbers
from flarelocal.queues.settings import PullSettings, QueueSettings
from flarelocal.queues.store import Store

__all__ = ["Lanes"]


class Lanes:
    """Knows every queue that was declared, sent to or named as a dead-letter queue."""

    def __init__(
        self, registry: Registry, store: Store, numbers: Numbers, clock: Clock, journal: Journal
    ) -> None:
        self.retention = Retention(store, clock, self._expired)
        self._registry = registry
        self._store = store
        self._numbers = numbers
        self._clock = clock
        self._journal = journal
        self._lanes: dict[str, Lane] = {}
        self._open = False

    def __iter__(self) -> Iterator[Lane]:
        return iter(sorted(self._lanes.values(), key=lambda lane: lane.name))

    def get(self, name: str) -> Lane | None:
        return self._lanes.get(name)

    def of(self, name: str) -> Lane:
        """The lane of a queue, which is created if there is none."""
        lane = self._lanes.get(name)
        if lane is None:
            now = self._clock.now()
            lane = self._lanes[name] = Lane(
                Record(name, now, now, QueueSettings()),
                self._store,
                self._clock,
                self._numbers,
                counted=self.retention.watch,
            )
            self._save(lane)
        return lane

    def known(self, name: str) -> Lane:
        """The lane of a queue.

        Raises:
            QueueNotFoundError: there is none.
        """
        lane = self._lanes.get(name)
        if lane is None:
            raise QueueNotFoundError(name)
        return lane

    def begin(self) -> None:
        """Nothing is on disk: what the configuration says will be said to the next process, too."""
        self._open = True

    def open(self, names: Iterable[str], records: Iterable[Record]) -> None:
        """Take up what is on disk.

        Args:
            names: queues that have messages.
            records: queues that are known.
        """
        kept = {record.name: record for record in records}
        full = set(names)
        for name in {*full, *kept}:
            self.of(name)
        self._open = True
        for lane in self:
            record = kept.get(lane.name)
            if record is not None:
                # What the configuration of a Worker says comes before what was said in between.
                pull = None if lane.consumer is not None else lane.record.pull or record.pull
                lane.record = replace(record, pull=pull)
            if lane.record != record:
                self._save(lane)
            if lane.name in full:
                lane.reset()

    def lend(self, lane: Lane, pull: PullSettings | None) -> None:
        """Note how the messages of a lane are pulled."""
        if lane.record.pull != pull:
            lane.record = replace(lane.record, pull=pull)
            self._save(lane)

    async def configure(self, lane: Lane, settings: QueueSettings) -> None:
        """Change the settings of a queue; returns when that is on disk."""
        lane.record = replace(lane.record, modified_ms=self._clock.now(), settings=settings)
        await self._registry.save(lane.record)
        self.retention.watch(await self._store.next_expiry())
        lane.wake()

    async def forget(self, lane: Lane) -> None:
        """A queue is no longer known, neither here nor on disk."""
        self._lanes.pop(lane.name).rest()
        await self._registry.forget(lane.name)

    def settle(self) -> None:
        """Wait for nothing if there is nothing that could expire."""
        if not any(lane.total for lane in self._lanes.values()):
            self.retention.rest()

    def rest(self) -> None:
        """Wait for nothing at all."""
        self.retention.rest()
        for lane in self._lanes.values():
            lane.rest()

    def _save(self, lane: Lane) -> None:
        if self._open:
            self._registry.save(lane.record)

    def _expired(self, expired: Mapping[str, list[str]]) -> None:
        for queue, ids in expired.items():
            lane = self.of(queue)
            lane.in_flight.difference_update(ids)
            lane.reset()
            self._journal.record(MessagesExpired(queue, len(ids)))
