"""Whose objects are whose, whatever happened to the names of classes."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Lineage", "Origin"]


class Origin(NamedTuple):
    """Where the objects of a class come from: its first name, and the Worker that had it then.

    `script` is None for the Worker itself.
    """

    name: str
    script: str | None = None

    def unique_key(self, worker: str) -> str:
        """The key from which the ids of the objects derive, and that names their directory."""
        return f"{self.script or worker}-{self.name}"


class Lineage:
    """Follows classes through migrations: a renamed class keeps its objects.

    Attributes:
        origins: of the classes there are.
        deleted: of those that are gone, by their last names.
    """

    def __init__(self) -> None:
        self.origins: dict[str, Origin] = {}
        self.deleted: dict[str, Origin] = {}

    def create(self, name: str) -> None:
        """A new class; it has nothing to do with the objects of a former one of that name."""
        known = {*self.origins.values(), *self.deleted.values()}
        origin, number = Origin(name), 1
        while origin in known:
            number += 1
            origin = Origin(f"{name}.{number}")
        self.origins[name] = origin

    def rename(self, old: str, new: str) -> None:
        """The objects of a class go with it."""
        self.origins[new] = self.origins.pop(old, Origin(old))

    def transfer(self, script: str, old: str, new: str) -> None:
        """The objects of another Worker's class become those of this one."""
        self.origins[new] = Origin(old, script)

    def delete(self, name: str) -> None:
        """A class is gone, and in production its objects."""
        self.deleted[name] = self.origins.pop(name, Origin(name))
