"""The numbers that messages, turns and deliveries get, each of them once."""

from __future__ import annotations

__all__ = ["Sequence"]


class Sequence:
    """Counts up from a number that the state file has not seen yet."""

    __slots__ = ("_next",)

    def __init__(self) -> None:
        self._next = 1

    def start_after(self, highest: int) -> None:
        self._next = max(self._next, highest + 1)

    def reserve(self, count: int = 1) -> int:
        """The first of `count` fresh numbers in a row."""
        first = self._next
        self._next += count
        return first
