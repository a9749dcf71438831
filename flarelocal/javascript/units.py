"""Texts as the units of UTF-16 that JavaScript counts."""

from __future__ import annotations

from array import array

__all__ = ["in_characters", "in_units"]


def in_units(text: str) -> str:
    """The text with the two halves of each character beyond U+FFFF as characters of their own."""
    if text.isascii() or max(text) <= "\uffff":
        return text
    return "".join(map(chr, array("H", text.encode("utf-16-le", "surrogatepass"))))


def in_characters(text: str) -> str:
    """The text with such halves, where they meet, as one character."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
