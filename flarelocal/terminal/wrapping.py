"""Breaking long lines between words, where there is a terminal."""

from __future__ import annotations

import shutil
from typing import TextIO

__all__ = ["wrapped"]

_INDENT = "  "


def wrapped(text: str, stream: TextIO) -> str:
    """The text as it fits the terminal of a stream; code, which is indented, stays as it is."""
    if not stream.isatty():
        return text
    width = shutil.get_terminal_size().columns
    return "\n".join(_fill(line, width) for line in text.split("\n"))


def _fill(line: str, width: int) -> str:
    if len(line) <= width or line.startswith(" "):
        return line
    import textwrap

    return textwrap.fill(
        line,
        width,
        subsequent_indent=_INDENT,
        break_long_words=False,
        break_on_hyphens=False,
    )
