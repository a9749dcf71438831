"""Where one SQL statement ends and the next begins."""

from __future__ import annotations

import re

import apsw

__all__ = ["is_empty", "split"]

_TOKEN = re.compile(
    r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|/\*.*?(?:\*/|\Z)|;",
    re.DOTALL,
)
_NOTHING = re.compile(r"(?:[\s;]|--[^\n]*|/\*.*?(?:\*/|\Z))*\Z", re.DOTALL)
_SPACES = re.compile(r"[ \t\n\r\v\f]*")


def is_empty(query: str) -> bool:
    """Whether there is no statement in the text, but comments at most."""
    return _NOTHING.match(query) is not None


def split(query: str) -> list[str]:
    """Cut SQL text into its statements.

    What follows the last statement, be it a comment only, is a piece of its own, as it is for
    SQLite; white space is not.
    """
    query, nul, _ = query.partition("\0")
    if ";" not in query:
        return [query, ""] if nul else [query]
    pieces = []
    start = 0
    for token in _TOKEN.finditer(query):
        if token.group() == ";":
            piece = query[start : token.end()]
            # `complete` knows that a trigger has semicolons within.
            if not _NOTHING.match(piece) and apsw.complete(piece):
                pieces.append(piece)
                spaces = _SPACES.match(query, token.end())
                start = spaces.end() if spaces else token.end()
    if start < len(query):
        pieces.append(query[start:])
    # SQLite stops at a NUL and finds nothing behind it.
    return [*pieces, ""] if nul else pieces
