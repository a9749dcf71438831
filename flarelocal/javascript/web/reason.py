"""Reasons that leave JavaScript."""

from __future__ import annotations

from flarelocal.javascript.errors import error
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Symbol, Value, null

__all__ = ["as_error"]


def as_error(reason: Value) -> Value:
    """What a reason is on the other side of the host: an error, if it was a primitive."""
    if isinstance(reason, str | bool | int | float | Symbol) or reason is None or reason is null:
        return error(to_string(reason))
    return reason
