"""The SQLite file of one object."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import cast

import apsw

from flarelocal.database import CorruptStateError
from flarelocal.durable_objects.errors import DurableObjectError
from flarelocal.durable_objects.limits import Limits
from flarelocal.durable_objects.storage.authorizer import MODULES, Authorizer
from flarelocal.durable_objects.storage.family import Family
from flarelocal.durable_objects.storage.history import History
from flarelocal.durable_objects.storage.image import image_of, in_rollback_mode, in_wal_mode
from flarelocal.durable_objects.storage.open_files import OpenFiles
from flarelocal.durable_objects.storage.seed import Seed
from flarelocal.durable_objects.storage.snapshots import Snapshots
from flarelocal.durable_objects.storage.sql_clock import SqlClock
from flarelocal.durable_objects.storage.youth import Youth

__all__ = ["Binding", "ObjectDatabase"]

Binding = str | bytes | int | float | None

_PAGE_BYTES = 4096

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


class ObjectDatabase:
    """A SQLite database which comes into being when something is first written.

    A young one is in memory and in the nursery, see `Youth`. The file is in WAL mode without
    syncing: what is committed survives the end of the process at any moment. It is locked, so
    that no other process writes behind our back.

    Args:
        path: the file, or None to keep the database in memory.
        limits: of what it may hold.
        files: the other open files of the process.
        clock: the time of its statements and of its history.
        family: what the database belongs to, if it does to anything.
        youth: of a database which is not there yet; None: it has a file from the beginning.
        moments: whether it can go back to any moment since the file was opened.

    Attributes:
        path: of the file.
        reading: how many cursors have rows left.
        connection: None while the file is closed; see `connect`.
        cursor: of the connection, for statements that nobody reads the rows of bit by bit.
        spare: another one, whose rows were read to the end; to make one takes half of the time of
            a query for one row.
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | None,
        limits: Limits,
        files: OpenFiles,
        clock: SqlClock,
        family: Family | None = None,
        youth: Youth | None = None,
        *,
        moments: bool = True,
    ) -> None:
        self.path = None if path is None else os.fspath(path)
        self.reading = 0
        self._limits = limits
        self._files = files
        self._clock = clock
        self._family = family
        self._authorizer: Authorizer | None = None
        self._history: History | None = None
        self._moments = moments
        self.connection: apsw.Connection | None = None
        self.cursor: apsw.Cursor
        self.spare: apsw.Cursor | None = None
        self._page_bytes: int | None = None
        self._missing = path is None or not os.access(path, os.F_OK)
        self._planted = False
        self._youth = youth if self.path is not None else None
        if self._youth is not None and self._missing:
            self._missing = not self._youth.kept
        elif self._youth is not None:
            # A process died when it had written the file.
            self._come_of_age()

    @property
    def authorizer(self) -> Authorizer:
        """What decides about the statements of the Worker."""
        if self._authorizer is None:
            self._authorizer = Authorizer()
        return self._authorizer

    @property
    def history(self) -> History:
        """What knows of each moment since the file was opened."""
        if self._history is None:
            self._history = History(self._clock.now)
        return self._history

    @cached_property
    def snapshots(self) -> Snapshots:
        """Earlier states of the database."""
        stem = self.path and self.path.removesuffix(".sqlite")
        return Snapshots(Path(f"{stem}.bookmarks") if stem else None)

    @property
    def young_bytes(self) -> int | None:
        """How many bytes are kept of it while it is young; None when it is not, or is empty."""
        image = None if self._youth is None else self._youth.image
        return None if image is None else len(image)

    @property
    def exists(self) -> bool:
        """Whether anything was ever written."""
        return not self._missing

    @property
    def in_transaction(self) -> bool:
        return self.connection is not None and self.connection.in_transaction

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
        if self.connection is None:
            self._open(schema)
        assert self.connection is not None
        return self.connection

    def execute(self, sql: str, bindings: Sequence[Binding] = ()) -> apsw.Cursor:
        """Run a statement of our own, on a cursor which the next such call uses again."""
        if self.connection is None:
            self.connect()
        return self.cursor.execute(sql, bindings, prepare_flags=apsw.SQLITE_PREPARE_PERSISTENT)

    @property
    def size(self) -> int:
        """How many bytes it takes, free pages not counted."""
        if self._page_bytes is None:
            self._page_bytes = cast(int, self.execute("PRAGMA page_size").get)
        pages = cast(int, self.execute("PRAGMA page_count").get)
        free = cast(int, self.execute("PRAGMA freelist_count").get)
        return (pages - free) * self._page_bytes

    def committed(self) -> None:
        """Called after each commit: what is durable in a file already is made so elsewhere."""
        if self._youth is not None:
            self._remember(self._youth, self.connect().serialize("main"))

    @property
    def untouched(self) -> bool:
        """Whether SQLite has had nothing to do with it yet, so that `plant` is possible."""
        youth = self._youth
        if youth is None or self.connection is not None or youth.long:
            return False
        return self._missing or self._planted

    def plant(self, seed: Seed) -> None:
        """Have a content made by somebody else, which is durable when this returns."""
        assert self._youth is not None
        self._planted = True
        self._exists_now()
        self.history.remember(seed)
        self._youth.keep(seed)

    def _remember(self, youth: Youth, image: bytes) -> None:
        self.history.remember(image)
        if self.reading or not youth.over(image):
            youth.keep(image)
        else:
            self._write_file(image)
            self._disconnect()

    def grow(self) -> None:
        """Give a database its file which is still young, and not open."""
        image = None if self._youth is None else self._youth.image
        if image is not None:
            self._write_file(image)

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
        if self.connection is not None:
            self._disconnect()
            self.history.detach()
            self._files.closed(self)
            self._missing = self._youth is not None and not self._youth.kept

    def delete(self) -> None:
        """Delete all data, the file included."""
        if self.in_transaction:
            self.execute("ROLLBACK")
        if self.path is not None:
            self.close()
            if self._youth is not None:
                self._youth.forget()
            for suffix in ("", "-wal", "-shm"):
                with suppress(FileNotFoundError):
                    os.unlink(self.path + suffix)
        else:
            self._disconnect()
        self._missing = True

    def keep(self, bookmark: str, when_ms: int | None = None) -> None:
        """Keep the present state by a bookmark, or what is known of an earlier one."""
        if when_ms is None or self.history_since_ms is None:
            image = self.image()
        else:
            image = self.image_at(when_ms)
        self.snapshots.save(bookmark, image)
        for part in self._parts():
            part.keep(bookmark, when_ms)

    def discard(self, bookmark: str) -> None:
        """Keep the state of that bookmark no longer."""
        self.snapshots.discard(bookmark)
        for part in self._parts():
            part.discard(bookmark)

    def begin_session(self) -> bool:
        """Go back to the state which the last session asked for; tells whether it did."""
        bookmark = self.snapshots.next
        if bookmark is None:
            return False
        self._go_back(bookmark)
        self.snapshots.next = None
        return True

    def _go_back(self, bookmark: str) -> None:
        # A part that has no such bookmark was made later.
        known = bookmark in self.snapshots.bookmarks
        self.replace(self.snapshots.load(bookmark) if known else b"")
        for part in self._parts():
            part._go_back(bookmark)

    def replace(self, image: bytes) -> None:
        """Have another content from now on, as of `image`."""
        self.delete()
        if image and self.path is not None:
            self._write_file(image)
        elif image:
            self._open("")
            self.connect().deserialize("main", in_rollback_mode(image))
        self._missing = not image

    def image(self) -> bytes:
        """The whole database as bytes; none if nothing was ever written."""
        return in_wal_mode(self.connect().serialize("main")) if self.exists else b""

    @property
    def history_since_ms(self) -> int | None:
        """From when on `image_at` knows earlier states; None: it knows none."""
        return self.history.since_ms if self.path is not None else None

    @property
    def known_since_ms(self) -> int | None:
        """From when on earlier states of it or of any of its parts are known; None: none is."""
        found = [self.history_since_ms, *(part.known_since_ms for part in self._parts())]
        return min((each for each in found if each is not None), default=None)

    def image_at(self, when_ms: int) -> bytes:
        """The whole database as it was then, or at `history_since_ms` if that is later."""
        assert self.path is not None
        return self.history.image_at(Path(self.path), when_ms)

    def _open(self, schema: str) -> None:
        if self.path is None:
            self.connection = self._open_image(image_of(schema))
        elif self._youth is not None:
            image = self._youth.image or image_of(schema)
            self.connection = self._open_image(image)
            self.history.remember(image)
        else:
            self.connection = self._open_file(self.path, schema)
        self.cursor = self.connection.cursor()
        self.touch()
        self._planted = False
        self._exists_now()

    def _parts(self) -> Iterable[ObjectDatabase]:
        return () if self._family is None else self._family.parts()

    def _exists_now(self) -> None:
        if self._missing:
            self._missing = False
            if self._family is not None:
                self._family.born()

    def _open_image(self, image: bytes) -> apsw.Connection:
        connection = self._clock.open(None)
        connection.deserialize("main", in_rollback_mode(image))
        self._prepare(connection, "")
        return connection

    def _open_file(self, path: str, schema: str) -> apsw.Connection:
        born = self._missing
        if born:
            _write(path, image_of(schema))
        connection = self._clock.open(path)
        try:
            # A file of ours is in WAL mode from the beginning.
            self._prepare(connection, "" if born else "PRAGMA journal_mode = WAL;")
        except apsw.BusyError as error:
            connection.close()
            raise DurableObjectError(
                f"The storage of this Durable Object ({path}) is in use by another process: "
                "stop that process, or keep the state elsewhere with --persist-to."
            ) from error
        except (apsw.NotADBError, apsw.CorruptError) as error:
            connection.close()
            raise CorruptStateError(
                f"{path}: not a readable storage file ({error}): "
                "delete it to start afresh, or restore it from a copy"
            ) from None
        if self._moments:
            self.history.attach(connection)
        return connection

    def _write_file(self, image: bytes) -> None:
        assert self.path is not None
        _write(self.path, in_wal_mode(image))
        self._come_of_age()

    def _come_of_age(self) -> None:
        if self._youth is not None:
            self._youth.forget()
            self._youth = None

    def _disconnect(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = self.spare = self._page_bytes = None

    def _prepare(self, connection: apsw.Connection, pragmas: str) -> None:
        if self.path is not None:
            pragmas = f"PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = OFF; {pragmas}"
        # Each statement gives a row, and the next one runs when that was read.
        connection.execute(
            f"{pragmas}PRAGMA max_page_count = {self._limits.file_bytes // _PAGE_BYTES}"
        ).fetchall()
        connection.config(apsw.SQLITE_DBCONFIG_DEFENSIVE, 1)
        connection.config(apsw.SQLITE_DBCONFIG_ENABLE_FKEY, 1)
        connection.limit(apsw.SQLITE_LIMIT_LENGTH, self._limits.sql_bytes)
        for limit, value in _LIMITS:
            connection.limit(limit, value)
        connection.drop_modules(MODULES)
        connection.authorizer = self.authorizer


def _write(path: str, content: bytes) -> None:
    # Renamed into place: a process which dies here leaves no half of a file.
    new = f"{path}.new"
    try:
        file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    with open(file, "wb") as opened:
        opened.write(content)
    os.replace(new, path)
