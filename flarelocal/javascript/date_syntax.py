"""Texts that are dates: those of ISO 8601 that JavaScript defines, and what V8 makes of others."""

from __future__ import annotations

import math
import re

from flarelocal.javascript.date_fields import clipped, time_of

__all__ = ["parse_date"]

_ISO = re.compile(
    r"(\d{4}|[+-]\d{6})(?:-(\d\d)(?:-(\d\d))?)?"
    r"(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:?\d\d)?)?",
)
_LEAST = (1, 1, 0, 0, 0)
_MOST = (12, 31, 24, 59, 59)

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ZONES = {"ut": 0, "utc": 0, "gmt": 0, "z": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5}
_ZONES |= {"mst": -7, "mdt": -6, "pst": -8, "pdt": -7}
_IN_BRACKETS = re.compile(r"\([^()]*\)?")
_TIME = re.compile(r"(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d+))?)?")
_OFFSET = re.compile(r"([+-])(\d\d?):?(\d\d)?$")
_WORD = re.compile(
    r"[a-z]+|\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d+)?)?(?:z\b)?|(?<=[\d a-z])[+-]\d{4}\b"
    r"|(?<=[\d a-z])[+-]\d\d:\d\d\b|\d+|[^\s\w]"
)


def parse_date(text: str) -> float:
    """The ms since 1970 of a text, in UTC where it names no zone; NaN for what is no date."""
    found = _ISO.fullmatch(text.strip())
    return clipped(_of_iso(found) if found else _of_words(text))


def _of_iso(found: re.Match[str]) -> float:
    year, *rest, fraction, zone = found.groups()
    numbers = [int(part or least) for part, least in zip(rest, _LEAST, strict=True)]
    if year == "-000000" or any(
        not least <= n <= most for least, n, most in zip(_LEAST, numbers, _MOST, strict=True)
    ):
        return math.nan
    month, day, hours, minutes, seconds = numbers
    milliseconds = int((fraction or "").ljust(3, "0")[:3])
    if hours == 24 and (minutes or seconds or milliseconds):
        return math.nan
    time = time_of((int(year), month - 1, day, hours, minutes, seconds, milliseconds))
    return time - _offset_ms(zone)


def _offset_ms(zone: str | None) -> int:
    found = _OFFSET.match(zone) if zone else None
    if not found:
        return 0
    ms = (int(found[2]) * 60 + int(found[3] or 0)) * 60_000
    return -ms if found[1] == "-" else ms


def _of_words(text: str) -> float:
    """What V8's lenient parser reads: days and years in any order, months by name, times."""
    numbers: list[int] = []
    month: int | None = None
    hours = minutes = seconds = milliseconds = offset = 0
    afternoon = ""
    for word in _WORD.findall(_IN_BRACKETS.sub(" ", text.lower())):
        if ":" in word and word[0].isdigit() and (at := _TIME.match(word)):
            hours, minutes, seconds = (int(part or 0) for part in at.groups()[:3])
            milliseconds = int((at[4] or "").ljust(3, "0")[:3])
        elif word[0] in "+-" and len(word) > 1:
            offset = _offset_ms(word)
        elif word.isdigit():
            numbers.append(int(word))
        elif word[:3] in _MONTHS:
            month = _MONTHS.index(word[:3])
        elif word in ("am", "pm"):
            afternoon = word
        elif word in _ZONES:
            offset = _ZONES[word] * 3_600_000
        elif word.isalpha() and numbers and word != "t":
            return math.nan
    date = _date(numbers, month)
    if date is None or hours > 24 or minutes > 59 or seconds > 59:
        return math.nan
    if afternoon:
        if not 1 <= hours <= 12:
            return math.nan
        hours = hours % 12 + (12 if afternoon == "pm" else 0)
    return time_of((*date, hours, minutes, seconds, milliseconds)) - offset


def _date(numbers: list[int], month: int | None) -> tuple[int, int, int] | None:
    """The year, month and day that numbers are, the month from 0."""
    if month is None:
        if len(numbers) == 1 and numbers[0] < 13:
            return (2001, numbers[0] - 1, 1) if numbers[0] else (2000, 0, 1)
        if len(numbers) == 1:
            return (_year(numbers[0]), 0, 1) if 31 < numbers[0] < 100 else None
        if not 2 <= len(numbers) <= 3:
            return None
        if numbers[0] > 31:
            year, number, day = (*numbers, 1)[:3]
        else:
            number, day, year = (*numbers, 2001)[:3]
        month = number - 1
    elif len(numbers) == 1:
        day, year = (1, numbers[0]) if numbers[0] > 31 else (numbers[0], 2001)
    elif len(numbers) == 2:
        day, year = numbers if numbers[0] <= 31 else reversed(numbers)
    else:
        return None
    return (_year(year), month, day) if 0 <= month <= 11 and 1 <= day <= 31 else None


def _year(number: int) -> int:
    return number + (2000 if number < 50 else 1900 if number < 100 else 0)
