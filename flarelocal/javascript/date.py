"""Date."""

from __future__ import annotations

import math
import time
from typing import Any

from flarelocal.clock import Clock
from flarelocal.javascript.date_fields import (
    LATEST_MS,
    Fields,
    clipped,
    fields_of,
    iso_text,
    time_of,
    year_text,
)
from flarelocal.javascript.date_methods import DateFields
from flarelocal.javascript.date_syntax import parse_date
from flarelocal.javascript.errors import range_error
from flarelocal.javascript.host import method, static
from flarelocal.javascript.numbers import to_number
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value, null

__all__ = ["Date", "now_ms", "parse_date"]

_NOTHING = object()
_DAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_INVALID = "Invalid Date"


class Date(DateFields, constructible=True):
    """A moment; `time_ms` is in ms since 1970, NaN for an invalid date.

    The time zone of the runtime is UTC, here too.
    """

    __slots__ = ()

    def __init__(self, value: Value = _NOTHING, month: Value = _NOTHING, *rest: Value) -> None:
        if value is _NOTHING:
            self.time_ms = now_ms()
        elif month is not _NOTHING:
            self.time_ms = clipped(_of_parts([value, month, *rest]))
        elif isinstance(value, Date):
            self.time_ms = value.time_ms
        elif type(value) is int and -LATEST_MS <= value <= LATEST_MS:
            self.time_ms = value
        else:
            self.time_ms = clipped(
                parse_date(value) if isinstance(value, str) else to_number(value)
            )

    @classmethod
    def call(cls, *arguments: Value) -> str:
        """`Date()`, without `new`: the present time as text."""
        return cls().to_js_string()

    @method(name="toISOString")
    def to_iso_string(self) -> str:
        if math.isnan(self.time_ms):
            raise range_error("Invalid time value")
        return iso_text(self.time_ms)

    @method(name="toJSON")
    def to_json(self, key: Value = None) -> Value:
        return null if math.isnan(self.time_ms) else self.to_iso_string()

    @method(name="toUTCString")
    def to_utc_string(self) -> str:
        at = self._fields()
        if at is None:
            return _INVALID
        day = f"{_DAYS[at.weekday]}, {at.day:02} {_MONTHS[at.month]} {year_text(at.year)}"
        return f"{day} {_clock(at)} GMT"

    @method(name="toGMTString")
    def to_gmt_string(self) -> str:
        return self.to_utc_string()

    @method(name="toString")
    def to_string_method(self) -> str:
        return self.to_js_string()

    @method
    def to_date_string(self) -> str:
        at = self._fields()
        if at is None:
            return _INVALID
        return f"{_DAYS[at.weekday]} {_MONTHS[at.month]} {at.day:02} {year_text(at.year)}"

    @method
    def to_time_string(self) -> str:
        at = self._fields()
        return _INVALID if at is None else f"{_clock(at)} GMT+0000 (Coordinated Universal Time)"

    @method
    def to_locale_date_string(self, locales: Value = None, options: Value = None) -> str:
        """As in the United States; other places are not known here."""
        at = self._fields()
        return _INVALID if at is None else f"{at.month + 1}/{at.day}/{at.year}"

    @method
    def to_locale_time_string(self, locales: Value = None, options: Value = None) -> str:
        """As in the United States; other places are not known here."""
        at = self._fields()
        if at is None:
            return _INVALID
        half = "PM" if at.hours >= 12 else "AM"
        return f"{at.hours % 12 or 12}:{at.minutes:02}:{at.seconds:02} {half}"

    @method
    def to_locale_string(self, locales: Value = None, options: Value = None) -> str:
        if math.isnan(self.time_ms):
            return _INVALID
        return f"{self.to_locale_date_string()}, {self.to_locale_time_string()}"

    @staticmethod
    @static
    def now() -> int:
        return now_ms()

    @staticmethod
    @static
    def parse(text: Value = None) -> float:
        return parse_date(to_string(text))

    @staticmethod
    @static(name="UTC")
    def utc(*parts: Value) -> float:
        return clipped(_of_parts(parts))

    def to_js_string(self) -> str:
        if math.isnan(self.time_ms):
            return _INVALID
        return f"{self.to_date_string()} {self.to_time_string()}"

    def _fields(self) -> Fields | None:
        return None if math.isnan(self.time_ms) else fields_of(self.time_ms)


def now_ms() -> int:
    """The present time of the invocation, in ms since 1970."""
    clock = Clock.current()
    return clock.now() if clock else int(time.time() * 1000)


def _clock(at: Fields) -> str:
    return f"{at.hours:02}:{at.minutes:02}:{at.seconds:02}"


def _of_parts(parts: Any) -> float:
    numbers: list[float] = [to_number(part) for part in parts] or [math.nan]
    numbers += [0, 1, 0, 0, 0, 0][len(numbers) - 1 :]
    if math.isfinite(numbers[0]) and 0 <= math.trunc(numbers[0]) <= 99:
        numbers[0] = 1900 + math.trunc(numbers[0])
    return time_of(numbers)
