"""A database before it has a file of its own."""

from __future__ import annotations

from typing import Protocol

from flarelocal.durable_objects.storage.seed import Seed

__all__ = ["Nursery", "Youth"]

_LONGEST_COMMITS = 8
_LARGEST_BYTES = 64 * 1024


class Nursery(Protocol):
    """Keeps young databases as a whole, all in one file."""

    def has(self, object_id: str) -> bool:
        """Whether the database of the object is here."""

    def image(self, object_id: str) -> bytes | None:
        """The database of the object, if it is here."""

    def keep(self, object_id: str, content: bytes | Seed) -> None:
        """Keep the database; it is durable when this returns."""

    def drop(self, object_id: str) -> None:
        """Keep it no longer; that is durable when this returns."""


class Youth:
    """The time in which a database is in memory, and as a whole in a nursery after each commit.

    Many objects write little: to make, open and close a file for one takes ten times as long as
    that.

    Attributes:
        kept: whether the nursery has it, which is from the first commit on.
    """

    def __init__(self, nursery: Nursery, object_id: str) -> None:
        self._nursery = nursery
        self._object_id = object_id
        self._commits = 0
        self.kept = nursery.has(object_id)

    @property
    def image(self) -> bytes | None:
        """The database after its last commit."""
        return self._nursery.image(self._object_id)

    def keep(self, content: bytes | Seed) -> None:
        """Make the present state durable."""
        self._nursery.keep(self._object_id, content)
        self.kept = True
        self._commits += 1

    def forget(self) -> None:
        """There is no database any more, or it is in a file."""
        if self.kept:
            self._nursery.drop(self._object_id)
            self.kept = False

    @property
    def long(self) -> bool:
        """Whether there were so many commits that the next one had better make a file."""
        return self._commits >= _LONGEST_COMMITS

    def over(self, image: bytes) -> bool:
        """Whether a file is the better place for what is about to be kept."""
        return self.long or len(image) > _LARGEST_BYTES
