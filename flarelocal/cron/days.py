"""Which days of a month a day field means.

A rule sees a month only by its shape: its first weekday and its length. Sets of days are
integers in which bit n stands for day n. Weekdays are numbered as Cloudflare does, from
1 = Sunday to 7 = Saturday.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

from flarelocal.dataclass import dataclass

__all__ = [
    "Dates",
    "DayRule",
    "LastDay",
    "LastWeekday",
    "MonthShape",
    "NearestWeekday",
    "NthWeekday",
    "Weekdays",
]


class MonthShape(NamedTuple):
    """One of the 28 kinds of month."""

    first_weekday: int
    length: int

    def weekday(self, date: int) -> int:
        return (self.first_weekday + date - 2) % 7 + 1

    def first(self, weekday: int) -> int:
        """The first date that is this weekday."""
        return (weekday - self.first_weekday) % 7 + 1

    def days(self) -> int:
        return (2 << self.length) - 2

    def nearest_weekday(self, date: int) -> int:
        """The date from Monday to Friday nearest to `date` within the month."""
        match self.weekday(date):
            case 7:
                return date - 1 if date > 1 else date + 2
            case 1:
                return date + 1 if date < self.length else date - 2
            case _:
                return date


class DayRule(Protocol):
    """What a day field other than `*` selects."""

    def days(self, month: MonthShape) -> int:
        """The days of the month that the rule selects; none (0) if the month lacks them."""


@dataclass(frozen=True, slots=True)
class Dates:
    """These days of the month."""

    dates: frozenset[int]

    def days(self, month: MonthShape) -> int:
        return sum(1 << date for date in self.dates) & month.days()


@dataclass(frozen=True, slots=True)
class LastDay:
    """`L`, `L-n`, `LW`, `L-nW`: so many days before the last, or the weekday nearest to that."""

    before: int = 0
    nearest: bool = False

    def days(self, month: MonthShape) -> int:
        date = month.length - self.before
        if date < 1:
            return 0
        return 1 << (month.nearest_weekday(date) if self.nearest else date)


@dataclass(frozen=True, slots=True)
class NearestWeekday:
    """`nW`: the weekday nearest to a date."""

    date: int

    def days(self, month: MonthShape) -> int:
        return 1 << month.nearest_weekday(self.date) if self.date <= month.length else 0


@dataclass(frozen=True, slots=True)
class Weekdays:
    """These days of every week."""

    weekdays: frozenset[int]

    def days(self, month: MonthShape) -> int:
        dates = range(1, month.length + 1)
        return sum(1 << date for date in dates if month.weekday(date) in self.weekdays)


@dataclass(frozen=True, slots=True)
class LastWeekday:
    """`vL`: the last such day of the week in the month."""

    weekday: int

    def days(self, month: MonthShape) -> int:
        first = month.first(self.weekday)
        return 1 << first + (month.length - first) // 7 * 7


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """`v#k`: the k-th such day of the week in the month."""

    weekday: int
    nth: int

    def days(self, month: MonthShape) -> int:
        return (1 << month.first(self.weekday) + (self.nth - 1) * 7) & month.days()
