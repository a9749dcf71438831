"""Requests about Durable Objects that are refused."""

from __future__ import annotations

__all__ = ["ObjectsError"]


class ObjectsError(Exception):
    """A request that cannot be done; the message says why, and what to do instead.

    Args:
        status: of the HTTP answer.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
