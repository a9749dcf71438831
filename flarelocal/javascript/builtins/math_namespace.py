"""Math."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from types import MappingProxyType

from flarelocal.javascript.builtins.namespace import Namespace
from flarelocal.javascript.host import Member
from flarelocal.javascript.numbers import number, to_number
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


_FUNCTIONS: dict[str, Callable[..., float]] = {
    "abs": abs,
    "acos": math.acos,
    "asin": math.asin,
    "atan": math.atan,
    "atan2": math.atan2,
    "cbrt": _cbrt,
    "ceil": _finite(math.ceil),
    "cos": math.cos,
    "cosh": math.cosh,
    "exp": math.exp,
    "expm1": math.expm1,
    "floor": _finite(math.floor),
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

    def to_js_string(self) -> str:
        return "[object Math]"


Math.members = MappingProxyType(
    {
        name: Member(name, "method", _guarded(function), maximum=None)
        for name, function in _FUNCTIONS.items()
    }
    | {
        name: Member(name, "getter", lambda this, constant=constant: constant)
        for name, constant in _CONSTANTS.items()
    }
)
