"""What all Workers of an emulator share: the state, the queues, the clock and the journal."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from flarelocal.clock import Clock
from flarelocal.config.own import Leniency
from flarelocal.cron import SCHEMA as CRON_SCHEMA
from flarelocal.cron import History
from flarelocal.database import Database
from flarelocal.durable_objects import Limits
from flarelocal.journal import Journal
from flarelocal.memory import Memory
from flarelocal.queues import SCHEMA as QUEUE_SCHEMA
from flarelocal.queues import Broker
from flarelocal.queues import Limits as QueueLimits
from flarelocal.state import StateDirectory
from flarelocal.storage.kv import SCHEMA as KV_SCHEMA
from flarelocal.storage.kv import KvStore
from flarelocal.storage.rate_limits import RateLimits

if TYPE_CHECKING:
    from flarelocal.config import WorkerConfig
    from flarelocal.storage.analytics import AnalyticsStore
    from flarelocal.storage.cache import Cache, CacheStore
    from flarelocal.storage.d1 import D1Store
    from flarelocal.storage.r2 import R2Bucket, R2Storage

__all__ = ["Engines"]


class Engines:
    """The engines on one state directory, or in memory.

    Args:
        path: the state directory; None keeps everything in memory.
        lenient: which limits of production do not hold.
        memory: where databases in memory are from.

    Attributes:
        broker: the queues; from `open` on.
        analytics: the datasets; None while no Worker has one.
    """

    broker: Broker

    def __init__(
        self,
        path: Path | None,
        clock: Clock,
        journal: Journal,
        random: random.Random,
        lenient: frozenset[Leniency] = frozenset(),
        memory: Memory | None = None,
    ) -> None:
        self.clock = clock
        self.journal = journal
        self.random = random
        # None are production's, which depend on the class.
        self.object_limits = Limits.local() if Leniency.OBJECT_LIMITS in lenient else None
        self._queue_limits = (
            QueueLimits.lenient() if Leniency.QUEUE_LIMITS in lenient else QueueLimits()
        )
        self._path = path
        self._memory = memory
        self._directory: StateDirectory | None = None
        self._databases: list[Database] = []
        self._crons: Database | None = None
        self._kv: Database | None = None
        self._d1: dict[str, D1Store] = {}
        self._r2: R2Storage | None = None
        self._caches: CacheStore | None = None
        self.analytics: AnalyticsStore | None = None
        self.rate_limits = RateLimits(clock)

    async def open(self) -> None:
        """Take the state directory and open the databases; nothing moves yet.

        Raises:
            StateDirectoryError: the directory cannot be used, or is in use.
            CorruptStateError: a database cannot be read.
        """
        if self._path:
            self._directory = StateDirectory(self._path)
        queues = await self._open("queues.sqlite", QUEUE_SCHEMA, self._memory)
        # What was missed while nothing ran is only of interest to a later process.
        self._crons = await self._open("crons.sqlite", CRON_SCHEMA) if self._path else None
        self.broker = Broker(
            queues, self.clock, self.journal, self.random, limits=self._queue_limits
        )

    async def prepare(self, config: WorkerConfig) -> None:
        """Open what not every Worker needs, and this one does.

        Raises:
            CorruptStateError: a database cannot be read.
        """
        if config.kv_namespaces and self._kv is None:
            self._kv = await self._open("kv.sqlite", KV_SCHEMA, self._memory)
        if config.analytics_engine_datasets and self.analytics is None:
            from flarelocal.storage.analytics import AnalyticsStore

            database = await self._open("analytics.sqlite", ())
            self.analytics = AnalyticsStore(database, self.clock)
        if config.r2_buckets and self._r2 is None:
            from flarelocal.storage.r2 import R2Storage

            path = self._path / "r2" if self._path else None
            self._r2 = await R2Storage.open(path, self.clock, self.random)

    async def _open(
        self, name: str, schema: Sequence[str], memory: Memory | None = None
    ) -> Database:
        path = self._path / name if self._path else None
        database = await Database.open(path, schema, self.clock, memory)
        self._databases.append(database)
        return database

    def kv(self, id: str) -> KvStore:
        """The KV namespace with that id; of a Worker that the engines are prepared for."""
        assert self._kv is not None
        return KvStore(self._kv, id, self.clock)

    def d1(self, id: str) -> D1Store:
        """The D1 database with that id."""
        from flarelocal.storage.d1 import D1Store

        found = self._d1.get(id)
        if found is None:
            path = self._path / "d1" if self._path else None
            found = self._d1[id] = D1Store(path, id, self.clock)
        return found

    def r2(self, name: str) -> R2Bucket:
        """The R2 bucket of that name; of a Worker that the engines are prepared for."""
        assert self._r2 is not None
        return self._r2.bucket(name)

    @property
    def caches(self) -> CacheStore:
        """The caches of all Workers."""
        if self._caches is None:
            from flarelocal.storage.cache import CacheStore

            path = self._path / "cache" if self._path else None
            self._caches = CacheStore(path, self.clock, self.random)
        return self._caches

    def cache(self, worker: str, name: str | None) -> Cache:
        """A cache of a Worker; None: its default one."""
        return self.caches.cache(worker, name)

    def cron_history(self, worker: str) -> History | None:
        """What is known of the crons of a Worker; None in memory."""
        return History(self._crons, worker, self.journal) if self._crons else None

    def objects(self, unique_key: str) -> Path | None:
        """Where the objects of a namespace are kept; None for memory."""
        return self._path / "do" / unique_key if self._path else None

    def announce(self, url: str) -> None:
        """Tell whoever finds the state directory in use where this process answers."""
        if self._directory:
            self._directory.announce(url)

    async def close(self) -> None:
        """Close the state; whatever works on it has stopped."""
        for database in self._databases:
            await database.close()
        self._databases.clear()
        self._crons = self._kv = self.analytics = None
        for store in self._d1.values():
            store.close()
        self._d1.clear()
        if self._r2:
            await self._r2.close()
            self._r2 = None
        if self._caches:
            await self._caches.close()
            self._caches = None
        if self._directory:
            self._directory.close()
            self._directory = None
