"""Moves what the log of a SQLite file holds into the file, while others go on writing."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

__all__ = ["Checkpoint"]

_EVERY_COMMITS = 512
_MOST_PAGES = 8_000


class Checkpoint:
    """Waits for the disk in a thread, so that hardly any commit does.

    SQLite's own checkpoint makes whoever commits wait, several milliseconds each time.

    Args:
        path: the file, which is in WAL mode.
        writer: the connection that commits.
    """

    def __init__(self, path: Path, writer: sqlite3.Connection) -> None:
        self._path = path
        self._commits = 0
        self._running: asyncio.Future[None] | None = None
        # The log begins anew when nothing in it is newer than its checkpoint. Under load only the
        # writer itself gets there.
        writer.execute(f"PRAGMA wal_autocheckpoint = {_MOST_PAGES}")

    def committed(self) -> None:
        """Hear of a commit."""
        self._commits += 1
        if self._commits >= _EVERY_COMMITS and (self._running is None or self._running.done()):
            self._commits = 0
            loop = asyncio.get_running_loop()
            self._running = loop.run_in_executor(None, self._run)

    async def close(self) -> None:
        """Return when none is under way."""
        if self._running is not None:
            await self._running

    def _run(self) -> None:
        # What fails here, the writer will do; and no file is made where somebody deleted it.
        with suppress(sqlite3.Error):
            address = f"{self._path.absolute().as_uri()}?mode=rw"
            with closing(sqlite3.connect(address, uri=True)) as connection:
                connection.execute("PRAGMA synchronous = NORMAL")
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
