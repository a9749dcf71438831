"""The SQLite file of one object."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import apsw

from flarelocal.database import CorruptStateError
from flarelocal.durable_objects.errors import DurableObjectError
from flarelocal.durable_objects.limits import Limits
from flarelocal.durable_objects.storage.authorizer import MODULES, Authorizer

__all__ = ["Binding", "ObjectDatabase", "OpenFiles"]

Binding = str | bytes | int | float | None

_PAGE_BYTES = 4096
_FEWEST_FILES, _MOST_FILES = 16, 128
_FORMAT_VERSION = slice(18, 20)
_WAL = b"\2\2"

_LIMITS = (
    (apsw.SQLITE_LIMIT_SQL_LENGTH, 100_000),
    (apsw.SQLITE_LIMIT_COLUMN, 100),
    (apsw.SQLITE_LIMIT_EXPR_DEPTH, 100),
    (apsw.SQLITE_LIMIT_COMPOUND_SELECT, 5),
    (apsw.SQLITE_LIMIT_VDBE_OP, 25_000),
    (apsw.SQLITE_LIMIT_FUNCTION_ARG, 127),
    (apsw.SQLITE_LIMIT_ATTACHED, 0),
    (apsw.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50),
    (apsw.SQLITE_LIMIT_VARIABLE_NUMBER, 100),
    (apsw.SQLITE_LIMIT_TRIGGER_DEPTH, 10),
    (apsw.SQLITE_LIMIT_WORKER_THREADS, 0),
)


class OpenFiles:
    """Keeps few files open at once: an object which rests gives its file up to another.

    Args:
        capacity: how many files may be open; more are when more are in the middle of something.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._open: OrderedDict[ObjectDatabase, None] = OrderedDict()

    @classmethod
    def for_this_process(cls) -> OpenFiles:
        """As many as the process may have, with room left for everything else."""
        try:
            import resource
        except ImportError:
            return cls(_MOST_FILES)
        allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        return cls(max(_FEWEST_FILES, min(_MOST_FILES, allowed // 4)))

    def __len__(self) -> int:
        return len(self._open)

    def used(self, database: ObjectDatabase) -> None:
        """Note that the database is open and was used just now."""
        self._open[database] = None
        self._open.move_to_end(database)
        if len(self._open) > self._capacity:
            others = (other for other in self._open if other is not database and other.at_rest)
            resting = next(others, None)
            if resting is not None:
                resting.close()

    def closed(self, database: ObjectDatabase) -> None:
        """Note that the database was closed."""
        self._open.pop(database, None)


class ObjectDatabase:
    """A SQLite database which comes into being when something is first written.

    It is in WAL mode without syncing: what is committed survives the end of the process at any
    moment. The file is locked, so that no other process writes behind our back.

    Args:
        path: the file, or None to keep the database in memory.
        limits: of what it may hold.
        files: the other open files of the process.
        created: called when the file has come into being.

    Attributes:
        authorizer: decides about the statements of the Worker.
        reading: how many cursors have rows left.
    """

    def __init__(
        self,
        path: Path | None,
        limits: Limits,
        files: OpenFiles,
        created: Callable[[], None] = lambda: None,
    ) -> None:
        self.path = path
        self.authorizer = Authorizer()
        self.reading = 0
        self._limits = limits
        self._files = files
        self._created = created
        self._connection: apsw.Connection | None = None
        self._cursor: apsw.Cursor | None = None
        self._missing = path is None or not os.path.exists(path)

    @property
    def exists(self) -> bool:
        """Whether anything was ever written."""
        return not self._missing

    @property
    def in_transaction(self) -> bool:
        return self._connection is not None and self._connection.in_transaction

    @property
    def at_rest(self) -> bool:
        """Whether the file can be closed without anyone noticing."""
        return self.path is not None and not self.in_transaction and not self.reading

    def connect(self, schema: str = "") -> apsw.Connection:
        """The connection; the file is opened or made if need be.

        Args:
            schema: statements with which a new file begins.

        Raises:
            CorruptStateError: the file is no readable SQLite file.
            DurableObjectError: another process has the file.
        """
        if self._connection is None:
            self._open(schema)
        assert self._connection is not None
        return self._connection

    def execute(self, sql: str, bindings: Sequence[Binding] = ()) -> apsw.Cursor:
        """Run a statement of our own, on a cursor which the next such call uses again."""
        if self._cursor is None:
            self._cursor = self.connect().cursor()
        return self._cursor.execute(sql, bindings, prepare_flags=apsw.SQLITE_PREPARE_PERSISTENT)

    def touch(self) -> None:
        """Note that the database is in use."""
        if self.path is not None:
            self._files.used(self)

    def close(self) -> None:
        """Close the file; what is not committed is lost. A database in memory stays."""
        if self.path is None:
            if self.in_transaction:
                self.execute("ROLLBACK")
            return
        if self._connection is not None:
            self._connection.close()
            self._connection = self._cursor = None
            self._files.closed(self)

    def delete(self) -> None:
        """Delete all data, the file included."""
        if self.in_transaction:
            self.execute("ROLLBACK")
        if self.path is not None:
            self.close()
            for suffix in ("", "-wal", "-shm"):
                self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        elif self._connection is not None:
            self._connection.close()
            self._connection = self._cursor = None
        self._missing = True

    def _open(self, schema: str) -> None:
        born = self.path is not None and self._missing
        if self.path is not None and born:
            _make(self.path, schema)
        connection = apsw.Connection(str(self.path) if self.path else ":memory:")
        try:
            # A file of ours is in WAL mode from the beginning.
            self._prepare(connection, "" if born else "PRAGMA journal_mode = WAL;")
            if self.path is None and schema:
                connection.execute(schema)
        except apsw.BusyError as error:
            connection.close()
            raise DurableObjectError(
                f"The storage of this Durable Object ({self.path}) is in use by another process: "
                "stop that process, or keep the state elsewhere with --persist-to."
            ) from error
        except (apsw.NotADBError, apsw.CorruptError) as error:
            connection.close()
            raise CorruptStateError(
                f"{self.path}: not a readable storage file ({error}): "
                "delete it to start afresh, or restore it from a copy"
            ) from error
        self._connection = connection
        self.touch()
        if self._missing:
            self._missing = False
            self._created()

    def _prepare(self, connection: apsw.Connection, pragmas: str) -> None:
        # Each statement gives a row, and the next one runs when that was read.
        connection.execute(
            f"PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = OFF; {pragmas}"
            f"PRAGMA max_page_count = {self._limits.file_bytes // _PAGE_BYTES}"
        ).fetchall()
        connection.config(apsw.SQLITE_DBCONFIG_DEFENSIVE, 1)
        connection.config(apsw.SQLITE_DBCONFIG_ENABLE_FKEY, 1)
        connection.limit(apsw.SQLITE_LIMIT_LENGTH, self._limits.sql_bytes)
        for limit, value in _LIMITS:
            connection.limit(limit, value)
        connection.drop_modules(MODULES)
        connection.authorizer = self.authorizer


def _make(path: Path, schema: str) -> None:
    # Renamed into place: a process which dies here leaves no half of a file.
    new = f"{path}.new"
    try:
        file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    try:
        os.write(file, _blank(schema))
    finally:
        os.close(file)
    os.replace(new, path)


@cache
def _blank(schema: str) -> bytes:
    """The content of a new file: writing it is cheaper than having SQLite make it each time."""
    connection = apsw.Connection(":memory:")
    connection.execute(f"BEGIN; {schema}; COMMIT" if schema else "BEGIN IMMEDIATE; COMMIT")
    content = bytearray(connection.serialize("main"))
    connection.close()
    content[_FORMAT_VERSION] = _WAL
    return bytes(content)
