"""The messages of all queues in the state file.

Every method takes effect in the order of the calls and gives a future that is done once the
change is on disk.
"""

from __future__ import annotations

import json
import sqlite3
from asyncio import Future
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache, partial
from itertools import islice
from typing import Any

from flarelocal.database import Database, Single
from flarelocal.dataclass import dataclass
from flarelocal.queues.identity import message_id, number_of, numbers_of, runs_of
from flarelocal.queues.message import ContentType, Message

__all__ = ["Arrival", "Census", "Opening", "Promotion", "Reclaimed", "Redrive", "Store"]

_CONTENT_TYPES = {kind.value: kind for kind in ContentType}
_MESSAGE = "number, salt, timestamp, attempts, content_type, body"
_DELETE = "DELETE FROM message WHERE number BETWEEN ? AND ?"
_ROWS = 1000
"""how many are added by one statement, which takes 32,766 parameters at most"""


@dataclass(frozen=True, slots=True)
class Opening:
    """What there is when a process begins."""

    highest: int
    """number or turn"""
    queues: list[str]


@dataclass(frozen=True, slots=True)
class Arrival:
    """Messages that were sent together."""

    queue: str
    salt: int
    first: int
    """number and turn of the first message; the others follow"""
    timestamp_ms: int
    expires_ms: int
    rows: list[tuple[int, str, bytes]]
    """due (0: at once), content type, body"""


@dataclass(frozen=True, slots=True)
class Census:
    """What a queue holds on disk, apart from what is in flight."""

    ready: int
    ready_bytes: int
    delayed: int
    leased: int
    next_due: int | None
    next_expiry: int | None


@dataclass(frozen=True, slots=True)
class Promotion:
    """Messages whose waiting is over."""

    count: int
    size: int
    leased: int
    """how many of them had been pulled"""
    next_due: int | None


@dataclass(frozen=True, slots=True)
class Reclaimed:
    """A message that somebody had pulled."""

    message: Message
    current: bool
    """its lease was not over yet, and now is"""


@dataclass(frozen=True, slots=True)
class Redrive:
    """How dead letters join the queues they came from."""

    first_turn: int
    limit: int
    now_ms: int
    retention_s: int
    """of queues which have no settings of their own"""


