"""Numbers with a given number of digits: `toFixed`, `toExponential` and `toPrecision`.

They round what the number exactly is, halves away from zero.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

from flarelocal.javascript.numbers import number_to_string

__all__ = ["exponential", "fixed", "precise"]


def fixed(value: float, places: int) -> str:
    """So many decimal places; the value is finite."""
    if abs(value) >= 1e21:
        return number_to_string(value)
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-places), context=_context(200))
    return f"{rounded or abs(rounded) if value == 0 else rounded:f}"


def exponential(value: float, places: int | None) -> str:
    """So many decimal places and an exponent; None for as many as the number needs."""
    if places is None:
        digits = Decimal(number_to_string(float(value))).normalize()
        places = len(digits.as_tuple().digits) - 1
        value_digits = digits
    else:
        value_digits = _context(places + 1).create_decimal(Decimal(value))
    return _with_exponent(value_digits, places)


def precise(value: float, digits: int) -> str:
    """So many digits, with an exponent where they do not reach the point."""
    rounded = _context(digits).create_decimal(Decimal(value))
    exponent = rounded.adjusted() if rounded else 0
    if exponent < -6 or exponent >= digits:
        return _with_exponent(rounded, digits - 1)
    places = max(0, digits - 1 - exponent)
    return f"{rounded if rounded else abs(rounded):.{places}f}"


def _with_exponent(rounded: Decimal, places: int) -> str:
    mantissa, _, exponent = f"{rounded if rounded else abs(rounded):.{places}e}".partition("e")
    power = int(exponent) if rounded else 0
    return f"{mantissa}e{'-' if power < 0 else '+'}{abs(power)}"


def _context(digits: int) -> Context:
    return Context(prec=max(1, digits), rounding=ROUND_HALF_UP)
