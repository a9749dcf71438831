"""The crossing between JavaScript-land and the Worker's Python.

`to_python` gives what Python sees of a JavaScript value, `from_python` what JavaScript sees of a
Python value that is passed as an argument or assigned. Both go by tables of types, which the
modules of the proxies fill.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from flarelocal.javascript.values import MAX_SAFE_INTEGER, BigInt, JsNull, Value
from flarelocal.pyodide import profile

__all__ = ["JsBigInt", "from_python", "incoming", "outgoing", "to_python"]

Converter = Callable[[Any], Any]


class JsBigInt(int):
    """A JavaScript BigInt that stays one when it goes back (Pyodide 314).

    So does what is computed of one, where it is the left operand.
    """

    __slots__ = ()


def _staying(operation: Callable[..., Any]) -> Callable[..., Any]:
    def method(number: int, *others: Any) -> Any:
        result = operation(number, *others)
        return JsBigInt(result) if isinstance(result, int) else result

    return method


for _name in (
    *("__abs__", "__invert__", "__neg__", "__pos__"),
    *("__add__", "__sub__", "__floordiv__", "__mod__", "__pow__"),
    *("__and__", "__or__", "__xor__", "__lshift__", "__rshift__"),
):
    setattr(JsBigInt, _name, _staying(getattr(int, _name)))


def _same(value: Any) -> Any:
    return value


def _int_in(value: int) -> Value:
    return value if -MAX_SAFE_INTEGER < value < MAX_SAFE_INTEGER else BigInt(value)


def _int_out(value: int) -> Any:
    return value if -MAX_SAFE_INTEGER <= value <= MAX_SAFE_INTEGER else float(value)


def _float_in(value: float) -> Value:
    if value.is_integer() and -MAX_SAFE_INTEGER <= value <= MAX_SAFE_INTEGER:
        return int(value) if value or math.copysign(1, value) > 0 else value
    return value


def _float_out(value: float) -> Any:
    if value.is_integer() and -MAX_SAFE_INTEGER <= value <= MAX_SAFE_INTEGER:
        return int(value)
    return value


def _big_int_out(value: BigInt) -> Any:
    return JsBigInt(value) if profile.current().big_int_type else int(value)


def _null_out(value: JsNull) -> Any:
    return value if profile.current().has_null else None


class _Converters(dict[type, Converter]):
    """Type → converter; for one seen for the first time, `find` chooses it."""

    find: Callable[[type], Converter]

    def __missing__(self, kind: type) -> Converter:
        found = self[kind] = self.find(kind)
        return found


incoming = _Converters(
    {
        str: _same,
        bool: _same,
        type(None): _same,
        JsNull: _same,
        int: _int_in,
        float: _float_in,
        JsBigInt: BigInt,
    }
)
"""Python type → what makes a JavaScript value of it."""

outgoing = _Converters(
    {
        str: _same,
        bool: _same,
        type(None): _same,
        JsNull: _null_out,
        int: _int_out,
        float: _float_out,
        BigInt: _big_int_out,
    }
)
"""Type in JavaScript-land → what makes a Python value of it."""


def from_python(value: Any) -> Value:
    """The JavaScript value of a Python value, as an argument or an assigned property has it."""
    return incoming[type(value)](value)


def to_python(value: Value) -> Any:
    """What Python sees of a JavaScript value."""
    return outgoing[type(value)](value)
