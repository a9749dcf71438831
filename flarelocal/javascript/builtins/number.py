"""Number, Boolean and BigInt."""

from __future__ import annotations

import math
import re
from typing import ClassVar

from flarelocal.javascript.errors import range_error
from flarelocal.javascript.function import Builtin
from flarelocal.javascript.host import method, static
from flarelocal.javascript.numbers import (
    number,
    number_to_string,
    to_big_int,
    to_integer,
    to_number,
)
from flarelocal.javascript.signature import to_boolean
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import MAX_SAFE_INTEGER, BigInt, Boxed, Value

__all__ = ["BigIntType", "Boolean", "Number", "parse_float", "parse_int"]

_FLOAT = r"\s*([+-]?(?:Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?))"
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def parse_float(text: Value) -> int | float:
    """JavaScript's `parseFloat`: the number that the text begins with, else NaN."""
    found = re.match(_FLOAT, to_string(text))
    return number(float(found[1].replace("Infinity", "inf"))) if found else math.nan


def parse_int(text: Value, radix: Value = None) -> int | float:
    """JavaScript's `parseInt`: the integer that the text begins with, else NaN."""
    rest = to_string(text).strip().lower()
    sign = -1 if rest.startswith("-") else 1
    rest = rest[1:] if rest.startswith(("+", "-")) else rest
    base = to_integer(radix)
    if base in (0, 16) and rest.startswith("0x"):
        base, rest = 16, rest[2:]
    base = base or 10
    if not 2 <= base <= 36:
        return math.nan
    digits = re.match(f"[{_DIGITS[:base]}]*", rest)
    if not digits or not digits[0]:
        return math.nan
    # Zero keeps its sign.
    return number(sign * float(int(digits[0], base)))


def _plain(value: Value) -> Value:
    return value.value if isinstance(value, Boxed) else value


def _in_radix(value: float, base: int) -> str:
    """The digits of a number that is not negative: as many as tell it from its neighbours."""
    whole, fraction = int(value), 0.0 if isinstance(value, int) else value - int(value)
    digits = ""
    while whole:
        whole, digit = divmod(whole, base)
        digits = _DIGITS[digit] + digits
    delta = max(math.ulp(fraction and value) / 2, math.ulp(0.0))
    if fraction < delta:
        return digits or "0"
    parts: list[int] = []
    while True:
        fraction, delta = fraction * base, delta * base
        parts.append(int(fraction))
        fraction -= int(fraction)
        if (fraction > 0.5 or (fraction == 0.5 and parts[-1] % 2)) and fraction + delta > 1:
            # Round up; a carry shortens the digits.
            while parts and parts[-1] == base - 1:
                parts.pop()
            if not parts:
                return _in_radix(int(value) + 1, base)
            parts[-1] += 1
            break
        if fraction < delta:
            break
    return f"{digits or '0'}.{''.join(_DIGITS[part] for part in parts)}"


