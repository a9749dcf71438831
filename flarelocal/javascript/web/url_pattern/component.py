"""One component of a pattern, and what it matches (URL Pattern Standard, 1.5)."""

from __future__ import annotations

import re

from flarelocal.dataclass import dataclass
from flarelocal.javascript.regular_expression import compiled
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.url_pattern.parts import (
    REGEXP,
    Encode,
    Separation,
    expression_of,
    parse_parts,
    text_of,
)
from flarelocal.javascript.web.url_pattern.tokens import PatternError

__all__ = ["SPECIAL_SCHEMES", "Component", "compile_component"]

SPECIAL_SCHEMES = {"ftp": "21", "file": "", "http": "80", "https": "443", "ws": "80", "wss": "443"}
"""The schemes with an authority → their default ports."""


@dataclass(frozen=True, slots=True)
class Component:
    """A compiled component.

    Attributes:
        text: its pattern string.
        names: of its groups, in order.
        has_regexp_groups: whether a group has an expression of its own.
    """

    text: str
    names: tuple[str, ...]
    has_regexp_groups: bool
    pattern: re.Pattern[str]

    def matches(self, text: str) -> bool:
        return self.pattern.search(text) is not None

    def match(self, text: str) -> Value:
        """`{input, groups}`; None where the text does not match."""
        found = self.pattern.search(text)
        if found is None:
            return None
        groups: dict[str, Value] = dict(zip(self.names, found.groups(), strict=False))
        return {"input": text, "groups": groups}

    @property
    def is_special(self) -> bool:
        """Whether this is a protocol that matches a special scheme."""
        return any(map(self.matches, SPECIAL_SCHEMES))


def compile_component(
    text: str, encode: Encode, separation: Separation, *, ignore_case: bool = False
) -> Component:
    """Compile the pattern string of a component.

    Raises:
        PatternError: the text is no pattern.
    """
    parts = parse_parts(text, encode, separation)
    try:
        expression = compiled(expression_of(parts, separation), "vi" if ignore_case else "v")
    except ValueError as refusal:
        raise PatternError(str(refusal)) from refusal
    return Component(
        text_of(parts, separation),
        tuple(part.name for part in parts if part.name),
        any(part.type == REGEXP for part in parts),
        expression.pattern,
    )
