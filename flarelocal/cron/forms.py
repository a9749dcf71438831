"""What may stand in a field: list elements and, alone, the special forms of the day fields."""

from __future__ import annotations

import re
from typing import TypeAlias

from flarelocal.cron.days import (
    DayRule,
    LastDay,
    LastWeekday,
    NearestWeekday,
    NthWeekday,
    Weekdays,
)
from flarelocal.cron.fields import DATE, WEEKDAY, Field, Misfit, number
from flarelocal.dataclass import dataclass

__all__ = ["Content", "Element", "element", "special"]

_VALUE = "[0-9]+|[A-Za-z]+"
_ELEMENT = re.compile(rf"(\*|{_VALUE})(?:-({_VALUE}))?(?:/([0-9]+))?")
_LAST_DAY = re.compile("L(?:-([0-9]+))?(W?)")
_NEAREST_WEEKDAY = re.compile("([0-9]+)W")
_LAST_WEEKDAY = re.compile(f"({_VALUE})L")
_NTH_WEEKDAY = re.compile(f"({_VALUE})#([0-9]+)")


@dataclass(frozen=True, slots=True)
class Element:
    """Every `step`-th value from `first` to `last`, going on at the minimum if that is lower."""

    text: str
    first: int
    last: int
    step: int

    @property
    def wraps(self) -> bool:
        return self.first > self.last


Content: TypeAlias = tuple[Element, ...] | DayRule | None
"""What a field holds; None is a `*` that is the whole field."""


def element(field: Field, text: str, *, leads: bool) -> Element:
    """Read one element of a list.

    In an element that does not lead the list, `*` is the field's minimum.

    Raises:
        Misfit: `name`, `range`, `step` or `syntax`, the leftmost first, steps last.
    """
    match = _ELEMENT.fullmatch(text)
    if match is None:
        raise Misfit("syntax")
    start, end, every = match.groups()
    if start == "*" and leads and (end or not every):
        raise Misfit("syntax")
    first = field.minimum if start == "*" else field.value(start)
    last = field.value(end) if end else field.maximum if every else first
    try:
        step = number(every, 1, field.maximum - field.minimum) if every else 1
    except Misfit:
        raise Misfit("step") from None
    return Element(text, first, last, step)


def special(field: Field, text: str) -> DayRule | None:
    """Read one of the special forms of a day field; None if the text has the form of none.

    Raises:
        Misfit: `name` or `range`.
    """
    if field is DATE:
        if match := _LAST_DAY.fullmatch(text):
            return LastDay(number(match[1], 1, 30) if match[1] else 0, bool(match[2]))
        if match := _NEAREST_WEEKDAY.fullmatch(text):
            return NearestWeekday(field.value(match[1]))
    if field is WEEKDAY:
        if text == "L":
            return Weekdays(frozenset({field.maximum}))
        if match := _LAST_WEEKDAY.fullmatch(text):
            return LastWeekday(field.value(match[1]))
        if match := _NTH_WEEKDAY.fullmatch(text):
            return NthWeekday(field.value(match[1]), number(match[2], 1, 5))
    return None
