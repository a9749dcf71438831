"""A database before it has a file of its own."""

from __future__ import annotations

from typing import Protocol

__all__ = ["Nursery", "Youth"]

_LONGEST_COMMITS = 8
_LARGEST_BYTES = 64 * 1024


class Nursery(Protocol):
    """Keeps young databases as a whole, all in one file."""

    def image(self, object_id: str) -> bytes | None:
        """The database of the object, if it is here."""

    def keep_image(self, object_id: str, image: bytes) -> None:
        """Keep the database; it is durable when this returns."""

    def drop_image(self, object_id: str) -> None:
        """Keep it no longer; that is durable when this returns."""


class Youth:
    """The time in which a database is in memory, and as a whole in a nursery after each commit.

    Many objects write little: to make, open and close a file for one takes ten times as long as
    that.

    Attributes:
        kept_bytes: the size of the database after its last commit; None before the first one.
    """

    def __init__(self, nursery: Nursery, object_id: str) -> None:
        self._nursery = nursery
        self._object_id = object_id
        self._commits = 0
        image = self.image
        self.kept_bytes = None if image is None else len(image)

    @property
    def image(self) -> bytes | None:
        """The database after its last commit."""
        return self._nursery.image(self._object_id)

    def keep(self, image: bytes) -> None:
        """Make the present state durable."""
        self._nursery.keep_image(self._object_id, image)
        self.kept_bytes = len(image)
        self._commits += 1

    def forget(self) -> None:
        """There is no database any more, or it is in a file."""
        if self.kept_bytes is not None:
            self._nursery.drop_image(self._object_id)
            self.kept_bytes = None

    def over(self, image: bytes) -> bool:
        """Whether a file is the better place for what is about to be kept."""
        return self._commits >= _LONGEST_COMMITS or len(image) > _LARGEST_BYTES
