"""Whole databases as bytes."""

from __future__ import annotations

from functools import cache

import apsw

__all__ = ["image_of", "in_rollback_mode", "in_wal_mode"]

_FORMAT = slice(18, 20)


@cache
def image_of(script: str) -> bytes:
    """The database that statements make: to copy one is cheaper than to have it made each time."""
    connection = apsw.Connection(":memory:")
    connection.execute(f"BEGIN; {script}; COMMIT" if script else "BEGIN IMMEDIATE; COMMIT")
    image = connection.serialize("main")
    connection.close()
    return in_wal_mode(image)


def in_wal_mode(image: bytes) -> bytes:
    """The same database, as it is in a file."""
    return _as(image, b"\2\2")


def in_rollback_mode(image: bytes) -> bytes:
    """The same database, as it can be in memory."""
    return _as(image, b"\1\1")


def _as(image: bytes, journal: bytes) -> bytes:
    return image[: _FORMAT.start] + journal + image[_FORMAT.stop :]
