"""The rows of one statement."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import apsw

from flarelocal.dataclass import dataclass
from flarelocal.durable_objects.errors import DurableObjectError
from flarelocal.durable_objects.storage.database import Binding, ObjectDatabase
from flarelocal.durable_objects.storage.lossy import reread
from flarelocal.durable_objects.storage.metering import rows_read
from flarelocal.durable_objects.storage.tariff import Changes, Target, Tariff

__all__ = ["Cursor", "Row", "RowCursor", "Statement"]

Row = tuple[Binding, ...]


class Source(Protocol):
    """Where statements are run."""

    @property
    def database(self) -> ObjectDatabase:
        """The database of the object."""

    def refused(self, error: apsw.Error) -> DurableObjectError:
        """The error of SQLite as the Worker sees it."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What is known of a statement once it was prepared.

    Attributes:
        columns: their names.
        parameters: how many it has.
        readonly: whether it changes nothing.
        target: what it changes, if it does one thing to one table and gives no rows.
        cost: rows read and written, if it is about the schema.
        tariff: what its changes cost, if it is not.
    """

    columns: tuple[str, ...]
    parameters: int
    readonly: bool
    target: Target | None
    cost: tuple[int, int] | None
    tariff: Tariff


class Cursor:
    """The rows of one statement, always one row ahead of what was read."""

    __slots__ = ("_ahead", "_bindings", "_changes", "_query", "_source", "_statement")

    def __init__(
        self,
        source: Source,
        statement: Statement,
        query: str,
        bindings: tuple[Binding, ...],
        changes: Changes,
    ) -> None:
        self._source = source
        self._statement = statement
        self._query = query
        self._bindings = bindings
        self._changes = changes
        self._ahead: Row | None = None

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the columns, also of a statement without rows."""
        return self._statement.columns

    @property
    def readonly(self) -> bool:
        """Whether the statement changes nothing."""
        return self._statement.readonly

    @property
    def rows_read(self) -> int:
        """How many rows SQLite has looked at so far; see `metering` for how exact that is."""
        if self._statement.cost is not None:
            return self._statement.cost[0]
        connection = self._source.database.connect()
        if self._statement.readonly:
            return rows_read(connection, self._query, self._bindings, self._fetched)
        return self._statement.tariff.rows_read(
            connection, self._query, self._bindings, self._changes
        )

    @property
    def rows_written(self) -> int:
        """How many rows were written, those of indexes included."""
        if self._statement.cost is not None:
            return self._statement.cost[1]
        connection = self._source.database.connect()
        return self._statement.tariff.rows_written(connection, self._changes)

    @property
    def _fetched(self) -> int | None:
        return None

    def __iter__(self) -> Cursor:
        return self

    def __next__(self) -> Row:
        row = self.next()
        if row is None:
            raise StopIteration
        return row

    def next(self) -> Row | None:
        """The next row, or None behind the last one.

        Raises:
            DurableObjectError: the row behind the next one cannot be had, or the database was
                deleted meanwhile.
        """
        row = self._ahead
        if row is not None:
            self._fetch()
        return row

    def all(self) -> list[Row]:
        """All rows which were not read.

        Raises:
            DurableObjectError: one of them cannot be had.
        """
        return []

    def one(self) -> Row:
        """The only row.

        Raises:
            DurableObjectError: there is none, or there are more.
        """
        row = self._ahead
        if row is None:
            raise DurableObjectError(
                "Expected exactly one result from SQL query, but got no results."
            )
        self._fetch()
        if self._ahead is not None:
            self.close()
            raise DurableObjectError(
                "Expected exactly one result from SQL query, but got multiple results."
            )
        return row

    def close(self) -> None:
        """Let go of the rows which were not read."""

    def _fetch(self) -> None:
        """Have the row behind the one which is read now."""


class RowCursor(Cursor):
    """A cursor whose statement may have rows left."""

    __slots__ = ("_count", "_rows")

    def __init__(
        self,
        source: Source,
        statement: Statement,
        query: str,
        bindings: tuple[Binding, ...],
        changes: Changes,
        rows: apsw.Cursor,
    ) -> None:
        # Not by way of the base: point queries are frequent, and this is a good part of their time.
        self._source = source
        self._statement = statement
        self._query = query
        self._bindings = bindings
        self._changes = changes
        self._rows: Iterator[Row] | None = rows
        self._count = -1
        source.database.reading += 1
        self._fetch()

    @property
    def _fetched(self) -> int | None:
        return None if self._rows is None else self._count + 1

    def __del__(self) -> None:
        if self._rows is not None:
            self.close()

    def all(self) -> list[Row]:
        if self._ahead is None or self._rows is None:
            return []
        try:
            try:
                return [self._ahead, *self._rows]
            except UnicodeDecodeError:
                self._count += 1
                return [self._ahead, *self._reread()]
        except apsw.Error as error:
            raise self._source.refused(error) from error
        finally:
            self.close()

    def close(self) -> None:
        self._ahead = None
        if self._rows is not None:
            self._rows = None
            self._source.database.reading -= 1

    def _fetch(self) -> None:
        rows = self._rows
        assert rows is not None
        self._count += 1
        try:
            self._ahead = next(rows, None)
        except UnicodeDecodeError:
            rows = self._rows = self._reread()
            self._ahead = next(rows, None)
        except apsw.Error as error:
            self.close()
            raise self._source.refused(error) from error
        if self._ahead is None:
            database = self._source.database
            database.reading -= 1
            if type(rows) is apsw.Cursor:
                database.spare = rows
            self._rows = None

    def _reread(self) -> Iterator[Row]:
        connection = self._source.database.connect()
        columns = len(self.column_names)
        return reread(connection, self._query, columns, self._bindings, self._count)
