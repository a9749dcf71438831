"""SQL as the Worker writes it (workerd: api/sql.c++, util/sqlite.c++)."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import cast

import apsw

from flarelocal.dataclass import dataclass
from flarelocal.durable_objects.errors import DurableObjectError
from flarelocal.durable_objects.storage.database import Binding, ObjectDatabase
from flarelocal.durable_objects.storage.lossy import reread
from flarelocal.durable_objects.storage.refusal import explain
from flarelocal.durable_objects.storage.statements import split
from flarelocal.durable_objects.storage.transaction import Transactions

__all__ = ["Cursor", "Row", "Sql"]

Row = tuple[Binding, ...]

_SQL_BYTES = 100_000
_CACHED_CHARACTERS = 1024 * 1024
_RESERVED = "SELECT name FROM sqlite_schema WHERE name LIKE '\\_cf\\_%' ESCAPE '\\'"
_SIZE = (
    "SELECT ((SELECT * FROM pragma_page_count) - (SELECT * FROM pragma_freelist_count))"
    " * (SELECT * FROM pragma_page_size)"
)
_EMPTY_FILE_BYTES = 4096

# Statements which leave the columns of all others as they are.
_DATA_ACTIONS = frozenset(
    {
        apsw.SQLITE_SELECT,
        apsw.SQLITE_READ,
        apsw.SQLITE_FUNCTION,
        apsw.SQLITE_RECURSIVE,
        apsw.SQLITE_INSERT,
        apsw.SQLITE_UPDATE,
        apsw.SQLITE_DELETE,
    }
)
_RENAME = re.compile(r"\balter\b.*\brename\b", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Statement:
    columns: tuple[str, ...]
    parameters: int
    readonly: bool


class _BindingCountError(DurableObjectError):
    def __init__(self) -> None:
        super().__init__("Wrong number of parameter bindings for SQL query.")


class Sql:
    """Runs SQL statements on the database of one object.

    Attributes:
        database: of the object.
    """

    def __init__(self, database: ObjectDatabase, transactions: Transactions) -> None:
        self.database = database
        self._transactions = transactions
        self._known: OrderedDict[str, _Statement] = OrderedDict()
        self._known_characters = 0
        transactions.join(self)

    @property
    def database_size(self) -> int:
        """How many bytes the database takes, free pages not counted."""
        self._transactions.require_usable()
        if not self.database.exists:
            return _EMPTY_FILE_BYTES
        [(size,)] = self.database.execute(_SIZE).fetchall()
        return cast(int, size)

    def exec(self, query: str, *bindings: Binding) -> Cursor:
        """Run all statements of the query; the rows of the last one can be read.

        The last statement has taken effect, and its first row is there, when this returns.

        Args:
            query: one statement or more.
            bindings: the values of the parameters, by position; for the last statement only.

        Raises:
            DurableObjectError: SQLite refused a statement, or the Worker may not run it. The
                statements before stay in effect.
        """
        if not self._transactions.usable:
            self._transactions.require_usable()
        statement = self._known.get(query)
        if statement is not None:
            return self._run_known(query, statement, bindings)
        if len(query) > _SQL_BYTES or len(query.encode()) > _SQL_BYTES:
            raise DurableObjectError("statement too long: SQLITE_TOOBIG")
        *first, last = split(query)
        for piece in first:
            try:
                self._run(piece, ()).close()
            except _BindingCountError:
                raise DurableObjectError(
                    "When executing multiple SQL statements in a single call, only the last "
                    "statement can have parameters."
                ) from None
        return self._run(last, bindings)

    def before_commit(self) -> None:
        """Prepared statements outlive a commit."""

    def after_commit(self) -> None:
        """Prepared statements outlive a commit."""

    def savepoint(self) -> Callable[[], None]:
        return self._forget

    def _run(self, piece: str, bindings: tuple[Binding, ...]) -> Cursor:
        statement = self._known.get(piece)
        if statement is not None:
            return self._run_known(piece, statement, bindings)
        cursor = self.database.connect().cursor()
        if _RENAME.search(piece):
            with self._reserved_names():
                statement = self._run_unknown(cursor, piece, bindings)
        else:
            statement = self._run_unknown(cursor, piece, bindings)
        return _RowCursor(statement.columns, self, cursor, piece, bindings)

    def _run_known(
        self, piece: str, statement: _Statement, bindings: tuple[Binding, ...]
    ) -> Cursor:
        self._known.move_to_end(piece)
        if len(bindings) != statement.parameters:
            raise _BindingCountError
        if not statement.readonly and not self._transactions.open:
            self._transactions.write()
        try:
            if not statement.columns:
                self.database.execute(piece, bindings)
                return Cursor(())
            cursor = self.database.connect().cursor().execute(piece, bindings)
        except apsw.Error as error:
            raise self.refused(error) from error
        return _RowCursor(statement.columns, self, cursor, piece, bindings)

    def _run_unknown(
        self, cursor: apsw.Cursor, piece: str, bindings: tuple[Binding, ...]
    ) -> _Statement:
        statement: _Statement | None = None
        authorizer = self.database.authorizer
        authorizer.actions.clear()

        def examine(cursor: apsw.Cursor, sql: str, bound: object) -> bool:
            nonlocal statement
            if not cursor.has_vdbe:
                return True
            columns = tuple(column[0] for column in cursor.get_description())
            statement = _Statement(columns, cursor.bindings_count, cursor.is_readonly)
            if not statement.readonly:
                authorizer.enforcing = False
                self._transactions.write()
                authorizer.enforcing = True
            return True

        cursor.exec_trace = examine
        authorizer.enforcing = True
        try:
            # Without the cache of prepared statements, so that the authorizer is asked.
            cursor.execute(piece, bindings, can_cache=False)
        except apsw.BindingsError:
            raise _BindingCountError from None
        except apsw.Error as error:
            raise self.refused(error) from error
        finally:
            authorizer.enforcing = False
        if statement is None:
            raise DurableObjectError("SQL code did not contain a statement.")
        cursor.exec_trace = None
        if authorizer.actions <= _DATA_ACTIONS:
            self._remember(piece, statement)
        else:
            self._forget()
        return statement

    def refused(self, error: apsw.Error) -> DurableObjectError:
        """The error of SQLite as the Worker sees it."""
        self._transactions.require_usable()
        if isinstance(error, apsw.CursorClosedError | apsw.ConnectionClosedError):
            return DurableObjectError("SQLite query was canceled because the database was deleted.")
        message = explain(error)
        self._transactions.failed(error, message)
        return DurableObjectError(message)

    @contextmanager
    def _reserved_names(self) -> Iterator[None]:
        # SQLite does not tell the authorizer the new name of a table.
        self._transactions.write()
        before = self.database.execute(_RESERVED).fetchall()
        self.database.execute("SAVEPOINT _cf_rename")
        try:
            yield
            if self.database.execute(_RESERVED).fetchall() != before:
                raise DurableObjectError("not authorized: SQLITE_AUTH")
        except DurableObjectError:
            self.database.execute("ROLLBACK TO _cf_rename")
            raise
        finally:
            self.database.execute("RELEASE _cf_rename")

    def _remember(self, piece: str, statement: _Statement) -> None:
        self._known[piece] = statement
        self._known_characters += len(piece)
        while self._known_characters > _CACHED_CHARACTERS:
            oldest, _ = self._known.popitem(last=False)
            self._known_characters -= len(oldest)

    def _forget(self) -> None:
        self._known.clear()
        self._known_characters = 0


class Cursor:
    """The rows of one statement, always one row ahead of what was read.

    Attributes:
        column_names: also of a statement without rows.
    """

    __slots__ = ("_ahead", "column_names")

    def __init__(self, column_names: tuple[str, ...]) -> None:
        self.column_names = column_names
        self._ahead: Row | None = None

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
        return None

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
        row = self.next()
        if row is None:
            raise DurableObjectError(
                "Expected exactly one result from SQL query, but got no results."
            )
        if self._ahead is not None:
            self.close()
            raise DurableObjectError(
                "Expected exactly one result from SQL query, but got multiple results."
            )
        return row

    def close(self) -> None:
        """Let go of the rows which were not read."""


class _RowCursor(Cursor):
    __slots__ = ("_bindings", "_count", "_query", "_rows", "_sql")

    def __init__(
        self,
        column_names: tuple[str, ...],
        sql: Sql,
        rows: apsw.Cursor,
        query: str,
        bindings: tuple[Binding, ...],
    ) -> None:
        self.column_names = column_names
        self._sql = sql
        self._rows: Iterator[Row] | None = rows
        self._query = query
        self._bindings = bindings
        self._count = -1
        sql.database.reading += 1
        self._fetch()

    def __del__(self) -> None:
        self.close()

    def next(self) -> Row | None:
        row = self._ahead
        if self._rows is not None:
            self._fetch()
        return row

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
            raise self._sql.refused(error) from error
        finally:
            self.close()

    def close(self) -> None:
        self._ahead = None
        if self._rows is not None:
            self._rows = None
            self._sql.database.reading -= 1

    def _fetch(self) -> None:
        assert self._rows is not None
        self._count += 1
        try:
            try:
                self._ahead = next(self._rows, None)
            except UnicodeDecodeError:
                self._rows = self._reread()
                self._ahead = next(self._rows, None)
        except apsw.Error as error:
            self.close()
            raise self._sql.refused(error) from error
        if self._ahead is None:
            self.close()

    def _reread(self) -> Iterator[Row]:
        connection = self._sql.database.connect()
        columns = len(self.column_names)
        return reread(connection, self._query, columns, self._bindings, self._count)
