"""Texts as they are written in the United States, the only place that a Worker is at."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_EVEN, Decimal

from flarelocal.javascript.host import HostObject
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value

__all__ = ["locale_text", "number_text"]


def locale_text(value: Value) -> str:
    """What `value.toLocaleString()` gives."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number_text(value)
    member = value.members.get("toLocaleString") if isinstance(value, HostObject) else None
    return str(member.function(value)) if member else to_string(value)


def number_text(value: float) -> str:
    """A number with commas between groups of three digits, and at most three decimal places."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    if isinstance(value, int):
        return f"{value:,}"
    exact = (
        Decimal(repr(value)).quantize(Decimal("0.001"), ROUND_HALF_EVEN)
        if abs(value) < 1e21
        else Decimal(repr(value))
    )
    whole, _, places = f"{exact:,f}".partition(".")
    places = places.rstrip("0")
    return f"{whole}.{places}" if places else whole
