"""Workers KV: values by key, with metadata, that may expire."""

from __future__ import annotations

import base64
import re
import sqlite3
from asyncio import Future
from functools import partial

from flarelocal.clock import Clock
from flarelocal.database import Database, Single
from flarelocal.dataclass import dataclass
from flarelocal.storage.kv_limits import (
    MAX_KEYS_PER_PAGE,
    KvError,
    check_cache_ttl,
    check_key,
    check_metadata,
    check_page,
    check_value_length,
    expiry_of,
)

__all__ = ["SCHEMA", "KvEntry", "KvError", "KvKey", "KvPage", "KvStore"]

SCHEMA = (
    """
    CREATE TABLE kv_entry (
        id INTEGER PRIMARY KEY,
        namespace TEXT NOT NULL,
        key TEXT NOT NULL,
        expiration INTEGER,
        metadata TEXT,
        value BLOB NOT NULL,
        UNIQUE (namespace, key)
    ) STRICT;
    CREATE INDEX kv_expiration ON kv_entry (expiration) WHERE expiration IS NOT NULL
    """,
)

_QUICK_BYTES = 256 * 1024
_SWEPT_PER_WRITE = 100

_GET = """
    SELECT value, metadata, expiration FROM kv_entry
    WHERE namespace = ? AND key = ? AND (expiration IS NULL OR expiration > ?)
"""
_PUT = """
    INSERT INTO kv_entry (namespace, key, expiration, metadata, value) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET
        expiration = excluded.expiration, metadata = excluded.metadata, value = excluded.value
"""
_DELETE = "DELETE FROM kv_entry WHERE namespace = ? AND key = ?"
_SWEEP = f"""
    DELETE FROM kv_entry WHERE id IN (
        SELECT id FROM kv_entry WHERE expiration <= ? LIMIT {_SWEPT_PER_WRITE}
    )
"""
# The byte FF is in no text, so that it ends the range of the keys that begin with a prefix.
_LIST = """
    SELECT key, expiration, metadata FROM kv_entry
    WHERE namespace = ? AND key >= ? AND key < CAST(? AS TEXT) AND key <> ?
        AND (expiration IS NULL OR expiration > ?)
    ORDER BY key LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class KvEntry:
    """What is stored under a key."""

    value: bytes
    metadata: str | None
    """JSON"""
    expiration: int | None
    """s since 1970"""


@dataclass(frozen=True, slots=True)
class KvKey:
    """A key of a listing."""

    name: str
    expiration: int | None
    metadata: str | None


@dataclass(frozen=True, slots=True)
class KvPage:
    """Some keys of a listing; `cursor` gives the next ones, None if these were the last."""

    keys: tuple[KvKey, ...]
    cursor: str | None


class KvStore:
    """One KV namespace in a database that was opened with `SCHEMA`.

    Arguments are checked at once; what a method returns is done when the work is. An entry is
    gone the moment it expires; writes of others that expire clear away what is left of it.
    """

    def __init__(self, database: Database, namespace: str, clock: Clock) -> None:
        self._database = database
        self._namespace = namespace
        self._clock = clock

    def get(self, key: str, *, cache_ttl: int | None = None) -> Future[KvEntry | None]:
        """The entry of a key.

        Args:
            cache_ttl: in s, at least 30; checked, and without effect as nothing is cached.

        Raises:
            KvError: an argument is refused.
        """
        check_key(key)
        if cache_ttl is not None:
            check_cache_ttl(cache_ttl)
        return self._database.read(partial(_get, (self._namespace, key, self._now_s())))

    def put(
        self,
        key: str,
        value: bytes,
        *,
        expiration: int | None = None,
        expiration_ttl: int | None = None,
        metadata: str | None = None,
    ) -> Future[None]:
        """Store an entry; the future is done when it is on disk.

        Args:
            value: at most 25 MiB.
            expiration: when the entry goes, in s since 1970, at least 60 s ahead.
            expiration_ttl: in how many s it goes, at least 60; counts more than `expiration`.
            metadata: JSON, at most 1024 bytes.

        Raises:
            KvError: an argument is refused.
        """
        check_key(key)
        now_s = self._now_s()
        expiry = expiry_of(expiration, expiration_ttl, now_s)
        if metadata is not None:
            check_metadata(metadata)
        check_value_length(len(value))
        row = (self._namespace, key, expiry, metadata, value)
        # Where nothing expires there is nothing to clear away.
        work = Single(_PUT, row) if expiry is None else partial(_put_expiring, row, now_s)
        return self._database.transact(work, quick=len(value) <= _QUICK_BYTES)

    def delete(self, key: str) -> Future[None]:
        """Remove an entry, if there is one; the future is done when that is on disk.

        Raises:
            KvError: the key is refused.
        """
        check_key(key)
        return self._database.transact(Single(_DELETE, (self._namespace, key)), quick=True)

    def list(
        self, *, prefix: str = "", limit: int = MAX_KEYS_PER_PAGE, cursor: str = ""
    ) -> Future[KvPage]:
        """The keys that begin with `prefix`, in the order of their bytes.

        Args:
            limit: how many keys at most, 1 to 1000.
            cursor: where another page ended.

        Raises:
            KvError: `limit` or `prefix` is refused.
        """
        check_page(prefix, limit)
        last = _key_of(cursor)
        end = prefix.encode() + b"\xff"
        bounds = (self._namespace, max(prefix, last), end, last, self._now_s(), limit + 1)
        return self._database.read(partial(_list, bounds, limit))

    def _now_s(self) -> int:
        return self._clock.now() // 1000


def _get(key: tuple[object, ...], connection: sqlite3.Connection) -> KvEntry | None:
    row = connection.execute(_GET, key).fetchone()
    return KvEntry(*row) if row else None


def _put_expiring(row: tuple[object, ...], now_s: int, connection: sqlite3.Connection) -> None:
    connection.execute(_SWEEP, (now_s,))
    connection.execute(_PUT, row)


def _list(bounds: tuple[object, ...], limit: int, connection: sqlite3.Connection) -> KvPage:
    rows = connection.execute(_LIST, bounds).fetchall()
    keys = tuple(KvKey(*row) for row in rows[:limit])
    return KvPage(keys, _cursor_of(keys[-1].name) if len(rows) > limit else None)


def _cursor_of(key: str) -> str:
    return base64.b64encode(key.encode()).decode("ascii")


def _key_of(cursor: str) -> str:
    """The key that a cursor stands for; a text that is no cursor is read as well as can be."""
    digits = re.sub("[^A-Za-z0-9+/]", "", cursor)
    digits = digits[: len(digits) - (len(digits) % 4 == 1)]
    return base64.b64decode(digits + "=" * (-len(digits) % 4)).decode("utf-8", "replace")
