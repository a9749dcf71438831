"""The index of objects: what the parts of a transaction do to it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from flarelocal.storage.r2.content import Blobs, Piece, dump_pieces, load_pieces
from flarelocal.storage.r2.objects import R2Metadata, R2Object

__all__ = [
    "COLUMNS",
    "collect",
    "find",
    "known_blobs",
    "object_of",
    "remove",
    "save",
    "use_blob",
    "yield_blobs",
]

COLUMNS = (
    "key, version, size, etag, uploaded_ms, checksums, http_metadata, custom_metadata, "
    "storage_class, ssec_key_md5"
)
"""those of an `R2Object`"""

_FIND = f"SELECT {COLUMNS}, pieces, data FROM r2_object WHERE bucket = ? AND key = ?"
_CHANGED = [name for name in COLUMNS.split(", ") if name != "key"] + ["pieces", "data"]
_SAVE = f"""
    INSERT INTO r2_object ({COLUMNS}, bucket, pieces, data)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _CHANGED)}
"""
_PIECES = "SELECT pieces FROM r2_object WHERE bucket = ? AND key = ? AND pieces IS NOT NULL"
_REMOVE = "DELETE FROM r2_object WHERE bucket = ? AND key = ?"
_USE = """
    INSERT INTO r2_blob (sha256, uses) VALUES (?, ?)
    ON CONFLICT DO UPDATE SET uses = uses + excluded.uses
"""


def object_of(row: tuple[object, ...]) -> R2Object:
    """The object of a row of `COLUMNS`."""
    key, version, size, etag, uploaded_ms, checksums, *metadata = row
    return R2Object(key, version, size, etag, uploaded_ms, checksums, R2Metadata(*metadata))  # type: ignore[arg-type]


def find(
    connection: sqlite3.Connection, bucket: str, key: str
) -> tuple[R2Object, str | None, bytes | None] | None:
    """An object, with its pieces or its content."""
    row = connection.execute(_FIND, (bucket, key)).fetchone()
    return (object_of(row[:-2]), row[-2], row[-1]) if row else None


def save(
    connection: sqlite3.Connection, bucket: str, object: R2Object, content: bytes | list[Piece]
) -> bool:
    """Put an object in the place of that with its key; whether blobs may be of no use any more.

    The uses of the pieces are counted already.
    """
    freed = _let_go(connection, bucket, object.key)
    metadata = object.metadata
    pieces, data = (None, content) if isinstance(content, bytes) else (dump_pieces(content), None)
    row = (
        object.key,
        object.version,
        object.size,
        object.etag,
        object.uploaded_ms,
        object.checksums,
        metadata.http,
        metadata.custom,
        metadata.storage_class,
        metadata.ssec_key_md5,
        bucket,
        pieces,
        data,
    )
    connection.execute(_SAVE, row)
    return freed


def remove(connection: sqlite3.Connection, bucket: str, key: str) -> bool:
    """Remove an object if there is one; whether blobs may be of no use any more."""
    freed = _let_go(connection, bucket, key)
    connection.execute(_REMOVE, (bucket, key))
    return freed


def _let_go(connection: sqlite3.Connection, bucket: str, key: str) -> bool:
    row = connection.execute(_PIECES, (bucket, key)).fetchone()
    if row is None:
        return False
    yield_blobs(connection, (piece.sha256 for piece in load_pieces(row[0])))
    return True


def use_blob(connection: sqlite3.Connection, sha256: str, uses: int = 1) -> None:
    """Count a use of a blob; with 0 it is only known."""
    connection.execute(_USE, (sha256, uses))


def yield_blobs(connection: sqlite3.Connection, names: Iterable[str]) -> None:
    """Count a use less of each."""
    connection.executemany(
        "UPDATE r2_blob SET uses = uses - 1 WHERE sha256 = ?", [(name,) for name in names]
    )


def collect(blobs: Blobs, connection: sqlite3.Connection) -> None:
    """Remove the blobs that nothing uses."""
    unused = connection.execute("SELECT sha256 FROM r2_blob WHERE uses = 0").fetchall()
    gone = [row for row in unused if blobs.remove(row[0])]
    connection.executemany("DELETE FROM r2_blob WHERE sha256 = ?", gone)


def known_blobs(connection: sqlite3.Connection) -> set[str]:
    """All blobs of objects and of parts of uploads."""
    return {name for (name,) in connection.execute("SELECT sha256 FROM r2_blob")}
