"""The storage of all facets of one object."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flarelocal.durable_objects.facet_index import ROOT, FacetIndex
from flarelocal.durable_objects.storage.database import ObjectDatabase
from flarelocal.durable_objects.storage.family import Family

__all__ = ["FacetTree"]


class FacetTree:
    """A database for each facet, beside that of the object: `<id>.<number>.sqlite`.

    Args:
        stem: the path of the object's database without its ending, or None to keep all in memory.
        database: opens what is at a path.
    """

    def __init__(
        self, stem: str | None, database: Callable[[str | None, Family], ObjectDatabase]
    ) -> None:
        self.index = FacetIndex(Path(f"{stem}.facets") if stem else None)
        self._stem = stem
        self._make = database
        self._databases: dict[int, ObjectDatabase] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The facets which the object has had."""
        return tuple(sorted(self.index.children(ROOT)))

    def database(self, number: int) -> ObjectDatabase:
        """The database of a facet."""
        database = self._databases.get(number)
        if database is None:
            path = f"{self._stem}.{number}.sqlite" if self._stem else None
            database = self._make(path, _Facet(self, number))
            self._databases[number] = database
        return database

    def parts(self, number: int = ROOT) -> list[ObjectDatabase]:
        """The databases of the facets of an object or facet."""
        return [self.database(child) for child in self.index.children(number).values()]

    def delete(self, number: int) -> None:
        """Delete what a facet has stored, and its facets."""
        self.delete_below(number)
        self.database(number).delete()

    def delete_below(self, number: int) -> None:
        """Delete what the facets of an object or facet have stored."""
        for child in self.index.children(number).values():
            self.delete(child)

    def copy(self, source: int, target: int) -> None:
        """Give a facet, of which nothing is stored, what another one and its facets have stored."""
        for name, child in self.index.children(source).items():
            self.copy(child, self.index.number(target, name))
        original = self.database(source)
        if original.exists:
            self.database(target).replace(original.image())

    def clear(self) -> None:
        """Delete everything, and forget which facets there were."""
        self.delete_below(ROOT)
        for database in self._databases.values():
            database.snapshots.clear()
        if self._stem is not None:
            Path(f"{self._stem}.facets").unlink(missing_ok=True)


class _Facet:
    """A facet, as the family of its database."""

    def __init__(self, tree: FacetTree, number: int) -> None:
        self._tree = tree
        self._number = number

    def born(self) -> None:
        """Facets have no names of their own to keep."""

    def parts(self) -> list[ObjectDatabase]:
        return self._tree.parts(self._number)
