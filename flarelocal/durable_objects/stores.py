"""Where the objects of a namespace and their facets keep what they store."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from flarelocal.durable_objects.catalog import Catalog
from flarelocal.durable_objects.catalog_file import CatalogFile
from flarelocal.durable_objects.identity import ObjectId
from flarelocal.durable_objects.object_class import ActorSettings
from flarelocal.durable_objects.storage.database import ObjectDatabase
from flarelocal.durable_objects.storage.family import Family
from flarelocal.durable_objects.storage.open_files import OpenFiles
from flarelocal.durable_objects.storage.snapshots import Snapshots
from flarelocal.durable_objects.storage.sql_clock import SqlClock
from flarelocal.durable_objects.storage.youth import Youth

if TYPE_CHECKING:
    from flarelocal.durable_objects.facet_tree import FacetTree

__all__ = ["ObjectStores"]

_ENDING = ".sqlite"
_INDEX = ".facets"


class ObjectStores:
    """The databases of a namespace, each opened when it is needed.

    Args:
        directory: of the files, or None to keep everything in memory.
        settings: of the namespace.
        files: the open files of the process.
        catalog: keeps names, and databases while they are young.
    """

    def __init__(
        self, directory: Path | None, settings: ActorSettings, files: OpenFiles, catalog: Catalog
    ) -> None:
        self._directory = directory
        self._settings = settings
        self._files = files
        self._clock = SqlClock(settings.clock.now)
        self._catalog = catalog
        self._databases: dict[str, ObjectDatabase] = {}
        self._trees: dict[str, FacetTree] = {}
        self._restoring = self._left_restoring()
        self._bring_up()

    def all(self) -> set[str]:
        """The ids of all objects which have stored something."""
        found = {key for key, tree in self._trees.items() if tree.names}
        found |= {key for key, database in self._databases.items() if database.exists}
        if self._directory is not None and self._directory.exists():
            # Names with another dot are those of facets.
            found |= {
                path.stem
                for ending in (_ENDING, _INDEX)
                for path in self._directory.glob(f"*{ending}")
                if path.name != CatalogFile.FILE and "." not in path.stem
            }
        return found

    def has(self, object_id: str) -> bool:
        """Whether the object has stored something."""
        database = self._databases.get(object_id)
        path = self._path(object_id)
        return (
            (database is not None and database.exists)
            or (path is not None and os.path.exists(path))
            or bool(self.facet_names(object_id))
        )

    def bytes(self, object_id: str) -> int | None:
        """How much the database of the object takes; None if there is none on disk."""
        database = self._databases.get(object_id)
        if database is not None and database.young_bytes is not None:
            return database.young_bytes
        path = self._path(object_id)
        return _size(path) if path is not None and os.path.exists(path) else None

    def database(self, id: ObjectId) -> ObjectDatabase:
        """The database of the object."""
        database = self._databases.get(id.hex)
        if database is None:
            database = ObjectDatabase(
                self._path(id.hex),
                self._settings.limits,
                self._files,
                self._clock,
                _Object(self, id),
                Youth(self._catalog, id.hex) if isinstance(self._catalog, CatalogFile) else None,
            )
            self._databases[id.hex] = database
        if database.exists:
            self.remember(id)
        return database

    def remember(self, id: ObjectId) -> None:
        """Keep the name of the object, if it is known."""
        if id.name is not None:
            self._catalog.remember_name(id.hex, id.name)

    def begin(self, object_id: str) -> bool:
        """A life of the object begins; tells whether with an earlier state of its database."""
        restored = object_id in self._restoring and self._databases[object_id].begin_session()
        self._restoring.discard(object_id)
        return restored

    def end(self, object_id: str, *, restoring: bool) -> None:
        """A life of the object ends.

        Args:
            restoring: whether the next one begins with an earlier state.
        """
        _put_away(self._databases[object_id])
        if restoring:
            self._restoring.add(object_id)
        if self._directory is not None:
            del self._databases[object_id]
            self._trees.pop(object_id, None)

    def delete(self, id: ObjectId) -> None:
        """Delete all that the object and its facets have stored."""
        database = self.database(id)
        database.delete()
        database.snapshots.clear()
        self._databases.pop(id.hex, None)
        self.facets(id.hex).clear()
        self._trees.pop(id.hex, None)

    def close(self) -> None:
        """Close all files."""
        for database in self._databases.values():
            _put_away(database)

    def facets(self, object_id: str) -> FacetTree:
        """The storage of the facets of the object."""
        tree = self._trees.get(object_id)
        if tree is None:
            tree = self._trees[object_id] = self._open_tree(object_id)
        return tree

    def facet_names(self, object_id: str) -> tuple[str, ...]:
        """The facets which the object has had."""
        tree = self._trees.get(object_id)
        path = self._path(object_id)
        if tree is None and path is not None and os.path.exists(_stem(path) + _INDEX):
            tree = self._open_tree(object_id)
        return () if tree is None else tree.names

    def _open_tree(self, object_id: str) -> FacetTree:
        from flarelocal.durable_objects.facet_tree import FacetTree

        path = self._path(object_id)
        return FacetTree(path and _stem(path), self._facet_database)

    def _facet_database(self, path: str | None, family: Family) -> ObjectDatabase:
        return ObjectDatabase(path, self._settings.limits, self._files, self._clock, family)

    def _left_restoring(self) -> set[str]:
        # Looking once is cheaper than looking at each birth of an object.
        if self._directory is None or not self._directory.exists():
            return set()
        kept = self._directory.glob("*.bookmarks")
        return {path.stem for path in kept if Snapshots(path).next is not None}

    def _bring_up(self) -> None:
        """Give the databases their files which a process that died has left young."""
        for object_id in self._catalog.young:
            _put_away(self.database(ObjectId(object_id)))
            del self._databases[object_id]

    def _path(self, object_id: str) -> str | None:
        return f"{self._directory}/{object_id}{_ENDING}" if self._directory else None


class _Object:
    """An object, as the family of its database."""

    __slots__ = ("_id", "_stores")

    def __init__(self, stores: ObjectStores, id: ObjectId) -> None:
        self._stores = stores
        self._id = id

    def born(self) -> None:
        self._stores.remember(self._id)

    def parts(self) -> Iterable[ObjectDatabase]:
        hex = self._id.hex
        return self._stores.facets(hex).parts() if self._stores.facet_names(hex) else ()


def _put_away(database: ObjectDatabase) -> None:
    database.close()
    # Without room on the disk it stays where it is.
    with suppress(OSError):
        database.grow()


def _size(path: str) -> int:
    log = path + "-wal"
    return os.path.getsize(path) + (os.path.getsize(log) if os.path.exists(log) else 0)


def _stem(path: str) -> str:
    return path.removesuffix(_ENDING)
