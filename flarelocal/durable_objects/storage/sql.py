"""SQL as the Worker writes it (workerd: api/sql.c++, util/sqlite.c++)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import apsw

from flarelocal.durable_objects.errors import DurableObjectError
from flarelocal.durable_objects.storage.cursor import Cursor, RowCursor, Statement
from flarelocal.durable_objects.storage.database import Binding, ObjectDatabase
from flarelocal.durable_objects.storage.limited import limited
from flarelocal.durable_objects.storage.metering import ChangeCounter, schema_cost, target_of
from flarelocal.durable_objects.storage.refusal import explain
from flarelocal.durable_objects.storage.statements import is_empty, split
from flarelocal.durable_objects.storage.tariff import Changes, Tariff
from flarelocal.durable_objects.storage.transaction import Transactions

__all__ = ["Sql"]

_SQL_BYTES = 100_000
_CACHED_CHARACTERS = 1024 * 1024
_RESERVED = "SELECT name FROM sqlite_schema WHERE name LIKE '\\_cf\\_%' ESCAPE '\\'"
_EMPTY_FILE_BYTES = 4096
_NO_STATEMENT = "SQL code did not contain a statement."
_COLUMNS = "SELECT name, pk FROM pragma_table_info(?)"
_ROWLESS = "SELECT 1 FROM pragma_table_list(?) WHERE wr"
_UNIQUE = 'SELECT 1 FROM pragma_index_list(?) WHERE "unique"'
_ROW_IDS = ("rowid", "_rowid_", "oid")

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
_NO_CHANGES: Changes = {}
_REPLACES = re.compile(r"\breplace\b", re.IGNORECASE)
_RENAME = re.compile(r"\balter\b.*\brename\b", re.IGNORECASE | re.DOTALL)


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
        self._known: dict[str, Statement] = {}
        self._known_characters = 0
        transactions.join(self)

    @property
    def database_size(self) -> int:
        """How many bytes the database takes, free pages not counted."""
        self._transactions.require_usable()
        if not self.database.exists:
            return _EMPTY_FILE_BYTES
        return self.database.size

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
        statement = self._known.get(query)
        if statement is None:
            return self._run_all(query, bindings)
        if not self._transactions.usable:
            self._transactions.require_usable()
        if len(bindings) != statement.parameters:
            raise _BindingCountError
        try:
            if not statement.readonly:
                return self._change(query, statement, bindings)
            database = self.database
            rows = database.spare
            if rows is None:
                rows = database.connect().cursor()
            else:
                database.spare = None
            rows.execute(query, bindings)
            return RowCursor(self, statement, query, bindings, _NO_CHANGES, rows)
        except apsw.Error as error:
            raise self.refused(error) from error

    def before_commit(self) -> None:
        """Prepared statements outlive a commit."""

    def after_commit(self) -> None:
        """Prepared statements outlive a commit."""

    def savepoint(self) -> Callable[[], None]:
        return self._forget

    def _run_all(self, query: str, bindings: tuple[Binding, ...]) -> Cursor:
        self._transactions.require_usable()
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

    def _run(self, piece: str, bindings: tuple[Binding, ...]) -> Cursor:
        if piece in self._known:
            return self.exec(piece, *bindings)
        few = limited(piece)
        if few is not None:
            return self._run(few.text(self._key(few.table)), bindings)
        if _RENAME.search(piece):
            with self._reserved_names():
                return self._run_unknown(piece, bindings)
        return self._run_unknown(piece, bindings)

    def _change(self, piece: str, statement: Statement, bindings: tuple[Binding, ...]) -> Cursor:
        database, transactions, target = self.database, self._transactions, statement.target
        if not transactions.open and (target is None or not transactions.autocommit):
            transactions.write()
        connection = database.connection or database.connect()
        if target is not None:
            before = connection.total_changes()
            try:
                database.cursor.execute(piece, bindings)
            except apsw.ConstraintError:
                if transactions.open:
                    raise
                # What is checked at the end of a transaction is refused in other words.
                transactions.write()
                database.cursor.execute(piece, bindings)
            changed = connection.total_changes() - before
            return Cursor(self, statement, piece, bindings, {target: changed})
        counter = ChangeCounter(connection, None)
        try:
            rows = connection.cursor().execute(piece, bindings)
        finally:
            changes = counter.stop()
        return RowCursor(self, statement, piece, bindings, changes, rows)

    def _run_unknown(self, piece: str, bindings: tuple[Binding, ...]) -> Cursor:
        statement: Statement | None = None
        connection = self.database.connect()
        authorizer = self.database.authorizer
        authorizer.requests.clear()
        counter: ChangeCounter | None = None

        def examine(cursor: apsw.Cursor, sql: str, bound: object) -> bool:
            nonlocal statement, counter
            if cursor.has_vdbe:
                authorizer.enforcing = False
                statement = self._examined(connection, cursor, piece)
                if statement.cost is None and not statement.readonly:
                    counter = ChangeCounter(connection, statement.target)
                authorizer.enforcing = True
            return True

        cursor = connection.cursor()
        cursor.exec_trace = examine
        authorizer.enforcing = True
        try:
            # Without the cache of prepared statements, so that the authorizer is asked.
            cursor.execute(piece, bindings, can_cache=False)
        except apsw.BindingsError:
            if is_empty(piece):
                raise DurableObjectError(_NO_STATEMENT) from None
            raise _BindingCountError from None
        except apsw.Error as error:
            raise self.refused(error) from error
        finally:
            authorizer.enforcing = False
            cursor.exec_trace = None
            changes = counter.stop() if counter is not None else {}
        if statement is None:
            raise DurableObjectError(_NO_STATEMENT)
        if statement.cost is None:
            self._remember(piece, statement)
        else:
            self._forget()
        return RowCursor(self, statement, piece, bindings, changes, cursor)

    def _examined(self, connection: apsw.Connection, cursor: apsw.Cursor, piece: str) -> Statement:
        requests = frozenset(self.database.authorizer.requests)
        columns = tuple(column[0] for column in cursor.get_description())
        readonly, cost = cursor.is_readonly, None
        if not readonly:
            self._transactions.write()
        if not {action for action, _, _ in requests} <= _DATA_ACTIONS:
            cost = (0, 0) if readonly else schema_cost(connection, piece, requests)
        # SQLite sums its changes up when the last row was read: of no use if there are rows.
        target = None if columns else target_of(requests)
        if target and target[0] == apsw.SQLITE_INSERT and _REPLACES.search(piece):
            # Nor does it sum up what a REPLACE pushes out, but for the row of the same number.
            others = connection.execute(_UNIQUE, (target[1],)).fetchall()
            target = None if others else target
        parameters = cursor.bindings_count
        return Statement(columns, parameters, readonly, target, cost, Tariff(requests))

    def refused(self, error: apsw.Error) -> DurableObjectError:
        """The error of SQLite as the Worker sees it."""
        self._transactions.require_usable()
        if isinstance(error, apsw.CursorClosedError | apsw.ConnectionClosedError):
            return DurableObjectError("SQLite query was canceled because the database was deleted.")
        message = explain(error)
        self._transactions.failed(error, message)
        return DurableObjectError(message)

    def _key(self, table: str) -> list[str]:
        """The columns which tell the rows of a table apart."""
        connection = self.database.connect()
        columns = connection.execute(_COLUMNS, (table,)).fetchall()
        if connection.execute(_ROWLESS, (table,)).fetchall():
            keys = sorted((int(str(pk)), str(name)) for name, pk in columns if pk)
            return [f'"{_doubled(name)}"' for _, name in keys]
        names = {str(name).lower() for name, _ in columns}
        return [next((each for each in _ROW_IDS if each not in names), "rowid")]

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

    def _remember(self, piece: str, statement: Statement) -> None:
        self._known[piece] = statement
        self._known_characters += len(piece)
        while self._known_characters > _CACHED_CHARACTERS:
            oldest = next(iter(self._known))
            del self._known[oldest]
            self._known_characters -= len(oldest)

    def _forget(self) -> None:
        self._known.clear()
        self._known_characters = 0


def _doubled(name: str) -> str:
    return name.replace('"', '""')
