"""Up to when the runs of each cron are settled, remembered over restarts."""

from __future__ import annotations

import asyncio
import contextvars
import sqlite3
from collections.abc import Collection

from flarelocal.cron.events import CronHistoryFailed
from flarelocal.database import Database, Statement
from flarelocal.journal import Journal

__all__ = ["SCHEMA", "History"]

SCHEMA = (
    """
    CREATE TABLE cron_history (
        worker TEXT NOT NULL,
        cron TEXT NOT NULL,
        settled_until INTEGER NOT NULL,
        PRIMARY KEY (worker, cron)
    ) WITHOUT ROWID
    """,
)

_SAVE = """
    INSERT INTO cron_history VALUES (?, ?, ?)
    ON CONFLICT DO UPDATE SET settled_until = excluded.settled_until
"""


class History:
    """The crons of one Worker in a database that was opened with `SCHEMA`.

    Writing never holds up a run: what is recorded goes to the file in the background.
    """

    def __init__(self, database: Database, worker: str, journal: Journal) -> None:
        self._database = database
        self._worker = worker
        self._journal = journal
        self._unsaved: dict[str, int] = {}
        self._writer: asyncio.Task[None] | None = None

    async def load(self) -> dict[str, int]:
        """Up to when (ms since 1970) the runs of each known cron are settled."""
        rows = await self._database.fetch(
            "SELECT cron, settled_until FROM cron_history WHERE worker = ?", (self._worker,)
        )
        return dict(rows)

    async def forget(self, crons: Collection[str]) -> None:
        """Drop crons, so that nothing counts as missed should they come back."""
        await self.flush()
        rows = [(self._worker, cron) for cron in crons]
        if rows:
            sql = "DELETE FROM cron_history WHERE worker = ? AND cron = ?"
            await self._database.write([Statement(sql, rows)])

    def record(self, cron: str, settled_until: int) -> None:
        """Remember that the runs up to and including this time are settled."""
        self._unsaved[cron] = settled_until
        if self._writer is None:
            self._writer = asyncio.get_running_loop().create_task(
                self._write(), context=contextvars.Context()
            )

    async def flush(self) -> None:
        """Return when all that was recorded is in the file, or could not be written."""
        while self._writer is not None:
            await asyncio.shield(self._writer)

    async def _write(self) -> None:
        try:
            while self._unsaved:
                unsaved, self._unsaved = self._unsaved, {}
                rows = [(self._worker, cron, until) for cron, until in unsaved.items()]
                try:
                    await self._database.write([Statement(_SAVE, rows)])
                except sqlite3.Error as error:
                    self._unsaved = unsaved | self._unsaved
                    self._journal.record(CronHistoryFailed(self._worker, str(error)))
                    break
        finally:
            self._writer = None
