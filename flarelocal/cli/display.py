"""Results on the terminal: JSON for programs, tables for people."""

from __future__ import annotations

import json
from collections.abc import Sequence

import click

__all__ = ["Display", "duration"]

_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60))


class Display:
    """Prints what a command found.

    Args:
        as_json: whether programs read it.
    """

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json

    def json(self, value: object) -> None:
        click.echo(json.dumps(value, indent=2, ensure_ascii=False))

    def done(self, value: object, text: str) -> None:
        """Say that something was done."""
        if self.as_json:
            self.json(value)
        else:
            click.echo(text)

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[object]], empty: str) -> None:
        """Rows under their columns; numbers are aligned to the right, empty columns left out.

        Args:
            empty: what to say if there are none.
        """
        if not rows:
            click.echo(empty)
            return
        texts = [[str(cell) for cell in row] for row in rows]
        shown = [i for i in range(len(columns)) if any(row[i] for row in texts)]
        right = [all(isinstance(row[i], int) for row in rows) for i in shown]
        heads, *lines = ([row[i] for i in shown] for row in [columns, *texts])
        widths = [max(map(len, column)) for column in zip(heads, *lines, strict=True)]
        click.echo(click.style(_line(heads, widths, right), dim=True))
        for line in lines:
            click.echo(_line(line, widths, right))

    def facts(self, facts: Sequence[tuple[str, object]]) -> None:
        """Names and values."""
        width = max(len(name) for name, _ in facts)
        for name, value in facts:
            click.echo(f"{click.style(name.ljust(width), dim=True)}  {value}")


def duration(seconds: float) -> str:
    """A time span in the largest unit that has no remainder."""
    for unit, size in _UNITS:
        if seconds and seconds % size == 0:
            return f"{seconds / size:g} {unit}"
    return f"{seconds:g} s"


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = (
        cell.rjust(width) if to_right else cell.ljust(width)
        for cell, width, to_right in zip(cells, widths, right, strict=True)
    )
    return "  ".join(padded).rstrip()
