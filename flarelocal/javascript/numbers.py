"""JavaScript's numbers: normal form, text and conversion."""

from __future__ import annotations

import math
import re

from flarelocal.javascript.errors import range_error, syntax_error, type_error
from flarelocal.javascript.values import MAX_SAFE_INTEGER, BigInt, Boxed, Symbol, Value, null

__all__ = [
    "number",
    "number_to_string",
    "string_to_number",
    "to_big_int",
    "to_int32",
    "to_integer",
    "to_number",
    "to_place",
    "to_uint32",
    "to_uint64",
]

_INT32 = 2**31
_UINT32 = (1 << 32) - 1
_NUMERIC = re.compile(r"[+-]?(?:Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)")
_RADIX = {"0x": 16, "0o": 8, "0b": 2}


def number(value: float) -> int | float:
    """The normal form of a number: `int` where it is integral and safe, else `float`."""
    if isinstance(value, float):
        if value.is_integer() and -MAX_SAFE_INTEGER <= value <= MAX_SAFE_INTEGER:
            return value if value == 0 and math.copysign(1, value) < 0 else int(value)
        return value
    if -MAX_SAFE_INTEGER <= value <= MAX_SAFE_INTEGER:
        return int(value)
    return float(value)


def number_to_string(value: float) -> str:
    """What `String(number)` gives: the shortest digits, an exponent from 1e21 and below 1e-6."""
    if isinstance(value, int) and abs(value) <= MAX_SAFE_INTEGER:
        return str(int(value))
    value = float(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, exponent = f"{abs(value)!r}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    leading_zeros = len(whole + fraction) - len((whole + fraction).lstrip("0"))
    point = len(whole) + int(exponent or 0) - leading_zeros
    digits = digits.rstrip("0")
    if len(digits) <= point <= 21:
        return sign + digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    shift = point - 1
    tail = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{tail}e{'+' if shift > 0 else '-'}{abs(shift)}"


def string_to_number(text: str) -> int | float:
    """What `Number(text)` gives."""
    text = text.strip()
    if not text:
        return 0
    radix = _RADIX.get(text[:2].lower())
    if radix:
        try:
            return number(int(text[2:], radix))
        except ValueError:
            return math.nan
    if not _NUMERIC.fullmatch(text):
        return math.nan
    return number(float(text.replace("Infinity", "inf")))


def to_number(value: Value) -> int | float:
    """JavaScript's ToNumber.

    Raises:
        JsError: TypeError for a BigInt or a symbol.
    """
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, BigInt):
        raise type_error("Cannot convert a BigInt value to a number")
    if isinstance(value, int | float):
        return number(value)
    if value is None:
        return math.nan
    if value is null:
        return 0
    if isinstance(value, str):
        return string_to_number(value)
    if isinstance(value, Symbol):
        raise type_error("Cannot convert a Symbol value to a number")
    if isinstance(value, Boxed):
        return to_number(value.value)
    ms = getattr(value, "time_ms", None)
    if isinstance(ms, int | float):
        return number(ms)
    from flarelocal.javascript.text import to_string

    return string_to_number(to_string(value))


def to_big_int(value: Value) -> BigInt:
    """JavaScript's ToBigInt.

    Raises:
        JsError: SyntaxError for a text that is no integer, TypeError for a number.
    """
    from flarelocal.javascript.text import to_string

    if isinstance(value, bool | BigInt):
        return BigInt(value)
    if value is None or value is null or isinstance(value, int | float):
        raise type_error(f"Cannot convert {to_string(value)} to a BigInt")
    if isinstance(value, Symbol):
        raise type_error(f"Cannot convert Symbol({value.description}) to a BigInt")
    text = to_string(value)
    try:
        return BigInt(int(text.strip() or "0", 0))
    except ValueError:
        raise syntax_error(f"Cannot convert {text} to a BigInt") from None


def to_integer(value: Value) -> int:
    """ToIntegerOrInfinity, with NaN and the infinities as 0."""
    result = to_number(value)
    return int(result) if math.isfinite(result) else 0


def to_place(value: Value) -> int:
    """ToIntegerOrInfinity, with the infinities as integers that lie beyond every place."""
    result = to_number(value)
    if math.isinf(result):
        return MAX_SAFE_INTEGER if result > 0 else -MAX_SAFE_INTEGER
    return to_integer(result)


def to_int32(value: Value) -> int:
    """A number that the runtime takes as a 32-bit integer (workerd, jsg/value.h).

    Raises:
        JsError: TypeError where it is out of range.
    """
    result = to_integer(value)
    if not -_INT32 <= result < _INT32:
        raise type_error(
            f"Value out of range. Must be between {-_INT32} and {_INT32 - 1} (inclusive)."
        )
    return result


def to_uint32(value: Value) -> int:
    """A number that the runtime takes as a 32-bit count (workerd, jsg/value.h).

    Raises:
        JsError: TypeError where it is no number, negative or too large.
    """
    count = _count(to_number(value), "number")
    if count > _UINT32:
        raise type_error(f"Value out of range. Must be less than or equal to {_UINT32}.")
    return count


def to_uint64(value: Value) -> int:
    """A number that the runtime takes as a count (workerd, jsg/value.h).

    Raises:
        JsError: TypeError where it is no number, or negative.
    """
    return _count(int(value) if isinstance(value, BigInt) else to_number(value), "bigint")


def _count(number: float, expected: str) -> int:
    if not math.isfinite(number):
        raise type_error("The value cannot be converted because it is not an integer.")
    if number < 0:
        raise type_error(
            "The value cannot be converted because it is negative and this API expects a positive"
            f" {expected}."
        )
    return int(number)


def to_length(value: Value, what: str) -> int:
    """A length or size.

    Raises:
        JsError: RangeError where it is negative.
    """
    result = to_integer(value)
    if result < 0:
        raise range_error(f"Invalid {what}: {result}")
    return result
