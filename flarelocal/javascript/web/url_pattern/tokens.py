"""The tokens of a pattern string (URL Pattern Standard, 2.1)."""

from __future__ import annotations

from enum import Enum, auto

from flarelocal.dataclass import dataclass

__all__ = ["PatternError", "Token", "TokenType", "is_name_character", "tokenize"]


class PatternError(ValueError):
    """A text is no pattern, or no component of a URL."""


class TokenType(Enum):
    OPEN = auto()
    CLOSE = auto()
    REGEXP = auto()
    NAME = auto()
    CHAR = auto()
    ESCAPED_CHAR = auto()
    OTHER_MODIFIER = auto()
    ASTERISK = auto()
    END = auto()
    INVALID_CHAR = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """One token.

    Attributes:
        index: of its first character in the pattern.
        value: what it says, without the characters that mark it.
    """

    type: TokenType
    index: int
    value: str


_SINGLE = {
    "*": TokenType.ASTERISK,
    "+": TokenType.OTHER_MODIFIER,
    "?": TokenType.OTHER_MODIFIER,
    "{": TokenType.OPEN,
    "}": TokenType.CLOSE,
}


def is_name_character(char: str, *, first: bool = False) -> bool:
    """Whether the name of a group may have this character."""
    if first:
        return char in "$_" or char.isidentifier()
    return char in "$\u200c\u200d" or f"_{char}".isidentifier()


def tokenize(text: str, *, lenient: bool = False) -> list[Token]:
    """The tokens of a pattern, with one of the type `END` at last.

    Args:
        lenient: what cannot be read becomes tokens of the type `INVALID_CHAR`.

    Raises:
        PatternError: something cannot be read.
    """
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        try:
            token, end = _token(text, at)
        except PatternError:
            if not lenient:
                raise
            # What was opened counts as one character; what follows is read as if it were not.
            token, end = Token(TokenType.INVALID_CHAR, at, text[at]), at + 1
        tokens.append(token)
        at = end
    return [*tokens, Token(TokenType.END, at, "")]


def _token(text: str, at: int) -> tuple[Token, int]:
    """The token at a place, and where the next one begins."""
    char = text[at]
    if char in _SINGLE:
        return Token(_SINGLE[char], at, char), at + 1
    if char == "\\":
        if at + 1 == len(text):
            raise PatternError("a backslash ends the pattern")
        return Token(TokenType.ESCAPED_CHAR, at, text[at + 1]), at + 2
    if char == ":":
        end = at + 1
        while end < len(text) and is_name_character(text[end], first=end == at + 1):
            end += 1
        if end == at + 1:
            raise PatternError("a group has no name")
        return Token(TokenType.NAME, at, text[at + 1 : end]), end
    if char == "(":
        end = _end_of_regexp(text, at + 1)
        return Token(TokenType.REGEXP, at, text[at + 1 : end - 1]), end
    return Token(TokenType.CHAR, at, char), at + 1


def _end_of_regexp(text: str, start: int) -> int:
    """Where the regular expression ends that began at a place, its parenthesis included."""
    depth = 1
    at = start
    while at < len(text):
        char = text[at]
        if not char.isascii() or (at == start and char == "?"):
            break
        if char == "\\":
            if not text[at + 1 : at + 2].isascii() or at + 1 == len(text):
                break
            at += 2
            continue
        at += 1
        if char == ")":
            depth -= 1
            if depth == 0:
                if at - start == 1:
                    break
                return at
        elif char == "(":
            depth += 1
            if text[at : at + 1] != "?":
                break
    raise PatternError("a regular expression is not valid")
