"""From list elements to the values they mean: croniter does it, in its own numbering."""

from __future__ import annotations

from collections.abc import Iterator

from flarelocal.cron.fields import FIELDS, WEEKDAY, Field
from flarelocal.cron.forms import Content, Element
from flarelocal.cron.grammar import Contents

__all__ = ["expand"]


def expand(contents: Contents) -> list[frozenset[int]]:
    """The values of each field; all of them for a `*` or a special form."""
    # Importing croniter takes longer than all else a Worker without crons needs to start.
    from croniter import croniter

    text = " ".join(
        _translated(field, content) for field, content in zip(FIELDS, contents, strict=True)
    )
    values, _ = croniter.expand(text)
    return [
        frozenset(range(field.minimum, field.maximum + 1))
        if listed == ["*"]
        else frozenset(value - _shift(field) for value in listed)
        for field, listed in zip(FIELDS, values, strict=True)
    ]


def _shift(field: Field) -> int:
    """What to add for croniter, in which 0 is Sunday."""
    return -1 if field is WEEKDAY else 0


def _translated(field: Field, content: Content) -> str:
    if not isinstance(content, tuple):
        return "*"
    return ",".join(
        _range(first + _shift(field), last + _shift(field), element.step)
        for element in content
        for first, last in _unwrapped(field, element)
    )


def _unwrapped(field: Field, element: Element) -> Iterator[tuple[int, int]]:
    """The ranges that together are the element; croniter loses count of steps at the wrap."""
    if not element.wraps:
        yield element.first, element.last
        return
    yield element.first, field.maximum
    start = field.minimum + (element.first - field.maximum - 1) % element.step
    if start <= element.last:
        yield start, element.last


def _range(first: int, last: int, step: int) -> str:
    # To croniter `a-a` is the whole field, to Cloudflare it is a.
    return f"{first}" if first == last else f"{first}-{last}/{step}"
