"""The numbers of facets, as workerd keeps them beside an object (server/facet-tree-index.h)."""

from __future__ import annotations

import struct
from pathlib import Path

from flarelocal.durable_objects.errors import DurableObjectError

__all__ = ["ROOT", "FacetIndex"]

ROOT = 0
"""The number of the object itself."""

_MAGIC = 0xC4CDCE5BC5B0EF57.to_bytes(8, "little")
_ENTRY = struct.Struct("<HH")
_MOST_FACETS = 0xFFFF


class FacetIndex:
    """Gives each facet a number, the same for ever.

    The file has one entry for each facet, in the order of the numbers: the number of its parent,
    the length of its name, its name.

    Args:
        path: the file, or None to keep everything in memory.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._numbers: dict[tuple[int, str], int] = {}
        if path is not None and path.exists():
            self._read(path.read_bytes())

    def find(self, parent: int, name: str) -> int | None:
        """The number of a facet that was there before."""
        return self._numbers.get((parent, name))

    def number(self, parent: int, name: str) -> int:
        """The number of a facet; a new one if there was none of that name.

        Raises:
            DurableObjectError: the object has had too many facets.
        """
        known = self.find(parent, name)
        if known is not None:
            return known
        number = len(self._numbers) + 1
        if number > _MOST_FACETS:
            raise DurableObjectError(f"A Durable Object has at most {_MOST_FACETS} facets.")
        self._numbers[parent, name] = number
        if self._path is not None:
            self._append(self._path, parent, name.encode())
        return number

    def children(self, parent: int) -> dict[str, int]:
        """The facets of an object or facet, by their names."""
        return {name: number for (of, name), number in self._numbers.items() if of == parent}

    def _append(self, path: Path, parent: int, name: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as file:
            if file.tell() == 0:
                file.write(_MAGIC)
            file.write(_ENTRY.pack(parent, len(name)) + name)

    def _read(self, content: bytes) -> None:
        position = len(_MAGIC)
        while position + _ENTRY.size <= len(content):
            parent, size = _ENTRY.unpack_from(content, position)
            name = content[position + _ENTRY.size : position + _ENTRY.size + size]
            if len(name) < size:
                # The process died while it wrote this entry.
                break
            self._numbers[parent, name.decode(errors="replace")] = len(self._numbers) + 1
            position += _ENTRY.size + size
