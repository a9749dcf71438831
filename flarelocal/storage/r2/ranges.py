"""Parts of objects that are asked for."""

from __future__ import annotations

import re

from flarelocal.dataclass import dataclass
from flarelocal.storage.r2.errors import INVALID_RANGE, R2Error

__all__ = ["Range"]

_UNIT = re.compile(r" *bytes *=", re.IGNORECASE)
_BOUNDS = re.compile(r" *(\d+)? *- *(\d+)? *", re.ASCII)


@dataclass(frozen=True, slots=True)
class Range:
    """`length` bytes from `offset` on, the last `suffix` bytes, or what a Range header says."""

    offset: int | None = None
    length: int | None = None
    suffix: int | None = None
    header: str | None = None

    def within(self, size: int) -> tuple[int, int]:
        """Offset and length within an object.

        Raises:
            R2Error: no byte of the object is in the range.
        """
        if self.header is not None:
            return _of_header(self.header, size) or (0, size)
        offset, length = self.offset or 0, self.length
        if self.suffix is not None:
            length = min(self.suffix, size)
            offset = size - length
        elif length is None:
            length = size - offset
        if offset > size or length <= 0:
            raise R2Error(INVALID_RANGE)
        return offset, min(length, size - offset)


def _of_header(header: str, size: int) -> tuple[int, int] | None:
    """The one range of a header; None for the whole, as of several ranges or none."""
    unit = _UNIT.match(header)
    bounds = _BOUNDS.fullmatch(header, unit.end()) if unit else None
    if bounds is None:
        return None
    first, last = bounds.groups()
    if first is None:
        suffix = int(last) if last is not None else 0
        return (size - suffix, suffix) if 0 < suffix < size else None
    offset = int(first)
    end = size - 1 if last is None else min(int(last), size - 1)
    return (offset, end - offset + 1) if offset <= end else None
