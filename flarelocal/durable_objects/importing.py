"""Taking over the objects that workerd keeps below `.wrangler/state/v3/do`."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import apsw

from flarelocal.dataclass import dataclass
from flarelocal.durable_objects.catalog_file import CatalogFile

__all__ = ["FoundObject", "ImportRefusedError", "find_objects", "import_objects"]

_PLACES = (".wrangler/state/v3/do", "state/v3/do", "v3/do", "do", ".")
_ID = re.compile(r"[0-9a-f]{64}\Z")
_NS_PER_MS = 1_000_000
_TABLES = (
    "SELECT count(*) FROM sqlite_schema WHERE type = 'table' "
    "AND substr(lower(name), 1, 4) <> '_cf_' AND name NOT LIKE 'sqlite_%'"
)


class ImportRefusedError(Exception):
    """The objects cannot be taken over; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class FoundObject:
    """An object of another runtime.

    Attributes:
        namespace: the unique key, which names its directory here and there.
        name: if that runtime knew it.
        alarm_ms: when its alarm is due, ms since 1970.
        keys: how many values its key-value storage has.
        unreadable: the keys whose values cannot be read here.
        tables: how many tables of SQL it has.
        facets: how many facets have storage.
        exists: whether there is such an object here already.
    """

    namespace: str
    id: str
    name: str | None
    alarm_ms: int | None
    keys: int
    unreadable: tuple[str, ...]
    tables: int
    facets: int
    exists: bool


def find_objects(
    path: Path, target: Path, readable: Callable[[bytes], bool]
) -> Iterator[FoundObject]:
    """The objects below a directory, in the order of their namespaces and ids.

    Nothing is written there, not even what SQLite writes to read.

    Args:
        path: the directory of wrangler's state, the one with the namespaces, or one in between.
        target: the directory with the namespaces here.
        readable: whether a value of the key-value storage can be read.

    Raises:
        ImportRefusedError: there are no objects, or a file cannot be read.
    """
    found = False
    for namespace in _namespaces(path):
        names = _names(namespace)
        here = _here(target / namespace.name)
        for file in sorted(namespace.glob("*.sqlite")):
            if not _ID.match(file.stem):
                continue
            found = True
            with _Copy(file) as copy:
                unreadable = tuple(key for key, value in copy.values() if not readable(value))
                yield FoundObject(
                    namespace.name,
                    file.stem,
                    names.get(file.stem) or copy.name,
                    copy.alarm_ms,
                    copy.count("SELECT count(*) FROM _cf_KV"),
                    unreadable,
                    copy.count(_TABLES),
                    len(_facets(file)),
                    file.stem in here,
                )
    if not found:
        raise ImportRefusedError(
            f"{path}: there are no Durable Objects: "
            "name the directory .wrangler of a project, or its state/v3/do"
        )


def import_objects(path: Path, target: Path, objects: list[FoundObject]) -> None:
    """Copy objects that `find_objects` found; what there was of them here is replaced.

    Raises:
        ImportRefusedError: a file cannot be read.
    """
    directories = {namespace.name: namespace for namespace in _namespaces(path)}
    for name, source in directories.items():
        chosen = [each for each in objects if each.namespace == name]
        if not chosen:
            continue
        directory = target / name
        directory.mkdir(parents=True, exist_ok=True)
        catalog = CatalogFile(directory / CatalogFile.FILE, lambda commit: None)
        try:
            for each in chosen:
                _replace(source, directory, each.id)
                catalog.forget(each.id)
                if each.name is not None:
                    catalog.remember_name(each.id, each.name)
                if each.alarm_ms is not None:
                    catalog.set_alarm(each.id, each.name, each.alarm_ms)
        finally:
            catalog.close()


def _namespaces(path: Path) -> list[Path]:
    if any(_ID.match(file.stem) for file in path.glob("*.sqlite")):
        return [path.resolve()]
    for place in _PLACES:
        found = [each for each in sorted((path / place).glob("*")) if any(each.glob("*.sqlite"))]
        if found:
            return found
    return []


def _here(directory: Path) -> set[str]:
    """The objects which exist here, those whose databases are still young included."""
    catalog = CatalogFile(directory / CatalogFile.FILE, lambda commit: None)
    young = set(catalog.young)
    catalog.close()
    return young | {file.stem for file in directory.glob("*.sqlite")}


def _names(namespace: Path) -> dict[str, str]:
    """The names that workerd keeps with the alarms."""
    if not (namespace / CatalogFile.FILE).exists():
        return {}
    with _Copy(namespace / CatalogFile.FILE) as copy:
        rows = copy.rows("SELECT actor_id, actor_name FROM _cf_ALARM")
        return {str(id): str(name) for id, name in rows if name is not None}


def _facets(file: Path) -> list[Path]:
    return sorted(file.parent.glob(f"{file.stem}.*.sqlite"))


def _replace(source: Path, directory: Path, id: str) -> None:
    for old in directory.glob(f"{id}.*"):
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    for file in [source / f"{id}.sqlite", *_facets(source / f"{id}.sqlite")]:
        with _Copy(file) as copy:
            new = directory / f"{file.name}.new"
            shutil.copyfile(copy.whole(), new)
            new.replace(directory / file.name)
    index = source / f"{id}.facets"
    if index.exists():
        shutil.copyfile(index, directory / index.name)


class _Copy:
    """A copy of a database that another process may still use.

    Raises:
        ImportRefusedError: it is no sound database.
    """

    def __init__(self, file: Path) -> None:
        self._scratch = TemporaryDirectory()
        self._path = Path(self._scratch.name) / "copy.sqlite"
        for suffix in ("", "-wal"):
            part = file.with_name(file.name + suffix)
            if part.exists():
                shutil.copyfile(part, self._path.with_name(self._path.name + suffix))
        self._connection = apsw.Connection(str(self._path))
        try:
            [(verdict,)] = self.rows("PRAGMA quick_check(1)")
        except apsw.Error as error:
            verdict = str(error)
        if verdict != "ok":
            self.__exit__()
            raise ImportRefusedError(
                f"{file}: not a sound database ({verdict}): "
                "stop the runtime that writes it, then try again"
            )

    def __enter__(self) -> _Copy:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        self._scratch.cleanup()

    def rows(self, sql: str) -> list[tuple[apsw.SQLiteValue, ...]]:
        """The rows of a query; none if the table is missing."""
        try:
            return self._connection.execute(sql).fetchall()
        except apsw.SQLError:
            return []

    def count(self, sql: str) -> int:
        """The number that a query gives; 0 if the table is missing."""
        return next((int(str(number)) for (number,) in self.rows(sql)), 0)

    def values(self) -> Iterator[tuple[str, bytes]]:
        """Keys and values of the key-value storage."""
        for key, value in self.rows("SELECT key, value FROM _cf_KV"):
            yield str(key), value if isinstance(value, bytes) else b""

    @property
    def name(self) -> str | None:
        """The name, where miniflare has noted it."""
        rows = self.rows("SELECT name FROM __miniflare_do_name")
        return str(rows[0][0]) if rows else None

    @property
    def alarm_ms(self) -> int | None:
        rows = self.rows("SELECT value FROM _cf_METADATA WHERE key = 1 AND value IS NOT NULL")
        return int(str(rows[0][0])) // _NS_PER_MS if rows else None

    def whole(self) -> Path:
        """The file with all that was in its log."""
        self._connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        return self._path
