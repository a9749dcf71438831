"""What the author of an accepted expression may not expect."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from flarelocal.cron.advice import WEEKDAYS
from flarelocal.cron.explanation import weekday_name
from flarelocal.cron.fields import FIELDS
from flarelocal.cron.grammar import Contents
from flarelocal.cron.quirks import quirks
from flarelocal.cron.timetable import Timetable

__all__ = ["hints", "weekday_note"]


def hints(
    text: str, contents: Contents, values: Sequence[frozenset[int]], timetable: Timetable
) -> Iterator[str]:
    """What is worth saying about an expression, each a sentence.

    Args:
        values: the right values of each field.
    """
    if timetable.next_after(0) is None:
        yield "this never fires: no month that it names has such a day"
    note = weekday_note(text)
    if note is not None:
        yield note
    if timetable.dates is not None and timetable.weekdays is not None:
        yield (
            "both day fields are given: it fires on days that match either of them, "
            "not only on days that match both"
        )
    for field, content in zip(FIELDS, contents, strict=True):
        if isinstance(content, tuple) and any(element.text == "*" for element in content):
            yield (
                f"`*` within a list is only the lowest value, {field.noun} "
                f"{field.label(field.minimum)}: write that, or `*` alone"
            )
    yield from map(str, quirks(contents, values))


def weekday_note(text: str) -> str | None:
    """Which days the numbers of an expression stand for; None if it has none."""
    digits = {int(digits) for digits in re.findall("(?<![#/0-9])[0-9]+", text.split()[-1])}
    if not digits:
        return None
    days = ", ".join(f"{digit} is {weekday_name(digit)}" for digit in sorted(digits))
    return f"{days} here: {WEEKDAYS}"
