"""All buckets of a state directory."""

from __future__ import annotations

import random
from pathlib import Path

from flarelocal.clock import Clock
from flarelocal.database import Database
from flarelocal.storage.r2 import index
from flarelocal.storage.r2.bucket import R2Bucket
from flarelocal.storage.r2.content import Blobs
from flarelocal.storage.r2.schema import SCHEMA
from flarelocal.storage.r2.shelf import Shelf

__all__ = ["R2Storage"]


class R2Storage:
    """Buckets, opened by `R2Storage.open`; one exists as soon as something is stored in it."""

    def __init__(
        self, database: Database, blobs: Blobs, clock: Clock, random: random.Random
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._shelf = Shelf(database, blobs)
        self._clock = clock
        self._random = random

    @classmethod
    async def open(cls, directory: Path | None, clock: Clock, random: random.Random) -> R2Storage:
        """Open or create the buckets below a directory; None keeps small objects in memory.

        Raises:
            CorruptStateError: the index cannot be read.
        """
        path = directory / "index.sqlite" if directory else None
        database = await Database.open(path, SCHEMA, clock)
        blobs = Blobs(directory)
        await database.transact(lambda connection: index.collect(blobs, connection))
        blobs.sweep(await database.read(index.known_blobs))
        return cls(database, blobs, clock, random)

    def bucket(self, name: str) -> R2Bucket:
        """The bucket of that name."""
        return R2Bucket(name, self._shelf, self._clock, self._random)

    async def names(self) -> list[str]:
        """The buckets that have objects."""
        rows = await self._database.fetch("SELECT DISTINCT bucket FROM r2_object ORDER BY bucket")
        return [name for (name,) in rows]

    async def close(self) -> None:
        """Close the index."""
        await self._database.close()
        self._blobs.close()
