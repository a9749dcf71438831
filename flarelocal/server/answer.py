"""A complete answer of flarelocal's own."""

from __future__ import annotations

import json

from flarelocal.dataclass import dataclass

__all__ = ["Answer"]


@dataclass(frozen=True, slots=True)
class Answer:
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
