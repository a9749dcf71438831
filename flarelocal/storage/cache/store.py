"""The caches of all Workers."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import json
import random
from pathlib import Path

from flarelocal.clock import Clock
from flarelocal.database import CorruptStateError
from flarelocal.dataclass import dataclass
from flarelocal.storage.cache.cache import Cache, objects_of, remove_expired
from flarelocal.storage.r2 import R2Bucket, R2Storage

__all__ = ["CacheStore", "Entry"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A stored response.

    Attributes:
        cache: the name of its cache; None for the default one.
        key: its URL, unless the program chose something else.
        size: of the body, in bytes.
        expires_ms: when it goes, in ms since 1970.
    """

    worker: str
    cache: str | None
    key: str
    status: int
    size: int
    expires_ms: int


class CacheStore:
    """Caches below a directory, or in memory; nothing is opened before one is used."""

    def __init__(self, directory: Path | None, clock: Clock, random: random.Random) -> None:
        self._directory = directory
        self._clock = clock
        self._random = random
        self._opening: asyncio.Task[R2Storage] | None = None

    def cache(self, worker: str, name: str | None) -> Cache:
        """A cache of a Worker: that of a name, or the default one."""
        owner = f"{worker}/" if name is None else f"{worker}/{name}/"

        async def bucket() -> R2Bucket:
            return (await self._storage()).bucket(owner)

        return Cache(bucket, self._clock)

    async def entries(self) -> list[Entry]:
        """All responses that may still be given."""
        storage = await self._storage()
        now_ms = self._clock.now()
        found = []
        for owner in await storage.names():
            worker, _, name = owner.removesuffix("/").partition("/")
            cache = name if owner.count("/") > 1 else None
            async for each in objects_of(storage.bucket(owner)):
                known = json.loads(each.metadata.custom)
                if known["expires"] > now_ms:
                    found.append(
                        Entry(
                            worker,
                            cache,
                            known["key"],
                            known["status"],
                            each.size,
                            known["expires"],
                        )
                    )
        return found

    async def purge(self, entry: Entry) -> None:
        """Remove a response."""
        await self.cache(entry.worker, entry.cache).delete(entry.key)

    async def _storage(self) -> R2Storage:
        if self._opening is None:
            self._opening = asyncio.get_running_loop().create_task(
                self._open(), context=contextvars.Context()
            )
        # Whoever gives up waiting does not keep the others from what they wait for.
        return await asyncio.shield(self._opening)

    async def _open(self) -> R2Storage:
        storage = await R2Storage.open(self._directory, self._clock, self._random)
        for name in await storage.names():
            await remove_expired(storage.bucket(name), self._clock.now())
        return storage

    async def close(self) -> None:
        """Close what was opened."""
        opening, self._opening = self._opening, None
        if opening is not None:
            # A storage that cannot be read was told to who wanted to use it.
            with contextlib.suppress(CorruptStateError):
                await (await opening).close()