class Store:
    """Reads and writes the table of messages."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def opening(self) -> Future[Opening]:
        return self._database.transact(_opening)

    def add(self, arrival: Arrival) -> Future[None]:
        return self._database.share(partial(_add, arrival))

    def delete(self, numbers: Collection[int]) -> Future[None]:
        runs = runs_of(numbers)
        work = Single(_DELETE, runs[0]) if len(runs) == 1 else partial(_delete, runs)
        return self._database.share(work, soon=False)

    def retry(self, numbers: Sequence[int], due: int, first_turn: int) -> Future[None]:
        """Count an attempt, and have the messages wait again."""
        return self._database.share(
            Single(
                "UPDATE message SET attempts = attempts + 1, lease = 0, due = ?, turn = ? + r.key"
                " FROM json_each(?) AS r WHERE number = r.value",
                (due, first_turn, json.dumps(numbers)),
            )
        )

    def move(
        self,
        numbers: Sequence[int],
        queue: str,
        *,
        origin: str,
        due: int,
        first_turn: int,
        expires_ms: int,
    ) -> Future[None]:
        """Put messages into another queue, as if they had not been delivered yet."""
        return self._database.share(
            Single(
                "UPDATE message SET queue = ?, origin = ?, attempts = 0, lease = 0, due = ?,"
                " turn = ? + r.key, expires = ?"
                " FROM json_each(?) AS r WHERE number = r.value",
                (queue, origin, due, first_turn, expires_ms, json.dumps(numbers)),
            )
        )

    def lease(
        self, numbers: Sequence[int], delivery: int, until_ms: int, first_turn: int
    ) -> Future[None]:
        """Have the messages wait until the lease is over."""
        return self._database.share(
            Single(
                "UPDATE message SET lease = ?, due = ?,"
                " turn = ? + r.key FROM json_each(?) AS r WHERE number = r.value",
                (delivery, until_ms, first_turn, json.dumps(numbers)),
            )
        )

    def reclaim(
        self, queue: str, leases: Mapping[str, tuple[int, str]]
    ) -> Future[dict[str, Reclaimed]]:
        """End leases, so that their messages are in flight.

        Args:
            leases: by lease id, the delivery and the id of the message.
        """
        return self._database.share(partial(_reclaim, queue, leases))

    def page(self, queue: str, after: int, limit: int) -> Future[list[tuple[int, Message]]]:
        """Ready messages behind a turn, each with its own."""
        return self._database.read(partial(_page, queue, after, limit))

    def promote(self, queue: str, now_ms: int, first_turn: int, limit: int) -> Future[Promotion]:
        """Make messages ready that are due, at most `limit`, the longest due one first."""
        return self._database.transact(partial(_promote, queue, now_ms, first_turn, limit))

    def census(self, queue: str, in_flight: Collection[str]) -> Future[Census]:
        return self._database.transact(partial(_census, queue, _numbers(in_flight)))

    def expire(self, now_ms: int, limit: int) -> Future[dict[str, list[str]]]:
        """Delete messages whose time is over, at most `limit`; their ids by queue."""
        return self._database.transact(partial(_expire, now_ms, limit))

    async def written(self) -> None:
        """Return when everything that was asked for before is on disk."""
        await self._database.written()

    def next_expiry(self) -> Future[int | None]:
        return self._database.transact(partial(_value, "SELECT min(expires) FROM message", ()))

    def purge(self, queue: str) -> Future[int]:
        """Delete all messages of a queue; their number."""
        return self._database.transact(
            partial(_change, "DELETE FROM message WHERE queue = ?", (queue,))
        )

    def discard(self, queue: str, ids: Collection[str]) -> Future[list[str]]:
        """Delete these messages of a queue; the ids of those that there were."""
        return self._database.transact(partial(_discard, queue, ids))

    def redrive(
        self, queue: str, ids: Collection[str] | None, apart: Collection[str], order: Redrive
    ) -> Future[dict[str, int]]:
        """Put dead letters back where they came from; how many, by queue.

        Args:
            ids: which ones, None: all of them.
            apart: ids of those that stay, as they are in flight.
        """
        return self._database.transact(
            partial(_redrive, queue, None if ids is None else set(ids), _numbers(apart), order)
        )


def _numbers(ids: Iterable[str]) -> str:
    return json.dumps(numbers_of(ids))


def _message(row: Sequence[Any]) -> Message:
    number, salt, timestamp, attempts, content_type, body = row
    kind = _CONTENT_TYPES[content_type]
    return Message(message_id(salt, number), timestamp, attempts + 1, kind, body, number)


def _change(sql: str, parameters: Sequence[Any], connection: sqlite3.Connection) -> int:
    return connection.execute(sql, parameters).rowcount


def _value(sql: str, parameters: Sequence[Any], connection: sqlite3.Connection) -> Any:
    return connection.execute(sql, parameters).fetchone()[0]


def _opening(connection: sqlite3.Connection) -> Opening:
    turns = dict(connection.execute("SELECT queue, max(turn) FROM message GROUP BY queue"))
    number = _value("SELECT max(number) FROM message", (), connection)
    return Opening(max(number or 0, *turns.values(), 0), list(turns))


@cache
def _insertion(rows: int) -> str:
    # One statement for all rows: the interpreter's lock is let go and taken back only once.
    values = ", ".join(["(?, ?, ?, ?, ?, ?, ?, 0, 0, NULL, ?, ?)"] * rows)
    return f"INSERT INTO message VALUES {values}"


def _add(arrival: Arrival, connection: sqlite3.Connection) -> None:
    rows = enumerate(arrival.rows, arrival.first)
    same = (arrival.queue, arrival.salt, arrival.timestamp_ms, arrival.expires_ms)
    while some := list(islice(rows, _ROWS)):
        parameters = [
            value
            for number, (due, content_type, body) in some
            for value in (number, *same, due, number, content_type, body)
        ]
        connection.execute(_insertion(len(some)), parameters)


def _delete(runs: Sequence[tuple[int, int]], connection: sqlite3.Connection) -> None:
    connection.executemany(_DELETE, runs)


def _page(
    queue: str, after: int, limit: int, connection: sqlite3.Connection
) -> list[tuple[int, Message]]:
    rows = connection.execute(
        f"SELECT turn, {_MESSAGE} FROM message"
        " WHERE queue = ? AND due = 0 AND turn > ? ORDER BY turn LIMIT ?",
        (queue, after, limit),
    )
    return [(row[0], _message(row[1:])) for row in rows]


def _reclaim(
    queue: str, leases: Mapping[str, tuple[int, str]], connection: sqlite3.Connection
) -> dict[str, Reclaimed]:
    reclaimed = {}
    for lease_id, (delivery, identity) in leases.items():
        row = connection.execute(
            f"SELECT lease, {_MESSAGE} FROM message WHERE number = ? AND queue = ?",
            (number_of(identity), queue),
        ).fetchone()
        if row is None or (message := _message(row[1:])).id != identity:
            continue
        current = row[0] == delivery
        if current:
            connection.execute("UPDATE message SET due = 0, lease = 0 WHERE number = ?", (row[1],))
        reclaimed[lease_id] = Reclaimed(message, current)
    return reclaimed


def _promote(
    queue: str, now_ms: int, first_turn: int, limit: int, connection: sqlite3.Connection
) -> Promotion:
    rows = connection.execute(
        "SELECT number, length(body), lease > 0 FROM message"
        " WHERE queue = ? AND due BETWEEN 1 AND ? ORDER BY due, turn LIMIT ?",
        (queue, now_ms, limit),
    ).fetchall()
    connection.executemany(
        "UPDATE message SET attempts = attempts + (lease > 0), due = 0, lease = 0, turn = ?"
        " WHERE number = ?",
        [(turn, row[0]) for turn, row in enumerate(rows, first_turn)],
    )
    next_due = _value(
        "SELECT min(due) FROM message WHERE queue = ? AND due > 0", (queue,), connection
    )
    return Promotion(len(rows), sum(row[1] for row in rows), sum(row[2] for row in rows), next_due)


def _census(queue: str, in_flight: str, connection: sqlite3.Connection) -> Census:
    row = connection.execute(
        "SELECT count(*) FILTER (WHERE due = 0), sum(length(body)) FILTER (WHERE due = 0),"
        " count(*) FILTER (WHERE due > 0 AND lease = 0), count(*) FILTER (WHERE lease > 0),"
        " min(due) FILTER (WHERE due > 0), min(expires)"
        " FROM message WHERE queue = ? AND number NOT IN (SELECT value FROM json_each(?))",
        (queue, in_flight),
    ).fetchone()
    ready, size, delayed, leased, next_due, next_expiry = row
    return Census(ready, size or 0, delayed, leased, next_due, next_expiry)


def _expire(now_ms: int, limit: int, connection: sqlite3.Connection) -> dict[str, list[str]]:
    rows = connection.execute(
        "SELECT queue, salt, number FROM message WHERE expires <= ? ORDER BY expires LIMIT ?",
        (now_ms, limit),
    ).fetchall()
    _delete(runs_of([number for _, _, number in rows]), connection)
    return _by_queue(rows)


def _discard(queue: str, ids: Collection[str], connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute(
        "SELECT salt, number FROM message"
        " WHERE queue = ? AND number IN (SELECT value FROM json_each(?))",
        (queue, json.dumps([*map(number_of, ids)])),
    )
    found = [identity for row in rows if (identity := message_id(*row)) in ids]
    _delete(runs_of(numbers_of(found)), connection)
    return found


def _redrive(
    queue: str,
    ids: set[str] | None,
    apart: str,
    order: Redrive,
    connection: sqlite3.Connection,
) -> dict[str, int]:
    numbers = None if ids is None else json.dumps([*map(number_of, ids)])
    rows = connection.execute(
        "SELECT number, salt, origin FROM message WHERE queue = ? AND origin IS NOT NULL"
        " AND number NOT IN (SELECT value FROM json_each(?))"
        " AND (? IS NULL OR number IN (SELECT value FROM json_each(?)))"
        " ORDER BY due, turn LIMIT ?",
        (queue, apart, numbers, numbers, order.limit),
    ).fetchall()
    if ids is not None:
        rows = [row for row in rows if message_id(row[1], row[0]) in ids]
    connection.execute(
        "UPDATE message SET queue = origin, origin = NULL, attempts = 0, lease = 0, due = 0,"
        " turn = ? + r.key, expires = ? + 1000 * coalesce("
        "  (SELECT retention FROM queue WHERE name = message.origin), ?)"
        " FROM json_each(?) AS r WHERE number = r.value",
        (
            order.first_turn,
            order.now_ms,
            order.retention_s,
            json.dumps([number for number, _, _ in rows]),
        ),
    )
    return Counter(origin for _, _, origin in rows)


def _by_queue(rows: Iterable[tuple[str, int, int]]) -> dict[str, list[str]]:
    ids: dict[str, list[str]] = {}
    for queue, salt, number in rows:
        ids.setdefault(queue, []).append(message_id(salt, number))
    return ids
