"""`<` and its kin."""

from __future__ import annotations

from flarelocal.javascript.numbers import to_number
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import BigInt, Boxed, Value

__all__ = ["comparable"]


def comparable(left: Value, right: Value) -> tuple[float, float] | tuple[bytes, bytes]:
    """Two Python values that are in the order in which JavaScript sees the two values.

    Texts are ordered by their UTF-16 code units, all else as numbers.

    Raises:
        JsError: TypeError for a symbol.
    """
    one, other = _primitive(left), _primitive(right)
    if isinstance(one, str) and isinstance(other, str):
        return _code_units(one), _code_units(other)
    return _number(one), _number(other)


def _primitive(value: Value) -> Value:
    if isinstance(value, Boxed):
        return value.value
    time = getattr(value, "time_ms", None)
    return to_string(value) if time is None else time


def _number(value: Value) -> float:
    return int(value) if isinstance(value, BigInt) else to_number(value)


def _code_units(text: str) -> bytes:
    return text.encode("utf-16-be", "surrogatepass")