class Number(Builtin):
    """Numbers."""

    __slots__ = ()

    constants: ClassVar[dict[str, Value]] = {
        "EPSILON": 2.0**-52,
        "MAX_SAFE_INTEGER": MAX_SAFE_INTEGER,
        "MAX_VALUE": 1.7976931348623157e308,
        "MIN_SAFE_INTEGER": -MAX_SAFE_INTEGER,
        "MIN_VALUE": 5e-324,
        "NEGATIVE_INFINITY": -math.inf,
        "NaN": math.nan,
        "POSITIVE_INFINITY": math.inf,
    }

    @classmethod
    def construct(cls, *arguments: Value) -> Value:
        return Boxed(cls.call(*arguments))

    @classmethod
    def call(cls, *arguments: Value) -> Value:
        if not arguments:
            return 0
        value = arguments[0]
        return number(int(value)) if isinstance(value, BigInt) else to_number(value)

    @staticmethod
    @static
    def is_integer(value: Value) -> bool:
        return _is_number(value) and math.isfinite(value) and value == int(value)

    @staticmethod
    @static
    def is_safe_integer(value: Value) -> bool:
        return Number.is_integer(value) and abs(value) <= MAX_SAFE_INTEGER

    @staticmethod
    @static
    def is_finite(value: Value) -> bool:
        return _is_number(value) and math.isfinite(value)

    @staticmethod
    @static(name="isNaN")
    def is_nan(value: Value) -> bool:
        return _is_number(value) and math.isnan(value)

    @staticmethod
    @static(name="parseFloat")
    def parse_float(text: Value) -> int | float:
        return parse_float(text)

    @staticmethod
    @static(name="parseInt")
    def parse_int(text: Value, radix: Value = None) -> int | float:
        return parse_int(text, radix)

    @method
    def value_of(self: Value) -> Value:
        return _plain(self)

    @method(name="toString")
    def to_string_method(self: Value, radix: Value = None) -> str:
        value, base = _plain(self), 10 if radix is None else to_integer(radix)
        if not 2 <= base <= 36:
            raise range_error("toString() radix argument must be between 2 and 36")
        if base == 10 or not math.isfinite(value):
            return number_to_string(value)
        return ("-" if value < 0 else "") + _in_radix(abs(value), base)

    @method
    def to_fixed(self: Value, digits: Value = 0) -> str:
        from flarelocal.javascript.number_text import fixed

        places = to_integer(digits)
        if not 0 <= places <= 100:
            raise range_error("toFixed() digits argument must be between 0 and 100")
        value = _plain(self)
        return fixed(value, places) if math.isfinite(value) else number_to_string(value)

    @method
    def to_exponential(self: Value, digits: Value = None) -> str:
        from flarelocal.javascript.number_text import exponential

        places, value = to_integer(digits), _plain(self)
        if not math.isfinite(value):
            return number_to_string(value)
        if not 0 <= places <= 100:
            raise range_error("toExponential() argument must be between 0 and 100")
        return exponential(value, None if digits is None else places)

    @method
    def to_precision(self: Value, digits: Value = None) -> str:
        from flarelocal.javascript.number_text import precise

        value = _plain(self)
        if digits is None or not math.isfinite(value):
            return number_to_string(value)
        count = to_integer(digits)
        if not 1 <= count <= 100:
            raise range_error("toPrecision() argument must be between 1 and 100")
        return precise(value, count)

    @method
    def to_locale_string(self: Value, locales: Value = None, options: Value = None) -> str:
        """As in the United States; other places are not known here."""
        from flarelocal.javascript.locale import number_text

        return number_text(_plain(self))


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool | BigInt)


class Boolean(Builtin):
    """true and false."""

    __slots__ = ()

    @classmethod
    def construct(cls, *arguments: Value) -> Value:
        return Boxed(cls.call(*arguments))

    @classmethod
    def call(cls, *arguments: Value) -> Value:
        return bool(arguments) and to_boolean(arguments[0])

    @method
    def value_of(self: Value) -> Value:
        return _plain(self)

    @method(name="toString")
    def to_string_method(self: Value) -> str:
        return to_string(_plain(self))


class BigIntType(Builtin, js_name="BigInt"):
    """Integers of any size."""

    __slots__ = ()

    @classmethod
    def call(cls, *arguments: Value) -> Value:
        value = arguments[0] if arguments else None
        if isinstance(value, bool | BigInt) or not isinstance(value, int | float):
            return to_big_int(value)
        if not math.isfinite(value) or value != math.trunc(value):
            raise range_error(
                f"The number {number_to_string(value)} cannot be converted to a BigInt because"
                " it is not an integer"
            )
        return BigInt(int(value))

    @staticmethod
    @static(name="asUintN")
    def as_uint_n(bits: Value, value: Value) -> Value:
        return BigInt(to_big_int(value) & ((1 << to_integer(bits)) - 1))

    @staticmethod
    @static(name="asIntN")
    def as_int_n(bits: Value, value: Value) -> Value:
        half = (1 << to_integer(bits)) >> 1
        return BigInt(((to_big_int(value) + half) & ((1 << to_integer(bits)) - 1)) - half)

    @method
    def value_of(self: Value) -> Value:
        return _plain(self)

    @method
    def to_locale_string(self: Value, locales: Value = None, options: Value = None) -> str:
        """As in the United States; other places are not known here."""
        return f"{int(_plain(self)):,}"

    @method(name="toString")
    def to_string_method(self: Value, radix: Value = None) -> str:
        base = 10 if radix is None else to_integer(radix)
        if not 2 <= base <= 36:
            raise range_error("toString() radix argument must be between 2 and 36")
        value = int(_plain(self))
        digits = str(abs(value)) if base == 10 else _in_radix(abs(value), base)
        return ("-" if value < 0 else "") + digits
