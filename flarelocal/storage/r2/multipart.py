"""Uploads in parts: what becomes an object once all parts are there."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from flarelocal.storage.r2 import index
from flarelocal.storage.r2.content import Piece
from flarelocal.storage.r2.errors import (
    BAD_UPLOAD,
    INTERNAL,
    INVALID_PART,
    NO_SUCH_UPLOAD,
    TOO_SMALL,
    R2Error,
)
from flarelocal.storage.r2.limits import SMALLEST_PART_BYTES
from flarelocal.storage.r2.objects import R2Metadata, R2Object

__all__ = ["Part", "Upload", "UploadedPart", "abort", "begin", "complete", "put_part"]

_BEGIN = """
    INSERT INTO r2_upload
        (id, bucket, key, http_metadata, custom_metadata, storage_class, ssec_key_md5)
    VALUES (?, ?, ?, ?, ?, ?, ?)
"""
_UPLOAD = """
    SELECT open, http_metadata, custom_metadata, storage_class, ssec_key_md5
    FROM r2_upload WHERE id = ? AND bucket = ? AND key = ?
"""
_PUT_PART = """
    INSERT OR REPLACE INTO r2_part (upload, number, etag, md5, sha256, size)
    VALUES (?, ?, ?, ?, ?, ?)
"""
_PARTS = "SELECT number, etag, md5, sha256, size FROM r2_part WHERE upload = ?"


class UploadedPart(NamedTuple):
    """What a client remembers of a part."""

    number: int
    etag: str


class Upload(NamedTuple):
    """What names an upload."""

    id: str
    bucket: str
    key: str


class Part(NamedTuple):
    """A part as it is kept."""

    number: int
    etag: str
    md5: str
    sha256: str
    size: int


def begin(upload: Upload, metadata: R2Metadata, connection: sqlite3.Connection) -> str:
    """Remember an upload; gives its id."""
    given = (metadata.http, metadata.custom, metadata.storage_class, metadata.ssec_key_md5)
    connection.execute(_BEGIN, (*upload, *given))
    return upload.id


def put_part(upload: Upload, part: Part, connection: sqlite3.Connection) -> bool:
    """Keep a part in the place of that with its number; whether the upload takes parts."""
    index.use_blob(connection, part.sha256, 0)
    row = connection.execute(_UPLOAD, upload).fetchone()
    if row is None or not row[0]:
        return False
    where = (upload.id, part.number)
    replaced = connection.execute(
        "SELECT sha256 FROM r2_part WHERE upload = ? AND number = ?", where
    ).fetchall()
    index.yield_blobs(connection, [sha256 for (sha256,) in replaced])
    index.use_blob(connection, part.sha256)
    connection.execute(_PUT_PART, (upload.id, *part))
    return True


def complete(
    upload: Upload,
    chosen: Sequence[UploadedPart],
    version: str,
    now_ms: int,
    connection: sqlite3.Connection,
) -> R2Object:
    """Make an object of the parts that were chosen; the others are let go of.

    Raises:
        R2Error: there is no such upload, or the parts make no object.
    """
    row = connection.execute(_UPLOAD, upload).fetchone()
    if row is None or len({part.number for part in chosen}) < len(chosen):
        raise R2Error(INTERNAL)
    if not row[0]:
        raise R2Error(NO_SUCH_UPLOAD)
    kept = {part.number: part for part in _parts(connection, upload)}
    parts = []
    for part in chosen:
        found = kept.get(part.number)
        if found is None or found.etag != part.etag:
            raise R2Error(INVALID_PART)
        parts.append(found)
    _check_sizes(parts)
    parts.sort()
    made = R2Object(
        upload.key,
        version,
        sum(part.size for part in parts),
        _etag(parts),
        now_ms,
        "{}",
        R2Metadata(*row[1:]),
    )
    index.save(connection, upload.bucket, made, [Piece(part.sha256, part.size) for part in parts])
    rest = kept.keys() - {part.number for part in parts}
    index.yield_blobs(connection, [kept[number].sha256 for number in rest])
    _end(connection, upload)
    return made


def abort(upload: Upload, connection: sqlite3.Connection) -> None:
    """Let go of all parts; of an upload that is over nothing changes.

    Raises:
        R2Error: there never was such an upload.
    """
    row = connection.execute(_UPLOAD, upload).fetchone()
    if row is None:
        raise R2Error(INTERNAL)
    if row[0]:
        index.yield_blobs(connection, [part.sha256 for part in _parts(connection, upload)])
        _end(connection, upload)


def _parts(connection: sqlite3.Connection, upload: Upload) -> list[Part]:
    return [Part(*row) for row in connection.execute(_PARTS, (upload.id,))]


def _end(connection: sqlite3.Connection, upload: Upload) -> None:
    # The upload stays known: what is asked of it is answered otherwise than of one unheard of.
    connection.execute("UPDATE r2_upload SET open = 0 WHERE id = ?", (upload.id,))
    connection.execute("DELETE FROM r2_part WHERE upload = ?", (upload.id,))


def _check_sizes(parts: Sequence[Part]) -> None:
    if any(part.size < SMALLEST_PART_BYTES for part in parts[:-1]):
        raise R2Error(TOO_SMALL)
    *others, last = [part.size for part in sorted(parts)] or [0]
    if others and (min(others) < SMALLEST_PART_BYTES or len(set(others)) > 1 or last > others[0]):
        raise R2Error(BAD_UPLOAD)


def _etag(parts: Sequence[Part]) -> str:
    digest = hashlib.md5(usedforsecurity=False)
    for part in parts:
        digest.update(bytes.fromhex(part.md5))
    return f"{digest.hexdigest()}-{len(parts)}"
