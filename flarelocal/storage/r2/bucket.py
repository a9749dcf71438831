"""One bucket."""

from __future__ import annotations

import base64
import json
import random
import sqlite3
from asyncio import Future
from collections.abc import Sequence
from functools import partial

from flarelocal.clock import Clock
from flarelocal.storage.r2 import index, multipart
from flarelocal.storage.r2.conditions import Condition
from flarelocal.storage.r2.content import ALGORITHMS, Draft, Piece, Reading, load_pieces
from flarelocal.storage.r2.errors import (
    INVALID_MAX_KEYS,
    NO_SUCH_UPLOAD,
    TOO_MANY_KEYS,
    R2Error,
    wrong_digest,
)
from flarelocal.storage.r2.limits import MAX_KEYS, check_key, check_size
from flarelocal.storage.r2.listing import Listing, Selection, key_of, select
from flarelocal.storage.r2.multipart import Part, Upload, UploadedPart
from flarelocal.storage.r2.objects import R2Found, R2Metadata, R2Object
from flarelocal.storage.r2.ranges import Range
from flarelocal.storage.r2.shelf import Shelf

__all__ = ["R2Bucket"]

_UPLOAD_ID_BYTES = 128


class R2Bucket:
    """The objects of one bucket.

    Arguments are checked at once; what a method returns is done when the work is, and what was
    written is on disk then. Content comes as a `Draft`, which is used up.
    """

    def __init__(self, name: str, shelf: Shelf, clock: Clock, random: random.Random) -> None:
        self._name = name
        self._shelf = shelf
        self._clock = clock
        self._random = random

    def draft(self, algorithm: str | None = None) -> Draft:
        """Where the content of an object goes first.

        Args:
            algorithm: of a digest that is given with it, such as `sha256`.
        """
        return Draft(self._shelf.blobs, algorithm)

    def part_draft(self) -> Draft:
        """The same for a part of an upload."""
        return Draft(self._shelf.blobs, small_bytes=0)

    def head(self, key: str) -> Future[R2Object | None]:
        """An object without its content.

        Raises:
            R2Error: the key is refused.
        """
        check_key(key)
        return self._shelf.read(partial(self._head, key))

    def get(
        self, key: str, range: Range | None = None, condition: Condition | None = None
    ) -> Future[R2Found | None]:
        """An object with its content, or some of it; without, if the condition does not hold.

        Raises:
            R2Error: the key is refused; later: nothing of the object is in the range.
        """
        check_key(key)
        return self._shelf.read(partial(self._get, key, range, condition))

    def put(
        self,
        key: str,
        draft: Draft,
        metadata: R2Metadata,
        condition: Condition | None = None,
        digest: tuple[str, str] | None = None,
    ) -> Future[R2Object | None]:
        """Store an object; None if the condition does not hold of the one that is there.

        Args:
            digest: the algorithm and what is expected of it, in hex.

        Raises:
            R2Error: the key, the size or the digest is refused.
        """
        check_key(key)
        check_size(draft.size)
        checksums = {"md5": draft.digest("md5")}
        if digest:
            algorithm, expected = digest
            actual = checksums[algorithm] = draft.digest(algorithm)
            if actual != expected.lower():
                raise wrong_digest(ALGORITHMS[algorithm], expected.lower(), actual)
        made = R2Object(
            key,
            self._version(),
            draft.size,
            checksums["md5"],
            self._clock.now(),
            json.dumps(checksums),
            metadata,
        )
        content = draft.finish()
        if isinstance(content, bytes):
            return self._shelf.write(partial(self._save, made, condition, content))
        return self._shelf.write(partial(self._save, made, condition, content), content)

    def delete(self, *keys: str) -> Future[None]:
        """Remove objects, those that there are.

        Raises:
            R2Error: a key is refused, or there are more than 1000.
        """
        if len(keys) > MAX_KEYS:
            raise R2Error(TOO_MANY_KEYS)
        for key in keys:
            check_key(key)
        return self._shelf.write(partial(self._delete, keys))

    def list(
        self,
        *,
        prefix: str = "",
        delimiter: str = "",
        start_after: str | None = None,
        cursor: str | None = None,
        limit: int = MAX_KEYS,
    ) -> Future[Listing]:
        """The objects whose keys begin with `prefix`, in the order of the bytes of their keys.

        Args:
            limit: how many objects and prefixes at most, 1 to 1000.
            cursor: where another list ended.

        Raises:
            R2Error: the limit is refused.
        """
        if not 1 <= limit <= MAX_KEYS:
            raise R2Error(INVALID_MAX_KEYS)
        starts = [start_after, None if cursor is None else key_of(cursor)]
        given = [start for start in starts if start is not None]
        start = max(given, key=str.encode, default=None)
        return self._shelf.read(
            partial(select, Selection(self._name, prefix, delimiter, start, limit))
        )

    # -- uploads in parts

    def begin_upload(self, key: str, metadata: R2Metadata) -> Future[str]:
        """Begin an upload; gives its id.

        Raises:
            R2Error: the key is refused.
        """
        check_key(key)
        upload = self._upload(key, self._upload_id())
        return self._shelf.write(partial(multipart.begin, upload, metadata))

    async def upload_part(
        self, key: str, upload_id: str, number: int, draft: Draft
    ) -> UploadedPart:
        """Store a part.

        Args:
            number: 1 to 10,000.
            draft: of `part_draft`.

        Raises:
            R2Error: the key or the size is refused, or the upload is over.
        """
        check_key(key)
        check_size(draft.size)
        etag = self._upload_id()
        md5 = draft.digest("md5")
        piece = draft.finish()
        assert isinstance(piece, Piece)
        part = Part(number, etag, md5, piece.sha256, piece.size)
        upload = self._upload(key, upload_id)
        if not await self._shelf.write(partial(self._put_part, upload, part), piece):
            raise R2Error(NO_SUCH_UPLOAD)
        return UploadedPart(number, etag)

    def complete_upload(
        self, key: str, upload_id: str, parts: Sequence[UploadedPart]
    ) -> Future[R2Object]:
        """Make an object of the parts.

        Raises:
            R2Error: the key is refused; later: there is no such upload, or no such parts.
        """
        check_key(key)
        upload, now_ms = self._upload(key, upload_id), self._clock.now()
        return self._shelf.write(partial(self._complete, upload, parts, self._version(), now_ms))

    def abort_upload(self, key: str, upload_id: str) -> Future[None]:
        """Give an upload up.

        Raises:
            R2Error: the key is refused; later: there never was such an upload.
        """
        check_key(key)
        return self._shelf.write(partial(self._abort, self._upload(key, upload_id)))

    # -- within transactions

    def _head(self, key: str, connection: sqlite3.Connection) -> R2Object | None:
        found = index.find(connection, self._name, key)
        return found[0] if found else None

    def _get(
        self,
        key: str,
        range: Range | None,
        condition: Condition | None,
        connection: sqlite3.Connection,
    ) -> R2Found | None:
        found = index.find(connection, self._name, key)
        if found is None:
            return None
        object, pieces, data = found
        if condition and not condition.holds(object.etag, object.uploaded_ms):
            return R2Found(object)
        offset, length = range.within(object.size) if range else (0, object.size)
        if pieces is not None:
            content: bytes | Reading = Reading(
                self._shelf.blobs, load_pieces(pieces), offset, length
            )
        else:
            assert data is not None
            content = data[offset : offset + length]
        return R2Found(object, offset, length, content)

    def _save(
        self,
        made: R2Object,
        condition: Condition | None,
        content: bytes | Piece,
        connection: sqlite3.Connection,
    ) -> R2Object | None:
        if isinstance(content, Piece):
            index.use_blob(connection, content.sha256, 0)
        if condition:
            found = index.find(connection, self._name, made.key)
            there = (found[0].etag, found[0].uploaded_ms) if found else (None,)
            if not condition.holds(*there):
                self._shelf.crowd()
                return None
        if isinstance(content, Piece):
            index.use_blob(connection, content.sha256)
        pieces = content if isinstance(content, bytes) else [content]
        if index.save(connection, self._name, made, pieces):
            self._shelf.crowd()
        return made

    def _delete(self, keys: Sequence[str], connection: sqlite3.Connection) -> None:
        for key in keys:
            if index.remove(connection, self._name, key):
                self._shelf.crowd()

    def _put_part(self, upload: Upload, part: Part, connection: sqlite3.Connection) -> bool:
        self._shelf.crowd()
        return multipart.put_part(upload, part, connection)

    def _complete(
        self,
        upload: Upload,
        parts: Sequence[UploadedPart],
        version: str,
        now_ms: int,
        connection: sqlite3.Connection,
    ) -> R2Object:
        self._shelf.crowd()
        return multipart.complete(upload, parts, version, now_ms, connection)

    def _abort(self, upload: Upload, connection: sqlite3.Connection) -> None:
        self._shelf.crowd()
        multipart.abort(upload, connection)

    # -- names

    def _version(self) -> str:
        return self._random.randbytes(16).hex()

    def _upload(self, key: str, id: str) -> Upload:
        return Upload(id, self._name, key)

    def _upload_id(self) -> str:
        made = base64.urlsafe_b64encode(self._random.randbytes(_UPLOAD_ID_BYTES))
        return made.rstrip(b"=").decode("ascii")
