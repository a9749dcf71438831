"""Math."""

from __future__ import annotations

import math
import random
import struct
from collections.abc import Callable
from types import MappingProxyType

from flarelocal.javascript.builtins.namespace import Namespace
from flarelocal.javascript.collections import iterate_required
from flarelocal.javascript.errors import type_error
from flarelocal.javascript.host import Member, method
from flarelocal.javascript.numbers import number, to_integer, to_number
from flarelocal.javascript.text import typeof
from flarelocal.javascript.values import Value

__all__ = ["Math"]


def _guarded(function: Callable[..., float]) -> Callable[..., Value]:
    """A function of numbers that gives NaN and Infinity where Python raises."""

    def call(this: Value, *arguments: Value) -> Value:
        numbers = [to_number(argument) for argument in arguments]
        if any(n != n for n in numbers):
            return math.nan
        try:
            return number(function(*numbers))
        except OverflowError:
            return math.inf
        except (ValueError, ZeroDivisionError, TypeError):
            return math.nan

    return call


def _round(value: float) -> float:
    return math.floor(value + 0.5) if math.isfinite(value) else value


def _finite(function: Callable[[float], float]) -> Callable[[float], float]:
    return lambda value: function(value) if math.isfinite(value) else value


def _log(function: Callable[[float], float]) -> Callable[[float], float]:
    return lambda value: function(value) if value else -math.inf


def _cbrt(value: float) -> float:
    root = math.cbrt(value)
    whole = round(root) if math.isfinite(root) else 0
    return whole if whole**3 == value else root


def _sign(value: float) -> float:
    return value if value == 0 else math.copysign(1, value)


def _imul(left: float, right: float) -> float:
    product = int(left) * int(right) & 0xFFFFFFFF
    return product - 2**32 if product >= 2**31 else product


def _rounded(format: str, value: float) -> float:
    """The nearest number of a smaller format, as in the `struct` module."""
    try:
        found: float = struct.unpack(format, struct.pack(format, value))[0]
    except OverflowError:
        return math.copysign(math.inf, value)
    return found


_FUNCTIONS: dict[str, Callable[..., float]] = {
    "abs": abs,
    "acos": math.acos,
    "acosh": math.acosh,
    "asin": math.asin,
    "asinh": math.asinh,
    "atan": math.atan,
    "atan2": math.atan2,
    "atanh": lambda value: math.copysign(math.inf, value) if abs(value) == 1 else math.atanh(value),
    "cbrt": _cbrt,
    "ceil": _finite(math.ceil),
    "clz32": lambda value: 32 - (int(value) & 0xFFFFFFFF).bit_length(),
    "cos": math.cos,
    "cosh": math.cosh,
    "exp": math.exp,
    "expm1": math.expm1,
    "f16round": lambda value: _rounded("e", value),
    "floor": _finite(math.floor),
    "fround": lambda value: _rounded("f", value),
    "hypot": math.hypot,
    "imul": _imul,
    "log": _log(math.log),
    "log10": _log(math.log10),
    "log1p": lambda value: math.log1p(value) if value != -1 else -math.inf,
    "log2": _log(math.log2),
    "max": lambda *numbers: max(numbers, default=-math.inf),
    "min": lambda *numbers: min(numbers, default=math.inf),
    "pow": math.pow,
    "random": random.random,
    "round": _round,
    "sign": _sign,
    "sin": math.sin,
    "sinh": math.sinh,
    "sqrt": math.sqrt,
    "tan": math.tan,
    "tanh": math.tanh,
    "trunc": _finite(math.trunc),
}

_INTEGERS = frozenset({"clz32", "imul"})
"""Functions that take what is no number for 0."""

_BINARY = frozenset({"atan2", "imul", "pow"})
_ANY_NUMBER = frozenset({"hypot", "max", "min"})


def _called(name: str, function: Callable[..., float]) -> Callable[..., Value]:
    if name not in _INTEGERS:
        return _guarded(function)
    missing = 1 + (name in _BINARY)
    return lambda this, *arguments: function(*map(to_integer, (*arguments, 0, 0)[:missing]))


def _taken(name: str) -> int | None:
    """How many arguments the function looks at; None for all."""
    if name in _ANY_NUMBER:
        return None
    return 0 if name == "random" else 1 + (name in _BINARY)


_CONSTANTS = {
    "E": math.e,
    "LN10": math.log(10),
    "LN2": math.log(2),
    "LOG10E": 1 / math.log(10),
    "LOG2E": 1 / math.log(2),
    "PI": math.pi,
    "SQRT1_2": math.sqrt(0.5),
    "SQRT2": math.sqrt(2),
}


class Math(Namespace, js_name="Object"):
    """Functions of numbers."""

    __slots__ = ()

    @method
    def sum_precise(self, members: Value = None) -> Value:
        numbers = list(iterate_required(members))
        for each in numbers:
            if typeof(each) != "number":
                kind = typeof(each)
                raise type_error(f"Type of 'Iterator value' must be 'number', found '{kind}'")
        if any(math.isnan(n) for n in numbers) or {math.inf, -math.inf} <= set(numbers):
            return math.nan
        return number(math.fsum(numbers)) if numbers else -0.0

    def to_js_string(self) -> str:
        return "[object Math]"


Math.members = MappingProxyType(
    dict(Math.members)
    | {
        name: Member(name, "method", _called(name, function), maximum=_taken(name))
        for name, function in _FUNCTIONS.items()
    }
    | {
        name: Member(name, "getter", lambda this, constant=constant: constant)
        for name, constant in _CONSTANTS.items()
    }
)
