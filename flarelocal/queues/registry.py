"""The queues that are known by name, with their settings."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from asyncio import Future
from dataclasses import asdict
from functools import partial

from flarelocal.database import Database
from flarelocal.dataclass import dataclass
from flarelocal.queues.settings import PullSettings, QueueSettings

__all__ = ["Record", "Registry", "queue_id"]


@dataclass(frozen=True, slots=True)
class Record:
    """What is kept of a queue apart from its messages."""

    name: str
    created_ms: int
    modified_ms: int
    settings: QueueSettings
    pull: PullSettings | None = None
    """how its messages are pulled, if they are"""


class Registry:
    """Reads and writes the table of queues."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self) -> Future[list[Record]]:
        return self._database.transact(_load)

    def save(self, record: Record) -> Future[None]:
        return self._database.share(partial(_save, record))

    def forget(self, name: str) -> Future[None]:
        return self._database.transact(partial(_forget, name))


def queue_id(name: str) -> str:
    """The id of a queue: 32 hexadecimal digits, the same in every state directory."""
    return hashlib.blake2b(name.encode(), digest_size=16).hexdigest()


def _load(connection: sqlite3.Connection) -> list[Record]:
    rows = connection.execute(
        "SELECT name, created, modified, delivery_delay, retention, paused, pull"
        " FROM queue ORDER BY name"
    )
    return [
        Record(
            name,
            created,
            modified,
            QueueSettings(delay, retention, bool(paused)),
            PullSettings(**json.loads(pull)) if pull else None,
        )
        for name, created, modified, delay, retention, paused, pull in rows
    ]


def _save(record: Record, connection: sqlite3.Connection) -> None:
    settings = record.settings
    row = connection.execute("SELECT retention FROM queue WHERE name = ?", (record.name,))
    before, *_ = row.fetchone() or (QueueSettings().retention_s,)
    if before != settings.retention_s:
        connection.execute(
            "UPDATE message SET expires = expires + ? WHERE queue = ?",
            (1000 * (settings.retention_s - before), record.name),
        )
    connection.execute(
        "INSERT OR REPLACE INTO queue"
        " (name, created, modified, delivery_delay, retention, paused, pull)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            record.name,
            record.created_ms,
            record.modified_ms,
            settings.delivery_delay_s,
            settings.retention_s,
            settings.paused,
            json.dumps(asdict(record.pull)) if record.pull else None,
        ),
    )


def _forget(name: str, connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM queue WHERE name = ?", (name,))
