"""Tables of the console (as Node draws them)."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection

from flarelocal.javascript.collections import Map, Set
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.inspection import inspect

__all__ = ["table"]

_VALUES = "Values"


def table(data: Value, columns: Value = None) -> str | None:
    """The lines of a table; None for data that has no rows.

    Args:
        data: an array, an object, a Map or a Set; its members are the rows.
        columns: the names of those to show, all unless given.
    """
    chosen = [to_string(each) for each in columns] if isinstance(columns, list) else None
    if isinstance(data, Map):
        index = "(iteration index)"
        pairs = list(data.items())
        rows = [{"Key": key, _VALUES: value} for key, value in pairs]
        return _drawn(index, list(map(str, range(len(rows)))), rows, ["Key", _VALUES])
    if isinstance(data, Set):
        members = [{_VALUES: member} for member in data.values()]
        names = list(map(str, range(len(members))))
        return _drawn("(iteration index)", names, members, [_VALUES])
    if isinstance(data, list):
        named = {str(index): member for index, member in enumerate(data)}
    elif isinstance(data, dict):
        named = data
    else:
        return None
    found = [_row(member, chosen) for member in named.values()]
    heads = dict.fromkeys(name for row in found for name in row if name != _VALUES)
    values = [_VALUES] if any(_VALUES in row for row in found) else []
    return _drawn("(index)", list(named), found, [*(chosen or heads), *values])


def _row(member: Value, chosen: Collection[str] | None) -> dict[str, Value]:
    if isinstance(member, list):
        cells = {str(index): cell for index, cell in enumerate(member)}
    elif isinstance(member, dict):
        cells = member
    else:
        return {_VALUES: member}
    return {name: cell for name, cell in cells.items() if chosen is None or name in chosen}


def _drawn(index: str, names: list[str], rows: list[dict[str, Value]], heads: list[str]) -> str:
    cells = [
        [name, *(_cell(row[head]) if head in row else "" for head in heads)]
        for name, row in zip(names, rows, strict=True)
    ]
    lines = [[index, *heads], *cells]
    widths = [max(map(_width, column)) + 2 for column in zip(*lines, strict=True)]
    drawn = [_line(line, widths) for line in lines]
    top, middle, bottom = (
        left + between.join("─" * width for width in widths) + right
        for left, between, right in ("┌┬┐", "├┼┤", "└┴┘")
    )
    return "\n".join([top, drawn[0], middle, *drawn[1:], bottom])


def _line(cells: list[str], widths: list[int]) -> str:
    padded = (
        f" {cell}{' ' * (width - 1 - _width(cell))}"
        for cell, width in zip(cells, widths, strict=True)
    )
    return f"│{'│'.join(padded)}│"


def _cell(value: Value) -> str:
    large = isinstance(value, dict) and len(value) > 2
    return " ".join(inspect(value, -1 if large else 0).split())


def _width(text: str) -> int:
    """How many columns a text takes."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )
