"""Databases in memory, which serve one emulator after the other."""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Sequence

from flarelocal.schema import prepare

__all__ = ["CACHED_STATEMENTS", "Memory", "new_in_memory"]

CACHED_STATEMENTS = 256


class Memory:
    """Keeps databases that nobody uses any more, emptied, for whoever needs such a database next.

    A new one would have to parse each statement anew, which takes ten times as long as running it.
    """

    def __init__(self) -> None:
        self._resting: dict[tuple[str, ...], list[sqlite3.Connection]] = {}
        self._changes: dict[sqlite3.Connection, int] = {}

    def take(self, schema: Sequence[str]) -> sqlite3.Connection:
        """An empty database, whose user leaves its schema as it is.

        Args:
            schema: the SQL scripts that make one.
        """
        resting = self._resting.get(tuple(schema))
        connection = resting.pop() if resting else new_in_memory(schema)
        self._changes[connection] = connection.total_changes
        return connection

    def give_back(self, schema: Sequence[str], connection: sqlite3.Connection) -> None:
        """Keep a database that nobody uses any more."""
        if connection.total_changes != self._changes.pop(connection):
            for table in _tables(tuple(schema)):
                connection.execute(f"DELETE FROM {table}")
        self._resting.setdefault(tuple(schema), []).append(connection)

    def close(self) -> None:
        """Close all that nobody uses."""
        for resting in self._resting.values():
            for connection in resting:
                connection.close()
        self._resting.clear()


def new_in_memory(schema: Sequence[str]) -> sqlite3.Connection:
    """A new empty database."""
    connection = sqlite3.connect(
        ":memory:",
        isolation_level=None,
        cached_statements=CACHED_STATEMENTS,
        check_same_thread=False,
    )
    _blank(tuple(schema)).backup(connection)
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


@functools.cache
def _blank(schema: tuple[str, ...]) -> sqlite3.Connection:
    """A database that is never written: to copy it takes a fifth of the time of making it."""
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    prepare(schema, None, connection)
    return connection


@functools.cache
def _tables(schema: tuple[str, ...]) -> list[str]:
    # Those first that may refer to others.
    found = _blank(schema).execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid DESC"
    )
    return [name for (name,) in found]
