"""Stored values as JSON shows them."""

from __future__ import annotations

import base64
import math

from flarelocal.durable_objects import Binding
from flarelocal.javascript.clone import deserialize
from flarelocal.javascript.errors import JsError
from flarelocal.javascript.numbers import number
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.inspection import inspect

__all__ = ["bound", "column", "stored"]

_DEEPEST = 100


class _NotPlainError(Exception):
    """JSON cannot tell the value from all others."""


def stored(data: bytes) -> dict[str, object]:
    """A value of the key-value API: as JSON if that shows all of it, else as the console does."""
    try:
        value = deserialize(data)
    except JsError as error:
        return {"type": "unreadable", "value": error.message, "bytes": len(data)}
    try:
        return {"type": "json", "value": _plain(value, 0), "bytes": len(data)}
    except _NotPlainError:
        return {"type": "v8", "value": inspect(value, _DEEPEST), "bytes": len(data)}


def column(value: Binding) -> object:
    """A value of a row; a BLOB becomes an object with its bytes."""
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode("ascii")}
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return number(value) if isinstance(value, int | float) else value


def bound(value: object) -> Binding:
    """What is bound for a value of JSON: as in a Worker, every number is a REAL.

    Raises:
        ValueError: it is an array or an object.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return float(value)
    if value is None or isinstance(value, str):
        return value
    raise ValueError(value)


def _plain(value: Value, depth: int) -> object:
    kind = type(value)
    if value is null:
        return None
    if kind in (bool, str, int) or (kind is float and math.isfinite(value)):
        return value
    # A circle is deeper than any limit.
    if kind is dict and depth < _DEEPEST:
        return {name: _plain(member, depth + 1) for name, member in value.items()}
    if kind is list and depth < _DEEPEST:
        return [_plain(member, depth + 1) for member in value]
    raise _NotPlainError
