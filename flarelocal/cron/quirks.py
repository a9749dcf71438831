"""Where Cloudflare's open-source parser computes other times than the expression says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flarelocal.cron.fields import FIELDS, Field
from flarelocal.cron.forms import Element
from flarelocal.cron.grammar import Contents
from flarelocal.dataclass import dataclass

__all__ = ["Quirk", "quirks"]


@dataclass(frozen=True, slots=True)
class Quirk:
    """A range that wraps around, for which cloudflare/saffron takes a value more or less.

    Attributes:
        extra: whether that parser fires at `value` although it should not; else it should.
    """

    field: Field
    element: Element
    value: int
    extra: bool

    def __str__(self) -> str:
        text, value = self.element.text, self.field.label(self.value)
        if self.extra:
            return (
                f"`{text}` wraps around: Cloudflare's open-source parser also takes in {value}, "
                f"flarelocal does not: write `{self._in_two_parts()}`"
            )
        return (
            f"`{text}` wraps around: Cloudflare's open-source parser leaves out {value}, "
            f"flarelocal does not: write the values one by one"
        )

    def _in_two_parts(self) -> str:
        field, element = self.field, self.element
        parts = (element.first, field.maximum), (field.minimum, element.last)
        return ",".join(
            field.label(first) if first == last else f"{field.label(first)}-{field.label(last)}"
            for first, last in parts
        )


def quirks(contents: Contents, values: Sequence[frozenset[int]]) -> list[Quirk]:
    """The quirks of an expression.

    Args:
        values: the right values of each field.
    """
    return [
        quirk
        for field, content, right in zip(FIELDS, contents, values, strict=True)
        if isinstance(content, tuple)
        for quirk in (*_extra(field, content, right), *_missing(field, content))
    ]


def _extra(field: Field, content: tuple[Element, ...], right: frozenset[int]) -> Iterator[Quirk]:
    """A plain range that wraps takes in the value before its start."""
    for element in content:
        if element.wraps and element.step == 1 and element.first - 1 not in right:
            yield Quirk(field, element, element.first - 1, extra=True)


def _missing(field: Field, content: tuple[Element, ...]) -> Iterator[Quirk]:
    """A range with a step that wraps, in a field that begins at 1, lacks the 1."""
    holders = [element for element in content if _holds_minimum(field, element)]
    stepped = [element for element in holders if element.wraps and element.step > 1]
    if field.minimum == 1 and holders and holders == stepped:
        yield Quirk(field, holders[0], field.minimum, extra=False)


def _holds_minimum(field: Field, element: Element) -> bool:
    if element.first == field.minimum:
        return True
    return element.wraps and (field.maximum + 1 - element.first) % element.step == 0
