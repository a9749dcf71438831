"""What a database belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from flarelocal.durable_objects.storage.database import ObjectDatabase

__all__ = ["Family"]


class Family(Protocol):
    """An object, or a facet of one."""

    def born(self) -> None:
        """The database has come into being."""

    def parts(self) -> Iterable[ObjectDatabase]:
        """The databases which go back to an earlier state together with it."""
