"""What an invocation printed, kept for whoever asks how it went."""

from __future__ import annotations

__all__ = ["Line", "Log"]

Line = tuple[str, str]
"""level and text"""

_LIMIT = 256 * 1024
_TRUNCATED = ("warn", "[The log is cut off here: it has reached 256 KB.]")


class Log:
    """The lines of one invocation, up to 256 KB as in production (Cloudflare docs, "Limits")."""

    __slots__ = ("_size", "lines")

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._size = 0

    def add(self, level: str, text: str) -> None:
        """Append a line; after the limit nothing but a word on it."""
        if self._size > _LIMIT:
            return
        self._size += len(text)
        self.lines.append(_TRUNCATED if self._size > _LIMIT else (level, text))
