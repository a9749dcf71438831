"""`ctx.storage.sql`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from flarelocal.bindings.durable_objects.errors import translated, translating
from flarelocal.durable_objects.storage.cursor import Cursor as EngineCursor
from flarelocal.durable_objects.storage.cursor import Row
from flarelocal.durable_objects.storage.database import Binding
from flarelocal.durable_objects.storage.sql import Sql
from flarelocal.javascript.binary import ArrayBuffer, bytes_of, is_buffer_source
from flarelocal.javascript.errors import error
from flarelocal.javascript.host import HostObject, getter, method
from flarelocal.javascript.numbers import number, to_number
from flarelocal.javascript.text import through_utf8, to_string
from flarelocal.javascript.values import BigInt, Value, null

__all__ = ["Cursor", "SqlStorage"]

_DISABLED = (
    "SQL is not enabled for this Durable Object class. To enable it, change `new_classes` to "
    "`new_sqlite_classes` within the 'migrations' field in your wrangler.jsonc or wrangler.toml "
    "file. If using workerd directly,set `enableSql = true` in your workerd config for the class. "
    "Note that this change cannot be made after the class is already deployed to production."
)


@translating
class SqlStorage(HostObject):
    """The SQL database of an object (Cloudflare docs, "SQLite-backed Durable Object Storage").

    Args:
        sql: None for a class that is not stored in SQLite; every call then says how to change it.
    """

    __slots__ = ("_sql",)

    def __init__(self, sql: Sql | None) -> None:
        self._sql = sql

    @method
    def exec(self, query: Annotated[str, "String"], *bindings: Value) -> Cursor:
        """Run the statements of `query`; the cursor has the rows of the last one."""
        return Cursor(self._engine.exec(query, *map(_bound, bindings)))

    @getter(own=True)
    def database_size(self) -> int:
        """The size in bytes."""
        return self._engine.database_size

    @property
    def _engine(self) -> Sql:
        if self._sql is None:
            raise error(_DISABLED)
        return self._sql


@translating
class Cursor(HostObject):
    """The rows of a statement, read one by one."""

    __slots__ = ("_cursor",)

    def __init__(self, cursor: EngineCursor) -> None:
        self._cursor = cursor

    @method
    def next(self) -> Value:
        row = self._cursor.next()
        if row is None:
            return {"done": True, "value": None}
        return {"done": False, "value": self._object(row)}

    @method
    def to_array(self) -> list[Value]:
        return [self._object(row) for row in self._cursor.all()]

    @method
    def one(self) -> Value:
        return self._object(self._cursor.one())

    @method
    def raw(self) -> RawRows:
        """The rows as arrays, from where this cursor is."""
        return RawRows(self._cursor)

    @getter
    def column_names(self) -> list[str]:
        return list(self._cursor.column_names)

    @getter
    def rows_read(self) -> int:
        return self._cursor.rows_read

    @getter
    def rows_written(self) -> int:
        return self._cursor.rows_written

    def iterate(self) -> Iterator[Value]:
        read = translated(self._cursor.next)
        while (row := read()) is not None:
            yield self._object(row)

    def _object(self, row: Row) -> dict[str, Value]:
        return dict(zip(self._cursor.column_names, map(_read, row), strict=True))


@translating
class RawRows(HostObject, js_name="RawIterator"):
    """The rows of a statement as arrays."""

    __slots__ = ("_cursor",)

    def __init__(self, cursor: EngineCursor) -> None:
        self._cursor = cursor

    @method
    def next(self) -> Value:
        row = self._cursor.next()
        return {"done": row is None, "value": None if row is None else _array(row)}

    @method
    def to_array(self) -> list[Value]:
        return [_array(row) for row in self._cursor.all()]

    def iterate(self) -> Iterator[Value]:
        read = translated(self._cursor.next)
        while (row := read()) is not None:
            yield _array(row)


def _array(row: Row) -> list[Value]:
    return [_read(value) for value in row]


def _read(value: Binding) -> Value:
    if isinstance(value, str):
        return value
    if value is None:
        return null
    return ArrayBuffer.of(bytearray(value)) if isinstance(value, bytes) else number(value)


def _bound(value: Value) -> float | str | bytes | None:
    """What is bound for a value: every number as REAL, all else that is no buffer as text."""
    kind = type(value)
    if kind is str:
        return through_utf8(value)
    if kind is int or kind is float:
        return float(value)
    if value is None or value is null:
        return None
    if isinstance(value, str):
        return through_utf8(value)
    if isinstance(value, BigInt):
        return to_number(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return bytes_of(value) if is_buffer_source(value) else to_string(value)
