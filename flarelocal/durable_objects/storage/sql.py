"""SQL as the Worker writes it (workerd: api/sql.c++, util/sqlite.c++)."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast
from weakref import WeakSet

import apsw

from flarelocal.durable_objects.errors import DurableObjectError
from flarelocal.durable_objects.storage.database import Binding, ObjectDatabase, Reader
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
    """Runs SQL statements on the database of one object."""

    def __init__(self, database: ObjectDatabase, transactions: Transactions) -> None:
        self._database = database
        self._transactions = transactions
        self._known: OrderedDict[str, _Statement] = OrderedDict()
        self._known_characters = 0
        transactions.join(self)

    @property
    def database_size(self) -> int:
        """How many bytes the database takes, free pages not counted."""
        self._transactions.require_usable()
        if not self._database.exists:
            return _EMPTY_FILE_BYTES
        [(size,)] = self._database.execute(_SIZE).fetchall()
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
        self._transactions.require_usable()
        if query in self._known:
            return self._run(query, bindings)
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

    @property
    def readers(self) -> WeakSet[Reader]:
        """The cursors which have rows left."""
        return self._database.readers

    def before_commit(self) -> None:
        """Prepared statements outlive a commit."""

    def after_commit(self) -> None:
        """Prepared statements outlive a commit."""

    def savepoint(self) -> Callable[[], None]:
        return self._forget

    def _run(self, piece: str, bindings: tuple[Binding, ...]) -> Cursor:
        cursor = self._database.connect().cursor()
        statement = self._known.get(piece)
        if statement is None:
            if _RENAME.search(piece):
                with self._reserved_names():
                    statement = self._run_unknown(cursor, piece, bindings)
            else:
                statement = self._run_unknown(cursor, piece, bindings)
        else:
            self._known.move_to_end(piece)
            if len(bindings) != statement.parameters:
                raise _BindingCountError
            if not statement.readonly:
                self._transactions.write()
            self._execute(cursor, piece, bindings, True)
        return Cursor(self, cursor, statement.columns)

    def _run_unknown(
        self, cursor: apsw.Cursor, piece: str, bindings: tuple[Binding, ...]
    ) -> _Statement:
        statement: _Statement | None = None
        authorizer = self._database.authorizer
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
        # Without the cache of prepared statements, so that the authorizer is asked.
        self._execute(cursor, piece, bindings, False)
        if statement is None:
            raise DurableObjectError("SQL code did not contain a statement.")
        cursor.exec_trace = None
        if authorizer.actions <= _DATA_ACTIONS:
            self._remember(piece, statement)
        else:
            self._forget()
        return statement

    def _execute(
        self, cursor: apsw.Cursor, piece: str, bindings: tuple[Binding, ...], can_cache: bool
    ) -> None:
        authorizer = self._database.authorizer
        authorizer.enforcing = True
        try:
            cursor.execute(piece, bindings, can_cache=can_cache)
        except apsw.BindingsError:
            raise _BindingCountError from None
        except apsw.Error as error:
            raise self.refused(error) from error
        finally:
            authorizer.enforcing = False

    def refused(self, error: apsw.Error) -> DurableObjectError:
        """The error of SQLite as the Worker sees it."""
        message = explain(error)
        self._transactions.failed(error, message)
        return DurableObjectError(message)

    @contextmanager
    def _reserved_names(self) -> Iterator[None]:
        # SQLite does not tell the authorizer the new name of a table.
        self._transactions.write()
        before = self._database.execute(_RESERVED).fetchall()
        self._database.execute("SAVEPOINT _cf_rename")
        try:
            yield
            if self._database.execute(_RESERVED).fetchall() != before:
                raise DurableObjectError("not authorized: SQLITE_AUTH")
        except DurableObjectError:
            self._database.execute("ROLLBACK TO _cf_rename")
            raise
        finally:
            self._database.execute("RELEASE _cf_rename")

    def _remember(self, piece: str, statement: _Statement) -> None:
        self._known[piece] = statement
        self._known_characters += len(piece)
        while self._known_characters > _CACHED_CHARACTERS:
            oldest, _ = self._known.popitem(last=False)
            self._known_characters -= len(oldest)

    def _forget(self) -> None:
        self._known.clear()
        self._known_characters = 0


class Cursor(Reader):
    """The rows of one statement, always one row ahead of what was read.

    Attributes:
        column_names: also of a statement without rows.
    """

    def __init__(self, sql: Sql, cursor: apsw.Cursor, column_names: tuple[str, ...]) -> None:
        self.column_names = column_names
        self._sql = sql
        self._cursor: apsw.Cursor | None = cursor
        self._ahead: Row | None = None
        self._cancelled = False
        self._fetch()
        if self._cursor is not None:
            sql.readers.add(self)

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
        if self._cursor is not None:
            self._fetch()
        elif self._cancelled:
            raise DurableObjectError("SQLite query was canceled because the database was deleted.")
        return row

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
        if self._cursor is not None:
            self._cursor.close(True)
            self._end()

    def cancel(self) -> None:
        if self._cursor is not None:
            self.close()
            self._cancelled = True

    def _fetch(self) -> None:
        assert self._cursor is not None
        try:
            self._ahead = next(self._cursor, None)
        except apsw.Error as error:
            self.close()
            raise self._sql.refused(error) from error
        if self._ahead is None:
            self._end()

    def _end(self) -> None:
        self._cursor = self._ahead = None
        self._sql.readers.discard(self)
