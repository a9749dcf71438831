"""The schema of a state file, brought to the newest version."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

__all__ = ["CorruptStateError", "prepare"]


class CorruptStateError(Exception):
    """A file of the state directory is not what this version can read."""


def prepare(schema: Sequence[str], path: Path | None, connection: sqlite3.Connection) -> None:
    """Make a database ready for use.

    Args:
        schema: SQL scripts; script n brings version n of the file to version n + 1.
        path: of the file; None: it is in memory.

    Raises:
        CorruptStateError: the file is newer than `schema`.
        sqlite3.DatabaseError: it is no SQLite file, or is damaged.
    """
    connection.execute("PRAGMA journal_mode = WAL")
    # WAL with NORMAL loses nothing when the process dies, only when the machine does.
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > len(schema):
        raise CorruptStateError(
            f"{path}: written by a newer flarelocal (schema {version}, this one knows "
            f"{len(schema)}): upgrade flarelocal, or delete the file to start afresh"
        )
    for number, script in enumerate(schema[version:], version + 1):
        connection.executescript(
            f"BEGIN IMMEDIATE; {script}; PRAGMA user_version = {number}; COMMIT"
        )
