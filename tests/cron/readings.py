"""Expressions along with what they mean, spelled out naively: the measure for the real thing."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from hypothesis import strategies as st

DayTest: TypeAlias = Callable[[date], bool]

MINUTE = 60_000
DAY = 1440 * MINUTE
WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")


@dataclass(frozen=True)
class Reading:
    """An expression and its meaning."""

    text: str
    minutes: set[int]
    hours: set[int]
    months: set[int]
    day_of_month: DayTest | None
    weekday: DayTest | None

    def fires_on(self, day: date) -> bool:
        tests = [test for test in (self.day_of_month, self.weekday) if test]
        return day.month in self.months and (not tests or any(test(day) for test in tests))

    def times(self, after: int, until: int) -> list[int]:
        """The fire times later than `after` and not later than `until`, ms since 1970."""
        found: list[int] = []
        for number in range(after // DAY, until // DAY + 1):
            if self.fires_on(date(1970, 1, 1) + timedelta(number)):
                found += (
                    number * DAY + (hour * 60 + minute) * MINUTE
                    for hour in sorted(self.hours)
                    for minute in sorted(self.minutes)
                )
        return [at for at in found if after < at <= until]


def weekday(day: date) -> int:
    return day.isoweekday() % 7 + 1


def length(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def nearest_weekday(day: date, target: int) -> bool:
    if not 1 <= target <= length(day):
        return False
    working = [n for n in range(1, length(day) + 1) if day.replace(day=n).isoweekday() < 6]
    return day.day == min(working, key=lambda n: abs(n - target))


@st.composite
def elements(draw: st.DrawFn, low: int, high: int) -> tuple[str, set[int]]:
    first, last = draw(st.integers(low, high)), draw(st.integers(low, high))
    step = draw(st.integers(1, high - low))
    unwrapped = last if last >= first else last + high - low + 1
    forms = {
        f"{first}": {first},
        f"{first}/{step}": set(range(first, high + 1, step)),
        f"*/{step}": set(range(low, high + 1, step)),
        f"{first}-{last}": {
            (n - low) % (high - low + 1) + low for n in range(first, unwrapped + 1)
        },
        f"{first}-{last}/{step}": {
            (n - low) % (high - low + 1) + low for n in range(first, unwrapped + 1, step)
        },
    }
    return draw(st.sampled_from(list(forms.items())))


@st.composite
def lists(draw: st.DrawFn, low: int, high: int) -> tuple[str, set[int]]:
    members = draw(st.lists(elements(low, high), min_size=1, max_size=3))
    return ",".join(text for text, _ in members), set().union(*(values for _, values in members))


def plain(low: int, high: int) -> st.SearchStrategy[tuple[str, set[int]]]:
    return st.just(("*", set(range(low, high + 1)))) | lists(low, high)


@st.composite
def dates(draw: st.DrawFn) -> tuple[str, DayTest | None]:
    text, values = draw(lists(1, 31))
    n, before = draw(st.integers(1, 31)), draw(st.integers(1, 30))
    forms: dict[str, DayTest | None] = {
        "*": None,
        text: lambda day: day.day in values,
        "L": lambda day: day.day == length(day),
        "LW": lambda day: nearest_weekday(day, length(day)),
        f"L-{before}": lambda day: day.day == length(day) - before,
        f"L-{before}W": lambda day: nearest_weekday(day, length(day) - before),
        f"{n}W": lambda day: nearest_weekday(day, n),
    }
    return draw(st.sampled_from(list(forms.items())))


@st.composite
def weekdays(draw: st.DrawFn) -> tuple[str, DayTest | None]:
    text, values = draw(lists(1, 7))
    v, k = draw(st.integers(1, 7)), draw(st.integers(1, 5))
    forms: dict[str, DayTest | None] = {
        "*": None,
        text: lambda day: weekday(day) in values,
        WEEKDAYS[v - 1]: lambda day: weekday(day) == v,
        "L": lambda day: weekday(day) == 7,
        f"{v}L": lambda day: weekday(day) == v and day.day + 7 > length(day),
        f"{v}#{k}": lambda day: weekday(day) == v and (day.day - 1) // 7 + 1 == k,
    }
    return draw(st.sampled_from(list(forms.items())))


@st.composite
def readings(draw: st.DrawFn) -> Reading:
    minute, minutes = draw(plain(0, 59))
    hour, hours = draw(plain(0, 23))
    day, date_test = draw(dates())
    month, months = draw(plain(1, 12))
    weekday_text, weekday_test = draw(weekdays())
    text = f"{minute} {hour} {day} {month} {weekday_text}"
    return Reading(text, minutes, hours, months, date_test, weekday_test)
