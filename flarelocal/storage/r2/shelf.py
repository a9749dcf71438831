"""The index and the blobs together."""

from __future__ import annotations

import sqlite3
from asyncio import Future
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from flarelocal.database import Database
from flarelocal.storage.r2 import index
from flarelocal.storage.r2.content import Blobs, Piece

__all__ = ["Shelf"]

T = TypeVar("T")

Work = Callable[[sqlite3.Connection], T]


class Shelf:
    """Reads and writes in the order of the calls; what nothing uses any more is cleared away."""

    def __init__(self, database: Database, blobs: Blobs) -> None:
        self.blobs = blobs
        self._database = database

    def read(self, work: Work[T]) -> Future[T]:
        """Have work done that only reads."""
        return self._database.read(work)

    def write(self, work: Work[T], held: Piece | None = None) -> Future[T]:
        """Have work done in a transaction.

        Args:
            held: the blob that it puts into the index.
        """
        done = self._database.transact(work, quick=True)
        if done.done() and not held:
            self._clear()
        else:
            done.add_done_callback(lambda _: self._written(held))
        return done

    def crowd(self) -> None:
        """Say, within a transaction, that it leaves blobs which nothing may use."""
        self.blobs.crowded = True

    def _written(self, held: Piece | None) -> None:
        if held:
            self.blobs.release([held.sha256])
        self._clear()

    def _clear(self) -> None:
        # A blob goes after the index has forgotten it: a process that is killed loses none.
        if self.blobs.crowded:
            self.blobs.crowded = False
            self._database.transact(partial(index.collect, self.blobs))
