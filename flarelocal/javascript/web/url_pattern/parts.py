"""What a pattern string consists of (URL Pattern Standard, 2.2 and 2.3)."""

from __future__ import annotations

import re
from collections.abc import Callable

from flarelocal.dataclass import dataclass
from flarelocal.javascript.web.url_pattern.tokens import (
    PatternError,
    Token,
    TokenType,
    is_name_character,
    tokenize,
)

__all__ = [
    "FIXED",
    "FULL_WILDCARD",
    "HOSTNAME",
    "PATHNAME",
    "PLAIN",
    "REGEXP",
    "SEGMENT_WILDCARD",
    "Encode",
    "Part",
    "Separation",
    "escape_pattern",
    "expression_of",
    "parse_parts",
    "text_of",
]

FIXED, REGEXP, SEGMENT_WILDCARD, FULL_WILDCARD = range(4)
"""What a part matches: a text, what an expression says, a segment or anything."""

_ANYTHING = ".*"

Encode = Callable[[str], str]
"""Writes a text as the component of a URL has it; raises PatternError."""


@dataclass(frozen=True, slots=True)
class Separation:
    """How a component is divided into segments.

    Attributes:
        delimiter: between two segments.
        prefix: what belongs to the group that follows it.
    """

    delimiter: str = ""
    prefix: str = ""

    @property
    def segment(self) -> str:
        """The regular expression of one segment."""
        return f"[^{_escape_regexp(self.delimiter)}]+?"


