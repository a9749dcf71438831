"""Looking into queues without touching them."""

from __future__ import annotations

import json
import sqlite3
from asyncio import Future
from collections.abc import Collection
from enum import StrEnum
from functools import partial

from flarelocal.database import Database
from flarelocal.dataclass import dataclass
from flarelocal.queues.identity import message_id, number_of
from flarelocal.queues.message import ContentType, Message
from flarelocal.queues.settings import ConsumerSettings, PullSettings, QueueSettings

__all__ = ["Inspection", "QueueInfo", "State", "StoredMessage"]


class State(StrEnum):
    """Where a message is on its way."""

    READY = "ready"
    DELAYED = "delayed"
    IN_FLIGHT = "in_flight"


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A message of a queue, as it lies there."""

    message: Message
    """`attempts` is the number of the present or next delivery"""
    state: State
    due_ms: int | None
    """when it becomes ready, or its lease is over"""
    expires_ms: int
    dead_letter_of: str | None
    """the queue that gave it up"""


@dataclass(frozen=True, slots=True)
class QueueInfo:
    """A queue at a glance."""

    name: str
    id: str
    created_ms: int
    modified_ms: int
    settings: QueueSettings
    ready: int
    delayed: int
    in_flight: int
    """with a Worker, or leased to somebody who pulled them"""
    dead_letters: int
    """messages that this queue gave up and that are in its dead-letter queue"""
    consumer: ConsumerSettings | PullSettings | None
    concurrency: int
    """how many batches its Worker may have at present"""
    purged_ms: int | None = None
    """when this process purged it last"""


class Inspection:
    """Reads the table of messages."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def peek(
        self,
        queue: str,
        in_flight: Collection[str],
        state: State | None,
        limit: int,
        offset: int,
    ) -> Future[list[StoredMessage]]:
        """Messages in the order of their delivery.

        Args:
            in_flight: ids of the messages that are with a Worker.
        """
        return self._database.read(
            partial(_peek, queue, json.dumps(list(map(number_of, in_flight))), state, limit, offset)
        )

    def dead_letters(self) -> Future[dict[str, int]]:
        """How many dead letters there are, by the queue they came from."""
        return self._database.read(_dead_letters)


def _peek(
    queue: str,
    in_flight: str,
    state: State | None,
    limit: int,
    offset: int,
    connection: sqlite3.Connection,
) -> list[StoredMessage]:
    wanted = state and state.value
    rows = connection.execute(
        f"SELECT CASE WHEN lease > 0 THEN '{State.IN_FLIGHT}'"
        f" WHEN number IN (SELECT value FROM json_each(?)) THEN '{State.IN_FLIGHT}'"
        f" WHEN due > 0 THEN '{State.DELAYED}' ELSE '{State.READY}' END AS state,"
        " due, expires, origin, number, salt, timestamp, attempts, content_type, body"
        " FROM message WHERE queue = ? AND (? IS NULL OR state = ?)"
        " ORDER BY due, turn LIMIT ? OFFSET ?",
        (in_flight, queue, wanted, wanted, limit, offset),
    )
    return [
        StoredMessage(
            Message(
                message_id(salt, number), timestamp, attempts + 1, ContentType(kind), body, number
            ),
            State(found),
            due or None,
            expires,
            origin,
        )
        for found, due, expires, origin, number, salt, timestamp, attempts, kind, body in rows
    ]


def _dead_letters(connection: sqlite3.Connection) -> dict[str, int]:
    return dict(
        connection.execute(
            "SELECT origin, count(*) FROM message WHERE origin IS NOT NULL GROUP BY origin"
        ).fetchall()
    )
