"""Answers of flarelocal's own."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

from flarelocal.dataclass import dataclass

__all__ = ["Answer", "Download"]


@dataclass(frozen=True, slots=True)
class Answer:
    """One that is there as a whole."""

    status: int
    content_type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    """others than those of the body"""

    @classmethod
    def text(cls, status: int, text: str, *headers: tuple[str, str]) -> Answer:
        return cls(status, "text/plain;charset=UTF-8", text.encode(), headers)

    @classmethod
    def json(cls, status: int, value: object) -> Answer:
        return cls(status, "application/json", json.dumps(value).encode())


@dataclass(frozen=True, slots=True)
class Download:
    """A file, whose bytes come bit by bit."""

    length: int
    chunks: AsyncIterator[bytes]
    status: int = 200
    content_type: str = "application/octet-stream"
