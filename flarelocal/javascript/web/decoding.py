"""Bytes as text."""

from __future__ import annotations

__all__ = ["decode_utf8"]

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def decode_utf8(data: bytes) -> str:
    """The text of UTF-8 without its byte order mark; U+FFFD for what is no UTF-8."""
    if data.startswith(_BYTE_ORDER_MARK):
        data = data[3:]
    return data.decode("utf-8", "replace")
