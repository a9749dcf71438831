"""Values on their way into a D1 database and out of it: they travel as JSON."""

from __future__ import annotations

import math

from flarelocal.durable_objects.storage.database import Binding
from flarelocal.javascript.binary import ArrayBuffer, BufferView, TypedArray
from flarelocal.javascript.errors import JsError, type_error
from flarelocal.javascript.numbers import number
from flarelocal.javascript.text import through_utf8, to_string, typeof
from flarelocal.javascript.values import BigInt, Value, null

__all__ = ["bound", "shown"]

_BYTE = 256
_NUMBERS = (int, float)


def bound(value: Value) -> Binding:
    """What is bound for a value: numbers as REAL, booleans as 1 and 0, buffers as BLOBs.

    Raises:
        JsError: values of this type cannot be bound.
    """
    if isinstance(value, str):
        return through_utf8(value)
    if isinstance(value, BigInt):
        raise _refusal(value)
    if isinstance(value, _NUMBERS):
        return float(value) if math.isfinite(value) else None
    if value is null:
        return None
    if isinstance(value, ArrayBuffer):
        return bytes(value.data)
    if isinstance(value, BufferView):
        return _view(value)
    if isinstance(value, list) and all(map(_is_byte, value)):
        return bytes(map(int, value))
    raise _refusal(value)


def shown(value: Binding) -> Value:
    """What a program sees of a value of a row."""
    if value is None:
        return null
    if isinstance(value, bytes):
        return list(value)
    if isinstance(value, _NUMBERS):
        # JSON has no negative zero.
        return number(value or 0) if math.isfinite(value) else null
    return value


def _is_byte(value: Value) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool | BigInt)
    return number and 0 <= value < _BYTE


def _view(view: BufferView) -> bytes:
    if not isinstance(view, TypedArray):
        # `Array.from` finds no members in a DataView.
        return b""
    members = list(view.iterate())
    if any(isinstance(member, BigInt) for member in members):
        raise type_error("Do not know how to serialize a BigInt")
    return bytes(int(member) % _BYTE if math.isfinite(member) else 0 for member in members)


def _refusal(value: Value) -> JsError:
    text = f"Type '{typeof(value)}' not supported for value '{to_string(value)}'"
    return JsError(f"D1_TYPE_ERROR: {text}", cause=JsError(text))
