"""Keys and values in the table `_cf_KV` (workerd: util/sqlite-kv.h)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast
from weakref import ref

import apsw

from flarelocal.dataclass import dataclass
from flarelocal.durable_objects.errors import DurableObjectError
from flarelocal.durable_objects.limits import Limits
from flarelocal.durable_objects.storage.database import Binding, ObjectDatabase
from flarelocal.durable_objects.storage.refusal import explain
from flarelocal.durable_objects.storage.transaction import Transactions

__all__ = ["KeyValue", "ListOptions"]

_SCHEMA = "CREATE TABLE _cf_KV (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID"
_PUT = "INSERT INTO _cf_KV VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
_GET = "SELECT value FROM _cf_KV WHERE key = ?"
_DELETE = "DELETE FROM _cf_KV WHERE key = ?"
_COUNT = "SELECT count(*) FROM _cf_KV"


@dataclass(frozen=True, slots=True)
class ListOptions:
    """Which keys `list` gives, in the order of their UTF-8 bytes.

    Attributes:
        start: the first key; not together with `start_after`.
        start_after: only keys behind this one.
        end: only keys before this one.
        prefix: only keys which begin so.
        reverse: from the last to the first; `start` and `end` keep their meaning.
        limit: how many keys at most, 1 or more.
    """

    start: str | None = None
    start_after: str | None = None
    end: str | None = None
    prefix: str | None = None
    reverse: bool = False
    limit: int | None = None

    def __post_init__(self) -> None:
        if self.start is not None and self.start_after is not None:
            raise DurableObjectError(
                "list() cannot be called with both start and startAfter values.", "TypeError"
            )
        if self.limit is not None and self.limit <= 0:
            raise DurableObjectError("List limit must be positive.", "TypeError")


class KeyValue:
    """The key-value store of one object; values are bytes, of whatever meaning.

    Every operation takes effect at once; writes are durable after the next commit.
    """

    def __init__(
        self, database: ObjectDatabase, transactions: Transactions, limits: Limits
    ) -> None:
        self._database = database
        self._transactions = transactions
        self._limits = limits
        self._unchecked_bytes = limits.unchecked_bytes
        self._execute = database.execute
        self._iterator: ref[_Iterator] | None = None

    def get(self, key: str) -> bytes | None:
        """The value of the key, or None."""
        if not self._transactions.usable:
            self._transactions.require_usable()
        if 4 * len(key) > self._unchecked_bytes:
            self._limits.check_key(key)
        return self._value(key)

    def get_many(self, keys: Sequence[str]) -> dict[str, bytes]:
        """The values of those keys which are there, in key order."""
        self._transactions.require_usable()
        self._limits.check_count(len(keys))
        found = {}
        for key in sorted(set(keys), key=str.encode):
            self._limits.check_key(key)
            value = self._value(key)
            if value is not None:
                found[key] = value
        return found

    def put(self, key: str, value: bytes) -> None:
        """Store the value."""
        if 4 * len(key) + len(value) > self._unchecked_bytes:
            self._limits.check_pair(key, value)
        if not self._transactions.open:
            self._write()
        self._store(key, value)

    def put_many(self, entries: Mapping[str, bytes]) -> None:
        """Store all of the values, or none if one of them cannot be stored."""
        self._limits.check_count(len(entries))
        for key, value in entries.items():
            self._limits.check_pair(key, value)
        self._write()
        for key, value in entries.items():
            self._store(key, value)

    def delete(self, key: str) -> bool:
        """Delete the key; tells whether it was there."""
        return self.delete_many((key,)) == 1

    def delete_many(self, keys: Sequence[str]) -> int:
        """Delete the keys; tells how many were there."""
        self._limits.check_count(len(keys))
        for key in keys:
            self._limits.check_key(key)
        self._transactions.require_usable()
        if not self._database.exists:
            return 0
        self._transactions.write()
        connection = self._database.connect()
        before = connection.total_changes()
        try:
            for key in keys:
                self._execute(_DELETE, (key,))
        except apsw.SQLError as error:
            _require_missing_table(error)
        return connection.total_changes() - before

    def list(self, options: ListOptions) -> dict[str, bytes]:
        """The keys and values which the options ask for."""
        self._transactions.require_usable()
        if not self._database.exists:
            return {}
        try:
            rows = self._execute(*_query(options)).fetchall()
        except apsw.SQLError as error:
            _require_missing_table(error)
            return {}
        return dict(cast("list[tuple[str, bytes]]", rows))

    def iterate(self, options: ListOptions) -> Iterator[tuple[str, bytes]]:
        """Like `list`, but bit by bit; sees what is written meanwhile.

        Raises:
            DurableObjectError: while iterating, when `iterate` was called again meanwhile.
        """
        self._transactions.require_usable()
        previous = self._iterator() if self._iterator is not None else None
        if previous is not None:
            previous.cancel()
        if not self._database.exists:
            return iter(())
        cursor = self._database.connect().cursor()
        try:
            cursor.execute(*_query(options))
        except apsw.SQLError as error:
            _require_missing_table(error)
            return iter(())
        iterator = _Iterator(self._database, cursor)
        self._iterator = ref(iterator)
        return iterator

    def count(self) -> int:
        """How many keys there are."""
        if not self._database.exists:
            return 0
        try:
            [(count,)] = self._execute(_COUNT).fetchall()
            return cast(int, count)
        except apsw.SQLError as error:
            _require_missing_table(error)
            return 0

    def _write(self) -> None:
        if not self._database.exists:
            self._transactions.require_usable()
            self._database.connect(_SCHEMA)
        self._transactions.write()

    def _value(self, key: str) -> bytes | None:
        if not self._database.exists:
            return None
        try:
            # To the end: a statement under way would lock the tables of the Worker.
            rows = self._execute(_GET, (key,)).fetchall()
        except apsw.SQLError as error:
            _require_missing_table(error)
            return None
        return cast(bytes, rows[0][0]) if rows else None

    def _store(self, key: str, value: bytes) -> None:
        try:
            self._execute(_PUT, (key, value))
        except apsw.SQLError as error:
            _require_missing_table(error)
            self._execute(_SCHEMA)
            self._execute(_PUT, (key, value))
        except apsw.Error as error:
            message = explain(error)
            self._transactions.failed(error, message)
            raise DurableObjectError(message) from error


class _Iterator(Iterator[tuple[str, bytes]]):
    def __init__(self, database: ObjectDatabase, cursor: apsw.Cursor) -> None:
        self._database = database
        self._cursor: apsw.Cursor | None = cursor
        self._cancelled = False
        database.reading += 1

    def __next__(self) -> tuple[str, bytes]:
        if self._cursor is None:
            if self._cancelled:
                raise DurableObjectError(
                    "kv.list() iterator was invalidated because a new call to kv.list() was "
                    "started. Only one kv.list() iterator can exist at a time."
                )
            raise StopIteration
        try:
            key, value = next(self._cursor)
        except StopIteration:
            self._end()
            raise
        except (apsw.CursorClosedError, apsw.ConnectionClosedError):
            self.cancel()
            return next(self)
        return cast(str, key), cast(bytes, value)

    def __del__(self) -> None:
        self._end()

    def cancel(self) -> None:
        if self._cursor is not None:
            self._cancelled = True
            self._end()

    def _end(self) -> None:
        if self._cursor is not None:
            self._cursor.close(True)
            self._cursor = None
            self._database.reading -= 1


def _query(options: ListOptions) -> tuple[str, list[Binding]]:
    conditions = ["1"]
    bindings: list[Binding] = []

    def restrict(condition: str, bound: str | None) -> None:
        if bound is not None:
            conditions.append(condition)
            bindings.append(bound)

    restrict("key >= ?", options.start)
    restrict("key > ?", options.start_after)
    restrict("key < ?", options.end)
    if options.prefix:
        restrict("key >= ?", options.prefix)
        restrict("key < ?", _after_prefix(options.prefix))
    sql = f"SELECT key, value FROM _cf_KV WHERE {' AND '.join(conditions)} ORDER BY key"
    if options.reverse:
        sql += " DESC"
    if options.limit is not None:
        sql += " LIMIT ?"
        bindings.append(options.limit)
    return sql, bindings


def _after_prefix(prefix: str) -> str | None:
    """The first key behind all those with the prefix: UTF-8 sorts as code points do."""
    rest = prefix.rstrip("\U0010ffff")
    if not rest:
        return None
    following = ord(rest[-1]) + 1
    return rest[:-1] + chr(0xE000 if following == 0xD800 else following)


def _require_missing_table(error: apsw.SQLError) -> None:
    if "no such table" not in str(error):
        raise error
