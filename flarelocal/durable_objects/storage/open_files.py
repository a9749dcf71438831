"""The files of objects that are open."""

from __future__ import annotations

from collections import OrderedDict
from functools import cache
from typing import Protocol

__all__ = ["OpenFiles"]

_FEWEST_FILES, _MOST_FILES = 16, 256


class _File(Protocol):
    """What can be closed for another file's sake."""

    @property
    def at_rest(self) -> bool:
        """Whether it can be closed without anyone noticing."""

    def close(self) -> None:
        """Close the file."""


class OpenFiles:
    """Keeps few files open at once: an object which rests gives its file up to another.

    Args:
        capacity: how many files may be open; more are when more are in the middle of something.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._open: OrderedDict[_File, None] = OrderedDict()

    @classmethod
    def for_this_process(cls) -> OpenFiles:
        """As many as the process may have, with room left for everything else."""
        return cls(_capacity())

    def __len__(self) -> int:
        return len(self._open)

    def used(self, file: _File) -> None:
        """Note that the file is open and was used just now."""
        self._open[file] = None
        self._open.move_to_end(file)
        if len(self._open) > self._capacity:
            others = (other for other in self._open if other is not file and other.at_rest)
            resting = next(others, None)
            if resting is not None:
                resting.close()

    def closed(self, file: _File) -> None:
        """Note that the file was closed."""
        self._open.pop(file, None)


@cache
def _capacity() -> int:
    try:
        import resource
    except ImportError:
        return _MOST_FILES
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(_FEWEST_FILES, min(_MOST_FILES, allowed // 4))
