"""The stores of a state directory, for looking at them while no Worker runs."""

from __future__ import annotations

import contextlib
import random
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

from flarelocal.clock import SystemClock
from flarelocal.database import Database
from flarelocal.storage.analytics import AnalyticsStore
from flarelocal.storage.d1 import D1Store
from flarelocal.storage.kv import SCHEMA, KvStore
from flarelocal.storage.r2 import R2Bucket, R2Storage

__all__ = ["DormantStores", "dormant_stores"]


class DormantStores:
    """Databases, namespaces and buckets by their ids; each exists as soon as it is used."""

    def __init__(self, directory: Path, kv: Database, r2: R2Storage, analytics: Database) -> None:
        self._clock = SystemClock()
        self._directory = directory
        self._kv = kv
        self._r2 = r2
        self._d1: dict[str, D1Store] = {}
        self.analytics = AnalyticsStore(analytics, self._clock)

    def d1(self, id: str) -> D1Store:
        """A D1 database."""
        found = self._d1.get(id)
        if found is None:
            found = self._d1[id] = D1Store(self._directory / "d1", id, self._clock)
        return found

    def has_d1(self, id: str) -> bool:
        """Whether there is a D1 database of that id already."""
        return (self._directory / "d1" / f"{quote(id, safe='')}.sqlite").exists()

    def kv(self, id: str) -> KvStore:
        """A KV namespace."""
        return KvStore(self._kv, id, self._clock)

    def r2(self, name: str) -> R2Bucket:
        """An R2 bucket."""
        return self._r2.bucket(name)

    def close(self) -> None:
        """Close the D1 databases."""
        for store in self._d1.values():
            store.close()


@contextlib.asynccontextmanager
async def dormant_stores(directory: Path) -> AsyncIterator[DormantStores]:
    """Open the stores of a state directory.

    Raises:
        CorruptStateError: one cannot be read.
    """
    clock = SystemClock()
    async with contextlib.AsyncExitStack() as stack:
        kv = await Database.open(directory / "kv.sqlite", SCHEMA, clock)
        stack.push_async_callback(kv.close)
        analytics = await Database.open(directory / "analytics.sqlite", (), clock)
        stack.push_async_callback(analytics.close)
        r2 = await R2Storage.open(directory / "r2", clock, random.SystemRandom())
        stack.push_async_callback(r2.close)
        stores = DormantStores(directory, kv, r2, analytics)
        stack.callback(stores.close)
        yield stores
