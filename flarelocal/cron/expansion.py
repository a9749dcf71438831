"""From list elements to the values they mean."""

from __future__ import annotations

from flarelocal.cron.fields import FIELDS, Field
from flarelocal.cron.forms import Content, Element
from flarelocal.cron.grammar import Contents

__all__ = ["expand"]


def expand(contents: Contents) -> list[frozenset[int]]:
    """The values of each field; all of them for a `*` or a special form."""
    return [_values(field, content) for field, content in zip(FIELDS, contents, strict=True)]


def _values(field: Field, content: Content) -> frozenset[int]:
    if not isinstance(content, tuple):
        return frozenset(range(field.minimum, field.maximum + 1))
    return frozenset(value for element in content for value in _meant(field, element))


def _meant(field: Field, element: Element) -> list[int]:
    size = field.maximum - field.minimum + 1
    last = element.last + (size if element.wraps else 0)
    steps = range(element.first, last + 1, element.step)
    return [value if value <= field.maximum else value - size for value in steps]
