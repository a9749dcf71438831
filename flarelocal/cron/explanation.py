"""A timetable in plain English."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import product

from flarelocal.cron.days import (
    Dates,
    DayRule,
    LastDay,
    LastWeekday,
    NearestWeekday,
    NthWeekday,
    Weekdays,
)
from flarelocal.cron.timetable import Timetable

__all__ = ["explain", "weekday_name"]

_WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_NEAREST = "on the weekday (Monday to Friday) nearest to"
_MOST_TIMES_LISTED = 6


def explain(timetable: Timetable) -> str:
    """Say when the cron fires, as one sentence."""
    words = [_times(timetable.minutes, timetable.hours)]
    rules = [rule for rule in (timetable.dates, timetable.weekdays) if rule is not None]
    if rules:
        words.append(" or ".join(_days(rule) for rule in rules))
    elif words[0].startswith("At ") and len(timetable.hours) < 24:
        words.append("every day")
    if len(timetable.months) < 12:
        words.append(f"in {_list(timetable.months, _month_name)}")
    if len(words) > 1 or len(timetable.hours) < 24:
        words.append("(UTC)")
    return f"{' '.join(words)}."


def weekday_name(weekday: int) -> str:
    """The English name of a day of the week, 1 (Sunday) to 7 (Saturday)."""
    return _WEEKDAYS[weekday - 1]


def _month_name(month: int) -> str:
    return _MONTHS[month - 1]


def _times(minutes: frozenset[int], hours: frozenset[int]) -> str:
    if len(minutes) * len(hours) <= _MOST_TIMES_LISTED:
        clock = [
            f"{hour:02}:{minute:02}" for hour, minute in product(sorted(hours), sorted(minutes))
        ]
        return f"At {_join(clock)}"
    if minutes == {0} and (pace := _pace(hours, 24)):
        return "Every hour" if pace == 1 else f"Every {pace} hours"
    if len(minutes) > 1 and (pace := _pace(minutes, 60)):
        start = "Every minute" if pace == 1 else f"Every {pace} minutes"
        return start if len(hours) == 24 else f"{start} of {_hours(hours)}"
    noun = "minute" if len(minutes) == 1 else "minutes"
    return f"At {noun} {_list(minutes, str)} of {_hours(hours)}"


def _hours(hours: frozenset[int]) -> str:
    if len(hours) == 24:
        return "every hour"
    return f"the {'hour' if len(hours) == 1 else 'hours'} {_list(hours, str)}"


def _pace(values: frozenset[int], size: int) -> int | None:
    """n, if the values are every n-th of the whole field without a break at its end."""
    pace, rest = divmod(size, len(values))
    return pace if not rest and values == set(range(0, size, pace)) else None


def _days(rule: DayRule) -> str:
    match rule:
        case Dates(dates):
            return f"on the {_list(dates, _ordinal)} of the month"
        case LastDay(0, False):
            return "on the last day of the month"
        case LastDay(before, False):
            return f"on {_before(before)} the last day of the month"
        case LastDay(0, True):
            return f"{_NEAREST} the last day of the month"
        case LastDay(before, True):
            return f"{_NEAREST} {_before(before)} the last day of the month"
        case NearestWeekday(date):
            return f"{_NEAREST} the {_ordinal(date)} of the month"
        case Weekdays(weekdays):
            mondays_first = ((weekday - 2) % 7 for weekday in weekdays)
            return f"on {_list(mondays_first, lambda place: _WEEKDAYS[(place + 1) % 7])}"
        case LastWeekday(weekday):
            return f"on the last {weekday_name(weekday)} of the month"
        case NthWeekday(weekday, nth):
            return f"on the {_ordinal(nth)} {weekday_name(weekday)} of the month"
        case _:
            raise TypeError(f"{rule!r} is no day rule that can be put into words")


def _before(days: int) -> str:
    return "the day before" if days == 1 else f"the day {days} days before"


def _ordinal(number: int) -> str:
    if number // 10 == 1:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def _list(values: Iterable[int], name: Callable[[int], str]) -> str:
    words = []
    for run in _runs(values):
        if len(run) > 2:
            words.append(f"{name(run[0])} to {name(run[-1])}")
        else:
            words.extend(name(value) for value in run)
    return _join(words)


def _runs(values: Iterable[int]) -> list[list[int]]:
    """The values in order, consecutive ones together."""
    runs: list[list[int]] = []
    for value in sorted(values):
        if runs and value == runs[-1][-1] + 1:
            runs[-1].append(value)
        else:
            runs.append([value])
    return runs


def _join(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
