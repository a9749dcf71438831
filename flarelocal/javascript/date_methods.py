"""The methods by which a Date reads and writes the parts of its moment.

Each is there twice, for UTC and for the time zone of the runtime, which is UTC as well.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from flarelocal.javascript.date_fields import clipped, fields_of, time_of
from flarelocal.javascript.host import HostObject, method
from flarelocal.javascript.numbers import to_number
from flarelocal.javascript.values import Value

__all__ = ["DateFields"]

_PARTS = ("FullYear", "Month", "Date", "Hours", "Minutes", "Seconds", "Milliseconds", "Day")
"""The names of the parts, in the order of `Fields`."""

_LAST_WRITTEN = (2, 2, 2, 6, 6, 6, 6)
"""For each part, the last one that its setter takes as a further argument."""


def _reading(name: str, place: int) -> Callable[..., Value]:
    @method(name=name)
    def read(self: Any) -> float:
        return math.nan if math.isnan(self.time_ms) else fields_of(self.time_ms)[place]

    return read


def _writing(name: str, place: int) -> Callable[..., Value]:
    @method(name=name)
    def write(self: Any, *values: Value) -> float:
        numbers = [to_number(value) for value in values] or [math.nan]
        present = 0 if place == 0 and math.isnan(self.time_ms) else self.time_ms
        if math.isnan(present):
            return math.nan
        parts: list[float] = list(fields_of(present)[:7])
        for at, number in enumerate(numbers[: _LAST_WRITTEN[place] - place + 1], place):
            parts[at] = number
        time_ms: float = clipped(time_of(parts))
        self.time_ms = time_ms
        return time_ms

    return write


class DateFields(HostObject):
    """Them, over `time_ms`: ms since 1970, NaN for an invalid date."""

    __slots__ = ("time_ms",)

    time_ms: float

    for _place, _part in enumerate(_PARTS):
        for _zone in ("", "UTC"):
            vars()[f"get{_zone}{_part}"] = _reading(f"get{_zone}{_part}", _place)
            if _place < len(_LAST_WRITTEN):
                vars()[f"set{_zone}{_part}"] = _writing(f"set{_zone}{_part}", _place)
    del _part, _place, _zone

    @method
    def get_time(self) -> float:
        return self.time_ms

    @method
    def value_of(self) -> float:
        return self.time_ms

    @method
    def set_time(self, value: Value = None) -> float:
        self.time_ms = clipped(to_number(value))
        return self.time_ms

    @method
    def get_year(self) -> float:
        return math.nan if math.isnan(self.time_ms) else fields_of(self.time_ms).year - 1900

    @method
    def set_year(self, value: Value = None) -> float:
        year = to_number(value)
        year += 1900 if math.isfinite(year) and 0 <= math.trunc(year) <= 99 else 0
        present = 0 if math.isnan(self.time_ms) else self.time_ms
        self.time_ms = clipped(time_of([year, *fields_of(present)[1:7]]))
        return self.time_ms

    @method
    def get_timezone_offset(self) -> float:
        return math.nan if math.isnan(self.time_ms) else 0
