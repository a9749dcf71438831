"""D1: SQL databases, on the SQL engine that Durable Objects have too."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from flarelocal.clock import Clock
from flarelocal.database import CorruptStateError
from flarelocal.dataclass import dataclass
from flarelocal.durable_objects.errors import DurableObjectError
from flarelocal.durable_objects.limits import Limits
from flarelocal.durable_objects.storage.cursor import Row
from flarelocal.durable_objects.storage.database import Binding, ObjectDatabase
from flarelocal.durable_objects.storage.open_files import OpenFiles
from flarelocal.durable_objects.storage.sql import Sql
from flarelocal.durable_objects.storage.sql_clock import SqlClock
from flarelocal.durable_objects.storage.transaction import Transactions

__all__ = ["D1Error", "D1Store", "Meta", "Query", "Result"]

_COMMENTS = re.compile(r"^\s+--.*", re.MULTILINE)
_COUNTER_BITS = 16


class D1Error(Exception):
    """A query was refused; the text is what the service says of it."""


@dataclass(frozen=True, slots=True)
class Query:
    """SQL text, of one statement or several, and the values of the last one's parameters.

    Attributes:
        metered: whether the result tells what the query cost, which may take as long as the query.
    """

    sql: str
    parameters: Sequence[Binding] = ()
    metered: bool = True


@dataclass(frozen=True, slots=True)
class Meta:
    """What the service tells about a query (Cloudflare docs, "Return objects" of D1)."""

    duration_ms: int
    changes: int
    """rows inserted, updated or deleted"""
    last_row_id: int
    changed_db: bool
    size_after: int
    """bytes"""
    rows_read: int
    rows_written: int


_UNMETERED = Meta(0, 0, 0, changed_db=False, size_after=0, rows_read=0, rows_written=0)


@dataclass(frozen=True, slots=True)
class Result:
    """What a query gives; `meta` is all zeros if the query was not to be metered."""

    columns: tuple[str, ...]
    rows: list[Row]
    meta: Meta


class D1Store:
    """One database. A call is one transaction, which is on disk when the call returns.

    Args:
        directory: where the file is; None keeps the database in memory.
        name: the id of the database.
    """

    def __init__(self, directory: Path | None, name: str, clock: Clock) -> None:
        path = directory / f"{quote(name, safe='')}.sqlite" if directory else None
        limits = Limits.production(sqlite=True)
        sql_clock = SqlClock(clock.now)
        self._database = ObjectDatabase(path, limits, OpenFiles(1), sql_clock, moments=False)
        self._clock = clock
        self._version = 0
        self._changes = 0
        self._size: int | None = None
        self._open()

    def run(self, queries: Sequence[Query]) -> list[Result]:
        """Run all queries, or none of them if one is refused.

        Raises:
            D1Error: one is refused, there is none, or the file of the database is broken.
        """
        queries = [query for query in queries if _says_something(query.sql)]
        if not queries:
            raise D1Error("No SQL statements detected.")
        forget = self._sql.savepoint()
        self._transactions.autocommit = len(queries) == 1
        try:
            results = [self._run(query) for query in queries]
            self._transactions.flush()
        except CorruptStateError as error:
            raise D1Error(str(error)) from None
        except DurableObjectError as error:
            forget()
            self._transactions.discard()
            self._size = None
            raise D1Error(str(error)) from error
        return results

    @property
    def bookmark(self) -> str:
        """A text that sorts behind the bookmarks of all earlier versions of the database."""
        changes = self._database.connect().total_changes()
        if not self._version or changes != self._changes:
            self._changes = changes
            self._version = max(self._clock.now() << _COUNTER_BITS, self._version) + 1
        high, low = divmod(self._version, 1 << 32)
        return f"{high:08x}-{low:08x}-{0:08x}-{0:032x}"

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def _open(self) -> None:
        self._transactions = Transactions(self._database, lambda _: None, lambda _: self._open())
        self._sql = Sql(self._database, self._transactions)

    def _run(self, query: Query) -> Result:
        return self._metered(query) if query.metered else self._unmetered(query)

    def _unmetered(self, query: Query) -> Result:
        cursor = self._sql.exec(query.sql, *query.parameters)
        rows = cursor.all()
        if not cursor.readonly:
            self._size = None
        return Result(cursor.column_names, rows, _UNMETERED)

    def _metered(self, query: Query) -> Result:
        began = self._clock.now()
        connection = self._database.connect()
        size = self._size or self._sql.database_size
        last_row_id, changes = connection.last_insert_rowid(), connection.total_changes()
        cursor = self._sql.exec(query.sql, *query.parameters)
        rows = cursor.all()
        self._size = size_after = size if cursor.readonly else self._sql.database_size
        changes = connection.total_changes() - changes
        new_row_id = connection.last_insert_rowid()
        meta = Meta(
            duration_ms=self._clock.now() - began,
            changes=changes,
            last_row_id=new_row_id,
            changed_db=changes != 0 or new_row_id != last_row_id or size_after != size,
            size_after=size_after,
            rows_read=cursor.rows_read,
            rows_written=cursor.rows_written,
        )
        return Result(cursor.column_names, rows, meta)


def _says_something(sql: str) -> bool:
    return bool(sql and not sql.isspace() and ("--" not in sql or _COMMENTS.sub("", sql).strip()))
