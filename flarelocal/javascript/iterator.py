"""Iterators that JavaScript sees."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from flarelocal.javascript.values import Value

__all__ = ["NamedIterator"]


class NamedIterator(chain[Value]):
    """An iterator with the name that it has in JavaScript.

    Attributes:
        name: what `String(iterator)` shows: `Map Iterator` and the like for those of the language,
            `KeyIterator`, `ValueIterator` or `EntryIterator` for those of the platform.
    """

    __slots__ = ("name",)

    name: str

    @classmethod
    def of(cls, name: str, members: Iterable[Value]) -> NamedIterator:
        made = cls(members)
        made.name = name
        return made
