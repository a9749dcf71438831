"""The calendar of Date: moments as years, months and so on, as far as JavaScript's reach."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from flarelocal.javascript.numbers import number

__all__ = ["LATEST_MS", "Fields", "clipped", "fields_of", "iso_text", "time_of", "year_text"]

LATEST_MS = 8.64e15
"""The last moment that a Date can be, in ms since 1970; the first lies as far before."""

_DAY_MS = 86_400_000
_DAYS_OF_400_YEARS = 146_097
_DAYS_FROM_0000_03_01 = 719_468


class Fields(NamedTuple):
    """A moment in UTC; months and days of the week count from 0, Sunday is the first of these."""

    year: int
    month: int
    day: int
    hours: int
    minutes: int
    seconds: int
    milliseconds: int
    weekday: int


def fields_of(time_ms: float) -> Fields:
    """What a moment is in the calendar; it must be a valid one."""
    days, rest = divmod(int(time_ms), _DAY_MS)
    hours, rest = divmod(rest, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    era, of_era = divmod(days + _DAYS_FROM_0000_03_01, _DAYS_OF_400_YEARS)
    year = (of_era - of_era // 1460 + of_era // 36524 - of_era // 146096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    month = (5 * of_year + 2) // 153
    day = of_year - (153 * month + 2) // 5 + 1
    month = month + 2 if month < 10 else month - 10
    year += 400 * era + (month < 2)
    return Fields(year, month, day, hours, minutes, *divmod(rest, 1000), (days + 4) % 7)


def time_of(fields: Sequence[float]) -> float:
    """The ms since 1970 of a year, month, day and so on, any of which may lie beyond its range;
    NaN where one is no number."""
    if not all(map(math.isfinite, fields)):
        return math.nan
    year, month, day, hours, minutes, seconds, milliseconds = map(math.trunc, fields[:7])
    if abs(year) > 400_000 or abs(month) > 4_000_000:
        return math.nan
    days = _days(year + month // 12, month % 12) + day - 1
    return days * _DAY_MS + hours * 3_600_000 + minutes * 60_000 + seconds * 1000 + milliseconds


def clipped(time_ms: float) -> float:
    """The time that a Date keeps of one: whole, and NaN beyond the range."""
    return number(math.trunc(time_ms)) if abs(time_ms) <= LATEST_MS else math.nan


def year_text(year: int) -> str:
    """A year with four digits or more."""
    return f"{'-' if year < 0 else ''}{abs(year):04}"


def iso_text(time_ms: float) -> str:
    """A valid moment as `2024-01-05T13:11:12.123Z`."""
    at = fields_of(time_ms)
    sign = "-" if at.year < 0 else "+"
    year = f"{at.year:04}" if 0 <= at.year <= 9999 else f"{sign}{abs(at.year):06}"
    return (
        f"{year}-{at.month + 1:02}-{at.day:02}"
        f"T{at.hours:02}:{at.minutes:02}:{at.seconds:02}.{at.milliseconds:03}Z"
    )


def _days(year: int, month: int) -> int:
    """The days from 1970 to the first of a month."""
    year -= month < 2
    era, of_era = divmod(year, 400)
    of_year = (153 * ((month + 10) % 12) + 2) // 5
    return (
        era * _DAYS_OF_400_YEARS
        + of_era * 365
        + of_era // 4
        - of_era // 100
        + of_year
        - _DAYS_FROM_0000_03_01
    )