PLAIN = Separation()
HOSTNAME = Separation(".")
PATHNAME = Separation("/", "/")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a pattern.

    Attributes:
        value: the text, or the regular expression.
        modifier: "", `?`, `*` or `+`.
        name: of the group; numbers for those that have none.
    """

    type: int
    value: str
    modifier: str
    name: str = ""
    prefix: str = ""
    suffix: str = ""


def parse_parts(text: str, encode: Encode, separation: Separation) -> list[Part]:
    """The parts of a pattern string.

    Raises:
        PatternError: the text is no pattern.
    """
    return _Parser(tokenize(text), encode, separation).parse()


class _Parser:
    def __init__(self, tokens: list[Token], encode: Encode, separation: Separation) -> None:
        self._tokens = tokens
        self._at = 0
        self._encode = encode
        self._separation = separation
        self._parts: list[Part] = []
        self._pending = ""
        self._next_name = 0

    def parse(self) -> list[Part]:
        while self._at < len(self._tokens):
            char = self._consume(TokenType.CHAR)
            name = self._consume(TokenType.NAME)
            expression = self._expression(name)
            if name or expression:
                prefix = char.value if char else ""
                if prefix != self._separation.prefix:
                    self._pending += prefix
                    prefix = ""
                self._flush()
                self._add(prefix, name, expression, "", self._modifier())
            elif fixed := char or self._consume(TokenType.ESCAPED_CHAR):
                self._pending += fixed.value
            elif self._consume(TokenType.OPEN):
                prefix = self._text()
                name = self._consume(TokenType.NAME)
                expression = self._expression(name)
                suffix = self._text()
                self._require(TokenType.CLOSE)
                self._add(prefix, name, expression, suffix, self._modifier())
            else:
                self._flush()
                self._require(TokenType.END)
        return self._parts

    def _consume(self, kind: TokenType) -> Token | None:
        token = self._tokens[self._at]
        if token.type is not kind:
            return None
        self._at += 1
        return token

    def _require(self, kind: TokenType) -> None:
        if self._consume(kind) is None:
            raise PatternError(f"expected {kind.name} at {self._tokens[self._at].index}")

    def _expression(self, name: Token | None) -> Token | None:
        found = self._consume(TokenType.REGEXP)
        return found if found or name else self._consume(TokenType.ASTERISK)

    def _modifier(self) -> str:
        token = self._consume(TokenType.OTHER_MODIFIER) or self._consume(TokenType.ASTERISK)
        return token.value if token else ""

    def _text(self) -> str:
        text = ""
        while token := self._consume(TokenType.CHAR) or self._consume(TokenType.ESCAPED_CHAR):
            text += token.value
        return text

    def _flush(self) -> None:
        if self._pending:
            self._parts.append(Part(FIXED, self._encode(self._pending), ""))
            self._pending = ""

    def _add(
        self,
        prefix: str,
        name: Token | None,
        expression: Token | None,
        suffix: str,
        modifier: str,
    ) -> None:
        if not (name or expression or modifier):
            self._pending += prefix
            return
        self._flush()
        if not (name or expression):
            if prefix:
                self._parts.append(Part(FIXED, self._encode(prefix), modifier))
            return
        kind, value = self._matching(expression)
        if name:
            called = name.value
        else:
            called = str(self._next_name)
            self._next_name += 1
        if any(part.name == called for part in self._parts):
            raise PatternError(f"two groups are named {called}")
        before, after = self._encode(prefix), self._encode(suffix)
        self._parts.append(Part(kind, value, modifier, called, before, after))

    def _matching(self, expression: Token | None) -> tuple[int, str]:
        if expression is None or expression.value == self._separation.segment:
            return SEGMENT_WILDCARD, ""
        if expression.type is TokenType.ASTERISK or expression.value == _ANYTHING:
            return FULL_WILDCARD, ""
        return REGEXP, expression.value


def expression_of(parts: list[Part], separation: Separation) -> str:
    """The regular expression of JavaScript that matches what the parts match."""
    return f"^{''.join(_expression(part, separation) for part in parts)}$"


def _expression(part: Part, separation: Separation) -> str:
    repeated = part.modifier in ("*", "+") and part.modifier
    if part.type == FIXED:
        text = _escape_regexp(part.value)
        return f"(?:{text}){part.modifier}" if part.modifier else text
    value = {SEGMENT_WILDCARD: separation.segment, FULL_WILDCARD: _ANYTHING}.get(
        part.type, part.value
    )
    if not (part.prefix or part.suffix):
        return f"((?:{value}){part.modifier})" if repeated else f"({value}){part.modifier}"
    prefix, suffix = _escape_regexp(part.prefix), _escape_regexp(part.suffix)
    if not repeated:
        return f"(?:{prefix}({value}){suffix}){part.modifier}"
    several = f"(?:{prefix}((?:{value})(?:{suffix}{prefix}(?:{value}))*){suffix})"
    return several + ("?" if part.modifier == "*" else "")


def text_of(parts: list[Part], separation: Separation) -> str:
    """The pattern string of the parts, as short as the standard has it."""
    around = [None, *parts, None]
    return "".join(
        _text(part, before, after, separation)
        for before, part, after in zip(around, parts, around[2:], strict=False)
    )


def _text(part: Part, before: Part | None, after: Part | None, separation: Separation) -> str:
    if part.type == FIXED:
        text = escape_pattern(part.value)
        return f"{{{text}}}{part.modifier}" if part.modifier else text
    named = not _is_digit(part.name[0])
    grouped = _needs_grouping(part, before, after, separation)
    text = escape_pattern(part.prefix) + (f":{part.name}" if named else "")
    if part.type == REGEXP:
        text += f"({part.value})"
    elif part.type == SEGMENT_WILDCARD:
        text += "" if named else f"({separation.segment})"
        if named and part.suffix and is_name_character(part.suffix[0]):
            text += "\\"
    else:
        alone = before is None or before.type == FIXED or before.modifier or grouped or part.prefix
        text += "*" if alone and not named else f"({_ANYTHING})"
    text += escape_pattern(part.suffix)
    return (f"{{{text}}}" if grouped else text) + part.modifier


def _needs_grouping(
    part: Part, before: Part | None, after: Part | None, separation: Separation
) -> bool:
    if part.suffix or part.prefix not in ("", separation.prefix):
        return True
    bare = part.type == SEGMENT_WILDCARD and not part.modifier and not _is_digit(part.name[0])
    if bare and after and not (after.prefix or after.suffix):
        fixed = after.type == FIXED
        first = (after.value if fixed else after.name)[:1]
        continues = first and (is_name_character(first) if fixed else _is_digit(first))
        if continues:
            return True
    return (
        not part.prefix
        and before is not None
        and before.type == FIXED
        and before.value[-1:] == separation.prefix != ""
    )


def _is_digit(char: str) -> bool:
    return char.isascii() and char.isdigit()


def escape_pattern(text: str) -> str:
    """The pattern string that matches just this text."""
    return re.sub(r"[+*?:{}()\\]", r"\\\g<0>", text)


def _escape_regexp(text: str) -> str:
    return re.sub(r"[.+*?^${}()\[\]|/\\]", r"\\\g<0>", text)
