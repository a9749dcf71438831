"""What a namespace keeps on disk of all its objects: names, alarms, and young databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import apsw

from flarelocal.database import CorruptStateError
from flarelocal.durable_objects.catalog import Catalog, CatalogAlarm

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
        if path.exists():
            self._names = dict(self._rows("SELECT actor_id, name FROM flarelocal_name"))
            self._young = {row[0] for row in self._rows("SELECT actor_id FROM flarelocal_young")}

    def remember_name(self, object_id: str, name: str) -> None:
        if self._names.get(object_id) != name:
            super().remember_name(object_id, name)
            self._write("INSERT OR REPLACE INTO flarelocal_name VALUES (?, ?)", object_id, name)

    def alarms(self) -> Iterator[CatalogAlarm]:
        if self._cursor is not None or self._path.exists():
            rows = self._rows("SELECT actor_id, actor_name, scheduled_time FROM _cf_ALARM")
            for object_id, name, scheduled_ns in rows:
                known = name or self.name(object_id)
                yield CatalogAlarm(object_id, known, scheduled_ns // _NS_PER_MS)

    def alarm(self, object_id: str) -> int | None:
        if self._cursor is None and not self._path.exists():
            return None
        rows = self._rows("SELECT scheduled_time FROM _cf_ALARM WHERE actor_id = ?", object_id)
        return rows[0][0] // _NS_PER_MS if rows else None

    def set_alarm(self, object_id: str, name: str | None, scheduled_ms: int | None) -> None:
        if scheduled_ms is None:
            self._write("DELETE FROM _cf_ALARM WHERE actor_id = ?", object_id)
        else:
            self._write(
                "INSERT OR REPLACE INTO _cf_ALARM VALUES (?, ?, ?)",
                object_id,
                scheduled_ms * _NS_PER_MS,
                name,
            )

    @property
    def young(self) -> list[str]:
        return list(self._young)

    def image(self, object_id: str) -> bytes | None:
        """The database of the object, if it is here."""
        if object_id not in self._young:
            return None
        [(image,)] = self._rows("SELECT image FROM flarelocal_young WHERE actor_id = ?", object_id)
        return cast(bytes, image)

    def keep_image(self, object_id: str, image: bytes) -> None:
        """Keep the database of the object; all that was written is durable when this returns."""
        self._run("INSERT OR REPLACE INTO flarelocal_young VALUES (?, ?)", object_id, image)
        self._commit()
        self._young.add(object_id)

    def drop_image(self, object_id: str) -> None:
        """Keep the database of the object no longer; that is durable when this returns."""
        if object_id in self._young:
            self._run("DELETE FROM flarelocal_young WHERE actor_id = ?", object_id)
            self._commit()
            self._young.discard(object_id)

    def forget(self, object_id: str) -> None:
        self.drop_image(object_id)
        self.set_alarm(object_id, None, None)
        if self._names.pop(object_id, None) is not None:
            self._write("DELETE FROM flarelocal_name WHERE actor_id = ?", object_id)

    def close(self) -> None:
        if self._cursor is not None:
            self._commit()
            connection = self._cursor.connection
            self._cursor = None
            connection.close()

    def _rows(self, sql: str, *bindings: str) -> list[tuple[Any, ...]]:
        return self._run(sql, *bindings).fetchall()

    def _write(self, sql: str, *bindings: str | bytes | int | None) -> None:
        if self._cursor is None or not self._cursor.connection.in_transaction:
            self._run("BEGIN")
            if not self._deferred:
                self._deferred = True
                self._defer(self._turn_over)
        self._run(sql, *bindings)

    def _turn_over(self) -> None:
        self._deferred = False
        self._commit()

    def _commit(self) -> None:
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
            connection.execute("PRAGMA synchronous = OFF; PRAGMA journal_mode = WAL").fetchall()
            connection.execute(_SCHEMA)
            # Files of older versions of the runtime have alarms without names.
            columns = connection.pragma("table_info", "_cf_ALARM")
            if "actor_name" not in {column[1] for column in columns}:
                connection.execute("ALTER TABLE _cf_ALARM ADD COLUMN actor_name TEXT")
        except apsw.Error as error:
            connection.close()
            raise CorruptStateError(
                f"{self._path}: not a readable catalog of Durable Objects ({error}): "
                "delete it to start afresh, or restore it from a copy"
            ) from error
        return connection.cursor()
