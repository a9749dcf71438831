"""Connections which an object uses itself, and which end with it."""

from __future__ import annotations

from collections.abc import Callable

from flarelocal.durable_objects.occupation import Occupation

__all__ = ["Connections"]


class Connections:
    """The connections of one life of an object; each keeps the object in memory.

    Args:
        occupation: of the object.
    """

    def __init__(self, occupation: Occupation) -> None:
        self._occupation = occupation
        self._drops: dict[object, Callable[[], None]] = {}

    def open(self, drop: Callable[[], None]) -> Callable[[], None]:
        """Keep the object in memory until the function given back is called.

        Args:
            drop: loses the connection; called when the object leaves memory before.
        """
        connection = object()
        self._drops[connection] = drop
        self._occupation.begin()

        def closed() -> None:
            self._drops.pop(connection, None)
            self._occupation.end()

        return closed

    def drop(self) -> None:
        """Lose all of them."""
        for drop in list(self._drops.values()):
            drop()
