"""Date."""

from __future__ import annotations

import datetime as dt
import math
import time

from flarelocal.clock import Clock
from flarelocal.javascript.errors import range_error
from flarelocal.javascript.host import HostObject, method, static
from flarelocal.javascript.numbers import number, to_number
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value, null

__all__ = ["Date", "now_ms", "parse_date"]

_LATEST_MS = 8.64e15
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_NOTHING = object()


class Date(HostObject, constructible=True):
    """A moment; `time_ms` is in ms since 1970, NaN for an invalid date.

    The time zone of the runtime is UTC, here too.
    """

    __slots__ = ("time_ms",)

    def __init__(self, value: Value = _NOTHING, month: Value = _NOTHING, *rest: Value) -> None:
        if value is _NOTHING:
            self.time_ms: float = now_ms()
        elif month is not _NOTHING:
            self.time_ms = _of_parts([value, month, *rest])
        elif isinstance(value, Date):
            self.time_ms = value.time_ms
        elif type(value) is int and -_LATEST_MS <= value <= _LATEST_MS:
            self.time_ms = value
        else:
            ms = parse_date(value) if isinstance(value, str) else to_number(value)
            self.time_ms = number(math.trunc(ms)) if abs(ms) <= _LATEST_MS else math.nan

    @classmethod
    def call(cls, *arguments: Value) -> str:
        """`Date()`, without `new`: the present time as text."""
        return cls().to_js_string()

    @property
    def moment(self) -> dt.datetime:
        """The moment as an aware datetime.

        Raises:
            JsError: RangeError for an invalid date.
        """
        if math.isnan(self.time_ms):
            raise range_error("Invalid time value")
        return _EPOCH + dt.timedelta(milliseconds=self.time_ms)

    @method
    def get_time(self) -> float:
        return self.time_ms

    @method
    def value_of(self) -> float:
        return self.time_ms

    @method(name="toISOString")
    def to_iso_string(self) -> str:
        return self.moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    @method(name="toJSON")
    def to_json(self) -> Value:
        return null if math.isnan(self.time_ms) else self.to_iso_string()

    @method(name="toUTCString")
    def to_utc_string(self) -> str:
        return self.moment.strftime("%a, %d %b %Y %H:%M:%S GMT")

    @method(name="getUTCFullYear")
    def get_utc_full_year(self) -> int:
        return self.moment.year

    @method
    def get_full_year(self) -> int:
        return self.moment.year

    @method
    def get_month(self) -> int:
        return self.moment.month - 1

    @method
    def get_date(self) -> int:
        return self.moment.day

    @method
    def get_day(self) -> int:
        return (self.moment.weekday() + 1) % 7

    @method
    def get_hours(self) -> int:
        return self.moment.hour

    @method
    def get_minutes(self) -> int:
        return self.moment.minute

    @method
    def get_seconds(self) -> int:
        return self.moment.second

    @method
    def get_timezone_offset(self) -> int:
        return 0

    @staticmethod
    @static
    def now() -> int:
        return now_ms()

    @staticmethod
    @static
    def parse(text: Value) -> float:
        return parse_date(to_string(text))

    def to_js_string(self) -> str:
        if math.isnan(self.time_ms):
            return "Invalid Date"
        return self.moment.strftime("%a %b %d %Y %H:%M:%S GMT+0000 (Coordinated Universal Time)")


def now_ms() -> int:
    """The present time of the invocation, in ms since 1970."""
    clock = Clock.current()
    return clock.now() if clock else int(time.time() * 1000)


def parse_date(text: str) -> float:
    """The ms since 1970 of an ISO 8601 or RFC 2822 text, NaN for any other."""
    from email.utils import parsedate_to_datetime

    for parse in (dt.datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = parse(text.strip())
        except (ValueError, TypeError):
            continue
        moment = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
        return number((moment - _EPOCH) / dt.timedelta(milliseconds=1))
    return math.nan


def _of_parts(parts: list[Value]) -> float:
    numbers = [to_number(part) for part in parts]
    if not all(map(math.isfinite, numbers)):
        return math.nan
    year, month, day, hour, minute, second, ms = [
        int(n) for n in [*numbers, *[1, 0, 0, 0, 0][len(numbers) - 2 :]]
    ][:7]
    year += 1900 if 0 <= year <= 99 else 0
    start = dt.datetime(year + month // 12, month % 12 + 1, 1, tzinfo=dt.UTC)
    moment = start + dt.timedelta(
        days=day - 1, hours=hour, minutes=minute, seconds=second, milliseconds=ms
    )
    return number((moment - _EPOCH) / dt.timedelta(milliseconds=1))
