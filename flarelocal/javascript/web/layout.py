"""How the console lays out the members of an object: on one line, in columns, or one per line."""

from __future__ import annotations

import math

__all__ = ["columns", "enclosed"]

_WIDTH = 80
_MOST_COLUMNS = 12
_GAP = 2
_ASPECT = 2.5


def enclosed(
    prefix: str, opening: str, parts: list[str], closing: str, indent: int, *, deep: bool
) -> str:
    """The members in brackets: on one line if they fit.

    Args:
        indent: how far the lines around are indented.
        deep: the members have members of members themselves, and get lines of their own.
    """
    if not parts:
        return f"{prefix}{opening}{closing}"
    # What Node reckons with: brackets, separators and a reserve of ten.
    length = sum(map(len, parts)) + 2 * len(parts) + indent + len(opening) + len(prefix) + 10
    if not deep and length <= _WIDTH and not any("\n" in part for part in parts):
        return f"{prefix}{opening} {', '.join(parts)} {closing}"
    line = "\n" + " " * indent
    return f"{prefix}{opening}{line}  {f',{line}  '.join(parts)}{line}{closing}"


def columns(parts: list[str], indent: int, *, numbers: bool, more: bool) -> list[str]:
    """The members of a long array as lines of several; the members themselves if that is no gain.

    Args:
        indent: how far the lines are indented.
        numbers: they are numbers, which stand to the right.
        more: the last member only says how many there are besides.
    """
    members = parts[:-1] if more else parts
    widths = [len(member) + _GAP for member in members]
    widest, total = max(widths), sum(widths)
    if widest * 3 + indent >= _WIDTH or not (total / widest > 5 or widest <= 8):
        return parts
    bias = math.sqrt(widest - total / len(parts))
    width = max(widest - 3 - bias, 1)
    count = min(
        round(math.sqrt(_ASPECT * width * len(members)) / width),
        (_WIDTH - indent) // widest,
        _MOST_COLUMNS,
        15,
    )
    if count <= 1:
        return parts
    of_column = [max(widths[start::count]) for start in range(count)]
    lines = []
    for start in range(0, len(members), count):
        row = members[start : start + count]
        cells = [
            f"{cell}, ".rjust(size) if numbers else f"{cell}, ".ljust(size)
            for cell, size in zip(row[:-1], of_column, strict=False)
        ]
        last = row[-1].rjust(of_column[len(row) - 1] - _GAP) if numbers else row[-1]
        lines.append("".join(cells) + last)
    return [*lines, parts[-1]] if more else lines
