"""When a cron fires: minutes of the days of the months, in UTC."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from flarelocal.cron.days import DayRule, MonthShape

__all__ = ["MINUTE_MS", "Span", "Timetable"]

MINUTE_MS = 60_000
_DAY_MINUTES = 1440
_EPOCH = date(1970, 1, 1).toordinal()
# The longest gap of any schedule is 40 years, over a 2100 that is no leap year.
_HORIZON_YEARS = 45


@dataclass(frozen=True, slots=True)
class Span:
    """Fire times from `first` to `last`, ms since 1970."""

    count: int
    first: int
    last: int


@dataclass(frozen=True)
class Timetable:
    """What an expression means; equal if Cloudflare takes two expressions for duplicates.

    Attributes:
        dates: the rule of the day of the month; None is a `*`.
        weekdays: the rule of the day of the week; None is a `*`.
    """

    minutes: frozenset[int]
    hours: frozenset[int]
    months: frozenset[int]
    dates: DayRule | None
    weekdays: DayRule | None

    def next_after(self, ms: int) -> int | None:
        """The first fire time later than `ms`, or None if there is none within 45 years."""
        start, minute = divmod(ms // MINUTE_MS + 1, _DAY_MINUTES)
        for day in self._days_from(start):
            place = bisect_left(self._times, minute) if day == start else 0
            if place < len(self._times):
                return _at(day, self._times[place])
        return None

    def matches(self, ms: int) -> bool:
        """Whether the cron fires in the minute of `ms`."""
        number, minute = divmod(ms // MINUTE_MS, _DAY_MINUTES)
        day = date.fromordinal(_EPOCH + number)
        return (
            day.month in self.months
            and minute // 60 in self.hours
            and minute % 60 in self.minutes
            and bool(self._days(day.year, day.month) >> day.day & 1)
        )

    def span(self, after: int, until: int) -> Span | None:
        """The fire times later than `after` and not later than `until`; None if none."""
        first = self.next_after(after)
        if first is None or first > until:
            return None
        count, last = 0, first
        start, begin = divmod(first // MINUTE_MS, _DAY_MINUTES)
        stop, end = divmod(until // MINUTE_MS, _DAY_MINUTES)
        for day in self._days_from(start):
            low = bisect_left(self._times, begin) if day == start else 0
            high = bisect_left(self._times, end + 1) if day == stop else len(self._times)
            if day > stop or low == high:
                break
            count += high - low
            last = _at(day, self._times[high - 1])
        return Span(count, first, last)

    @cached_property
    def _times(self) -> array[int]:
        """The minutes of the day, in order."""
        return array(
            "H",
            (60 * hour + minute for hour in sorted(self.hours) for minute in sorted(self.minutes)),
        )

    @cached_property
    def _months(self) -> list[int]:
        return sorted(self.months)

    @cached_property
    def _days_by_shape(self) -> dict[MonthShape, int]:
        return {}

    def _days_from(self, day: int) -> Iterator[int]:
        """The matching days, counted from 1970, from `day` to the horizon."""
        start = date.fromordinal(_EPOCH + day)
        for year in range(start.year, min(start.year + _HORIZON_YEARS, date.max.year) + 1):
            for month in self._months:
                if year == start.year and month < start.month:
                    continue
                before = date(year, month, 1).toordinal() - _EPOCH - 1
                days = self._days(year, month)
                if before < day:
                    days = days >> day - before << day - before
                while days:
                    yield before + (days & -days).bit_length() - 1
                    days &= days - 1

    def _days(self, year: int, month: int) -> int:
        shape = _shape(year, month)
        days = self._days_by_shape.get(shape)
        if days is None:
            days = self._days_by_shape[shape] = self._days_of(shape)
        return days

    def _days_of(self, month: MonthShape) -> int:
        rules = [rule for rule in (self.dates, self.weekdays) if rule is not None]
        if not rules:
            return month.days()
        days = 0
        for rule in rules:
            days |= rule.days(month)
        return days


@lru_cache(64)
def _shape(year: int, month: int) -> MonthShape:
    first = date(year, month, 1)
    last = date(year, month + 1, 1).toordinal() - 1 if month < 12 else first.toordinal() + 30
    return MonthShape(first.toordinal() % 7 + 1, last - first.toordinal() + 1)


def _at(day: int, minute: int) -> int:
    return (day * _DAY_MINUTES + minute) * MINUTE_MS
