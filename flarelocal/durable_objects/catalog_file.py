"""What a namespace keeps on disk of all its objects: names, alarms, and young databases."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import apsw

from flarelocal.database import CorruptStateError
from flarelocal.durable_objects.catalog import Catalog
from flarelocal.durable_objects.storage.seed import Seed

__all__ = ["CatalogFile"]

_NS_PER_MS = 1_000_000
_SCHEMA = """
    CREATE TABLE IF NOT EXISTS _cf_ALARM (
        actor_id TEXT PRIMARY KEY, scheduled_time INTEGER, actor_name TEXT
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS flarelocal_name (
        actor_id TEXT PRIMARY KEY, name TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS flarelocal_young (actor_id TEXT PRIMARY KEY, image BLOB NOT NULL);
    CREATE TABLE IF NOT EXISTS flarelocal_seed (
        actor_id TEXT PRIMARY KEY, name TEXT, alarm INTEGER
    ) WITHOUT ROWID;
"""


class CatalogFile(Catalog):
    """The file `metadata.sqlite` of a namespace, made when there is something to put in.

    Args:
        defer: calls a function when the present turn of the event loop is over; what was
            written is durable then.

    Raises:
        CorruptStateError: the file cannot be read.
    """

    FILE = "metadata.sqlite"
    """How the file is called in the directory of a namespace."""

    def __init__(self, path: Path, defer: Callable[[Callable[[], None]], object]) -> None:
        super().__init__()
        self._path = path
        self._cursor: apsw.Cursor | None = None
        self._defer = defer
        self._deferred = False
        self._young: set[str] = set()
        self._seeds: dict[str, int | None] = {}
        self._armed: set[str] = set()
        self._new_names: dict[str, str] = {}
        if path.exists():
            self._load()

    def _load(self) -> None:
        self._names = dict(self._rows("SELECT actor_id, name FROM flarelocal_name"))
        self._young = {row[0] for row in self._rows("SELECT actor_id FROM flarelocal_young")}
        for object_id, name, alarm_ns in self._rows("SELECT * FROM flarelocal_seed"):
            self._seeds[object_id] = alarm_ns
            if name is not None:
                self._names[object_id] = name
            super().set_alarm(object_id, name, _ms(alarm_ns))
        rows = self._rows("SELECT actor_id, actor_name, scheduled_time FROM _cf_ALARM")
        for object_id, name, scheduled_ns in rows:
            super().set_alarm(object_id, name, _ms(scheduled_ns))
            self._armed.add(object_id)

    def remember_name(self, object_id: str, name: str) -> None:
        if self._names.get(object_id) != name:
            super().remember_name(object_id, name)
            self._new_names[object_id] = name
            self._later()

    def set_alarm(self, object_id: str, name: str | None, scheduled_ms: int | None) -> None:
        if self.alarm(object_id) != scheduled_ms:
            super().set_alarm(object_id, name, scheduled_ms)
            self._begin()
            self._later()
            self._store_alarm(object_id)

    @property
    def young(self) -> list[str]:
        return [*self._young, *self._seeds]

    def has(self, object_id: str) -> bool:
        """Whether the database of the object is here."""
        return object_id in self._young or object_id in self._seeds

    def image(self, object_id: str) -> bytes | None:
        """The database of the object, if it is here."""
        if object_id in self._seeds:
            return Seed(self._seeds[object_id]).image
        if object_id not in self._young:
            return None
        [(image,)] = self._rows("SELECT image FROM flarelocal_young WHERE actor_id = ?", object_id)
        return cast(bytes, image)

    def keep(self, object_id: str, content: bytes | Seed) -> None:
        """Keep the database of the object; all that was written is durable when this returns.

        A seed is a row that has all of the object: its name, and its alarm, which is also the one
        that `alarm` tells from now on.
        """
        if isinstance(content, Seed):
            if object_id in self._armed:
                self._begin()
                self._disarm(object_id)
            self._run(
                "INSERT INTO flarelocal_seed VALUES (?, ?, ?) ON CONFLICT (actor_id) "
                "DO UPDATE SET name = excluded.name, alarm = excluded.alarm",
                object_id,
                self._names.get(object_id),
                content.alarm_ns,
            )
            self._commit(but_name_of=object_id)
            self._seeds[object_id] = content.alarm_ns
            super().set_alarm(object_id, None, _ms(content.alarm_ns))
        else:
            self._begin()
            self._unpack(object_id)
            self._run("INSERT OR REPLACE INTO flarelocal_young VALUES (?, ?)", object_id, content)
            self._commit()
            self._seeds.pop(object_id, None)
            self._young.add(object_id)

    def drop(self, object_id: str) -> None:
        """Keep the database of the object no longer; that is durable when this returns."""
        if self.has(object_id):
            self._begin()
            self._unpack(object_id)
            self._run("DELETE FROM flarelocal_young WHERE actor_id = ?", object_id)
            self._commit()
            self._seeds.pop(object_id, None)
            self._young.discard(object_id)

    def forget(self, object_id: str) -> None:
        self.drop(object_id)
        self.set_alarm(object_id, None, None)
        if self._names.pop(object_id, None) is not None:
            self._new_names.pop(object_id, None)
            self._begin()
            self._later()
            self._run("DELETE FROM flarelocal_name WHERE actor_id = ?", object_id)

    def close(self) -> None:
        self._commit()
        if self._cursor is not None:
            connection = self._cursor.connection
            self._cursor = None
            connection.close()

    def _rows(self, sql: str, *bindings: str) -> list[tuple[Any, ...]]:
        return self._run(sql, *bindings).fetchall()

    def _unpack(self, object_id: str) -> None:
        """Put what a seed has where that of other objects is."""
        if object_id in self._seeds:
            self._run("DELETE FROM flarelocal_seed WHERE actor_id = ?", object_id)
            self._store_alarm(object_id)
            if object_id in self._names:
                self._store_name(object_id, self._names[object_id])

    def _store_name(self, object_id: str, name: str) -> None:
        self._run("INSERT OR REPLACE INTO flarelocal_name VALUES (?, ?)", object_id, name)

    def _store_alarm(self, object_id: str) -> None:
        alarm = self._alarms.get(object_id)
        if alarm is None:
            self._disarm(object_id)
        else:
            self._armed.add(object_id)
            self._run(
                "INSERT OR REPLACE INTO _cf_ALARM VALUES (?, ?, ?)",
                object_id,
                alarm.scheduled_ms * _NS_PER_MS,
                alarm.object_name,
            )

    def _disarm(self, object_id: str) -> None:
        if object_id in self._armed:
            self._armed.discard(object_id)
            self._run("DELETE FROM _cf_ALARM WHERE actor_id = ?", object_id)

    def _begin(self) -> None:
        if self._cursor is None or not self._cursor.connection.in_transaction:
            self._run("BEGIN")

    def _later(self) -> None:
        """Have all be durable that is written in this turn, when the turn is over."""
        if not self._deferred:
            self._deferred = True
            self._defer(self._turn_over)

    def _turn_over(self) -> None:
        self._deferred = False
        self._commit()

    def _commit(self, *, but_name_of: str = "") -> None:
        """Make all durable that was written.

        Args:
            but_name_of: an object whose name is in its seed.
        """
        self._new_names.pop(but_name_of, None)
        while self._new_names:
            self._begin()
            self._store_name(*self._new_names.popitem())
        if self._cursor is not None and self._cursor.connection.in_transaction:
            self._run("COMMIT")

    def _run(self, sql: str, *bindings: str | bytes | int | None) -> apsw.Cursor:
        if self._cursor is None:
            self._cursor = self._open()
        return self._cursor.execute(sql, bindings)

    def _open(self) -> apsw.Cursor:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = apsw.Connection(str(self._path))
        try:
            connection.execute(
                "PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = OFF; "
                "PRAGMA journal_mode = WAL"
            ).fetchall()
            connection.execute(_SCHEMA)
            # Files of older versions of the runtime have alarms without names.
            columns = connection.pragma("table_info", "_cf_ALARM")
            if "actor_name" not in {column[1] for column in columns}:
                connection.execute("ALTER TABLE _cf_ALARM ADD COLUMN actor_name TEXT")
        except apsw.BusyError as error:
            connection.close()
            raise CorruptStateError(
                f"{self._path}: in use by another process: stop that process, or keep the state "
                "elsewhere with --persist-to"
            ) from error
        except apsw.Error as error:
            connection.close()
            raise CorruptStateError(
                f"{self._path}: not a readable catalog of Durable Objects ({error}): "
                "delete it to start afresh, or restore it from a copy"
            ) from error
        return connection.cursor()


def _ms(time_ns: int | None) -> int | None:
    return None if time_ns is None else time_ns // _NS_PER_MS
