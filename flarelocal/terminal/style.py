"""Colours, where there are any."""

from __future__ import annotations

__all__ = ["Style"]


class Style:
    """Dresses text with ANSI codes, or leaves it as it is."""

    def __init__(self, *, coloured: bool) -> None:
        self.coloured = coloured

    def bold(self, text: str) -> str:
        return self._in("1", text)

    def dim(self, text: str) -> str:
        return self._in("2", text)

    def red(self, text: str) -> str:
        return self._in("31", text)

    def green(self, text: str) -> str:
        return self._in("32", text)

    def yellow(self, text: str) -> str:
        return self._in("33", text)

    def cyan(self, text: str) -> str:
        return self._in("36", text)

    def _in(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.coloured else text
