"""A small file that is parsed again when it has changed."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

__all__ = ["Watched"]

T = TypeVar("T")


class Watched(Generic[T]):
    """What `parse` makes of the text of a file, of an empty one where there is none."""

    def __init__(self, path: Path, parse: Callable[[str], T]) -> None:
        self._path = path
        self._parse = parse
        self._version: tuple[int, int] | None = None
        self._parsed = parse("")

    def current(self) -> T:
        """The content as it is now."""
        version = self._look()
        if version != self._version:
            self._version = version
            text = "" if version is None else self._path.read_text("utf-8", "replace")
            self._parsed = self._parse(text)
        return self._parsed

    def _look(self) -> tuple[int, int] | None:
        try:
            found = os.stat(self._path)
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size
