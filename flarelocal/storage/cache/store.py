"""The caches of all Workers."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import random
from pathlib import Path

from flarelocal.clock import Clock
from flarelocal.database import CorruptStateError
from flarelocal.storage.cache.cache import Cache, remove_expired
from flarelocal.storage.r2 import R2Bucket, R2Storage

__all__ = ["CacheStore"]


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
