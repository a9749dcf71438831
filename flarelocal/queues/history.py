"""Every delivery of every message: when, in which batch, and what came of it."""

from __future__ import annotations

import json
import sqlite3
from asyncio import Future
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from flarelocal.database import Database, Single
from flarelocal.dataclass import dataclass
from flarelocal.queues.identity import number_of
from flarelocal.queues.message import Message

__all__ = ["Attempt", "History", "Lost"]

_PRUNE_EVERY = 1000


@dataclass(frozen=True, slots=True)
class Attempt:
    """One delivery of one message."""

    number: int
    """1 is the first; counted anew in a dead-letter queue"""
    queue: str
    batch: int
    started_ms: int
    ended_ms: int | None
    """None while the consumer has the batch"""
    outcome: str | None
    """of the batch: "ok", "exception", …; "pulled", or "lost" with a process that died"""
    result: str | None
    """of the message: "acked", "retried", "dead-lettered", "dropped", "lost", or None while open"""
    error: str | None
    """the traceback of the handler"""
    logs: list[tuple[str, str]]
    """level and text of what the handler printed for the whole batch"""


@dataclass(frozen=True, slots=True)
class Lost:
    """A delivery whose consumer died with the process."""

    batch: int
    queue: str
    messages: int


class History:
    """Reads and writes the table of deliveries.

    Args:
        retention_ms: how long a delivery is remembered.
    """

    def __init__(self, database: Database, retention_ms: int) -> None:
        self._database = database
        self._retention_ms = retention_ms
        self._since_pruning = 0

    def open(
        self, batch: int, queue: str, now_ms: int, messages: Sequence[Message]
    ) -> Future[None]:
        """Note that messages are about to be handed out; they count as delivered from now on."""
        self._since_pruning += 1
        if self._since_pruning >= _PRUNE_EVERY:
            self._since_pruning = 0
            self.prune(now_ms)
        numbers = [message.number for message in messages]
        lowest, highest = min(numbers), max(numbers)
        attempts: int | dict[int, int] = messages[0].attempts
        if highest - lowest >= len(messages) or len({each.attempts for each in messages}) > 1:
            attempts = {message.number: message.attempts for message in messages}
        row = (batch, queue, now_ms, lowest, highest, json.dumps(attempts))
        return self._database.share(Single(_OPEN, row))

    def close(
        self,
        batch: int,
        now_ms: int,
        outcome: str,
        error: str | None,
        results: Mapping[str, Iterable[Message]],
        logs: Sequence[tuple[str, str]] = (),
    ) -> Future[None]:
        """Note what came of it; messages without a word on them were acknowledged."""
        flat = {
            message.number: result for result, messages in results.items() for message in messages
        }
        printed = json.dumps(logs) if logs else None
        row = (now_ms, outcome, error, json.dumps(flat), printed, batch)
        return self._database.share(Single(_CLOSE, row), soon=False)

    def note(self, batch: int, identity: str, result: str) -> Future[None]:
        """Note what came of a message of a delivery that was pulled."""
        row = (f'$."{number_of(identity)}"', result, batch)
        return self._database.share(Single(_NOTE, row))

    def highest(self) -> Future[int]:
        """The highest number of a delivery."""
        return self._database.transact(_highest)

    def recover(self, now_ms: int) -> Future[list[Lost]]:
        """Close what a process left open when it died, and count it as attempts."""
        return self._database.transact(partial(_recover, now_ms))

    def prune(self, now_ms: int) -> Future[None]:
        """Forget deliveries that are older than the retention period."""
        return self._database.transact(
            Single("DELETE FROM delivery WHERE ended < ?", (now_ms - self._retention_ms,))
        )

    def of(self, identity: str, now_ms: int) -> Future[list[Attempt]]:
        """The deliveries of a message, the first one first."""
        return self._database.transact(
            partial(_of, number_of(identity), now_ms - self._retention_ms)
        )


_OPEN = (
    "INSERT INTO delivery (number, queue, started, lowest, highest, attempts, results)"
    " VALUES (?, ?, ?, ?, ?, ?, '{}')"
)
_NOTE = "UPDATE delivery SET results = json_set(results, ?, ?) WHERE number = ?"
_CLOSE = (
    "UPDATE delivery SET ended = ?, outcome = ?, error = ?, results = ?, logs = ? WHERE number = ?"
)


def _highest(connection: sqlite3.Connection) -> int:
    return connection.execute("SELECT max(number) FROM delivery").fetchone()[0] or 0


def _recover(now_ms: int, connection: sqlite3.Connection) -> list[Lost]:
    rows = connection.execute(
        "SELECT number, queue, lowest, highest, attempts FROM delivery WHERE outcome IS NULL"
    ).fetchall()
    lost = []
    for batch, queue, lowest, highest, text in rows:
        attempts = json.loads(text)
        numbers = range(lowest, highest + 1) if isinstance(attempts, int) else attempts
        connection.executemany(
            "UPDATE message SET attempts = attempts + 1 WHERE number = ?",
            [(int(number),) for number in numbers],
        )
        connection.execute(
            _CLOSE, (now_ms, "lost", None, json.dumps(dict.fromkeys(numbers, "lost")), None, batch)
        )
        lost.append(Lost(batch, queue, len(numbers)))
    return lost


def _of(number: int, since_ms: int, connection: sqlite3.Connection) -> list[Attempt]:
    path = f'$."{number}"'
    rows = connection.execute(
        "SELECT coalesce(json_extract(attempts, ?), CASE json_type(attempts)"
        "  WHEN 'integer' THEN json_extract(attempts, '$') END) AS attempt,"
        " queue, number, started, ended, outcome, json_extract(results, ?), error, logs"
        " FROM delivery"
        " WHERE ? BETWEEN lowest AND highest AND attempt IS NOT NULL"
        " AND (ended IS NULL OR ended >= ?) ORDER BY delivery.number",
        (path, path, number, since_ms),
    )
    attempts = []
    for attempt, queue, batch, started, ended, outcome, result, error, logs in rows:
        if result is None and outcome not in (None, "pulled"):
            result = "acked"
        printed = [(level, text) for level, text in json.loads(logs or "[]")]
        attempts.append(
            Attempt(attempt, queue, batch, started, ended, outcome, result, error, printed)
        )
    return attempts
