"""What V8 says of a text that is no JSON."""

from __future__ import annotations

import re
from typing import Final

from flarelocal.javascript.errors import JsError, syntax_error

__all__ = ["explain"]

_CONTEXT: Final = 10
_NEVER_JSON: Final = frozenset({"undefined", "NaN", "Infinity", "[object Object]"})
_BLANK: Final = re.compile(r"[ \t\n\r]*")
_DIGITS: Final = re.compile(r"[0-9]*")
_HEX: Final = re.compile(r"[0-9a-fA-F]{0,4}")


def explain(text: str) -> JsError:
    """The SyntaxError that `JSON.parse` throws for a text that is no JSON."""
    try:
        _Scanner(text).document()
    except _Found as found:
        return syntax_error(str(found))
    return syntax_error("Unexpected end of JSON input")


class _Found(Exception):
    """The scanner has come to the error."""


class _Scanner:
    """Walks through a text as V8's parser does, without building anything."""

    def __init__(self, text: str) -> None:
        # In UTF-16 code units, which is how V8 counts.
        units = text.encode("utf-16-le", "surrogatepass")
        self._text = "".join(
            chr(int.from_bytes(units[i : i + 2], "little")) for i in range(0, len(units), 2)
        )
        self._at = 0

    def document(self) -> None:
        self._values()
        self._blank()
        if self._peek():
            raise self._at_position("Unexpected non-whitespace character after JSON")

    def _values(self) -> None:
        """One value; a stack in place of recursion, for any depth."""
        stack: list[str] = []
        while True:
            self._blank()
            opened = self._peek()
            if opened in ("{", "["):
                self._at += 1
                self._blank()
                closing = "}" if opened == "{" else "]"
                if self._peek() != closing:
                    if opened == "{":
                        self._key("Expected property name or '}'")
                    stack.append(closing)
                    continue
                self._at += 1
            else:
                self._scalar()
            while stack and self._closes(stack[-1]):
                stack.pop()
            if not stack:
                return

    def _closes(self, closing: str) -> bool:
        self._blank()
        next_one = self._peek()
        if next_one == closing:
            self._at += 1
            return True
        if next_one != ",":
            what = "property value" if closing == "}" else "array element"
            raise self._at_position(f"Expected ',' or '{closing}' after {what}")
        self._at += 1
        if closing == "}":
            self._blank()
            # Only of the first property V8 says that a colon is missing.
            self._key("Expected double-quoted property name", None)
        return False

    def _key(self, no_name: str, no_colon: str | None = "Expected ':' after property name") -> None:
        if self._peek() != '"':
            raise self._at_position(no_name)
        self._string()
        self._blank()
        if self._peek() != ":":
            raise self._at_position(no_colon) if no_colon else self._unexpected()
        self._at += 1

    def _scalar(self) -> None:
        first = self._peek()
        if first == '"':
            self._string()
        elif first == "-" or "0" <= first <= "9":
            self._number()
        elif first and first in "tfn":
            self._word({"t": "true", "f": "false", "n": "null"}[first])
        else:
            raise self._unexpected()

    def _word(self, word: str) -> None:
        for letter in word:
            if self._peek() != letter:
                raise self._unexpected()
            self._at += 1

    def _number(self) -> None:
        if self._peek() == "-":
            self._at += 1
            if not self._peek().isdecimal():
                raise self._at_position("No number after minus sign")
        if self._peek() == "0":
            self._at += 1
            if self._digits():
                self._at -= 1
                raise self._at_position("Unexpected number")
        else:
            self._digits()
        if self._peek() == ".":
            self._at += 1
            if not self._digits():
                raise self._at_position("Unterminated fractional number")
        if self._peek() and self._peek() in "eE":
            self._at += 1
            if self._peek() and self._peek() in "+-":
                self._at += 1
            if not self._digits():
                raise self._at_position("Exponent part is missing a number")

    def _string(self) -> None:
        self._at += 1
        while (letter := self._peek()) != '"':
            if not letter:
                raise self._at_position("Unterminated string")
            if letter < " ":
                raise self._at_position("Bad control character in string literal")
            self._at += 1
            if letter == "\\":
                self._escape()
        self._at += 1

    def _escape(self) -> None:
        letter = self._peek()
        if not letter:
            raise self._unexpected()
        if letter not in '"\\/bfnrtu':
            raise self._at_position("Bad escaped character")
        self._at += 1
        if letter == "u":
            digits = _HEX.match(self._text, self._at)
            self._at = digits.end() if digits else self._at
            if not digits or len(digits[0]) < 4:
                raise self._at_position("Bad Unicode escape")

    def _digits(self) -> bool:
        start = self._at
        found = _DIGITS.match(self._text, start)
        self._at = found.end() if found else start
        return self._at > start

    def _blank(self) -> None:
        found = _BLANK.match(self._text, self._at)
        self._at = found.end() if found else self._at

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _at_position(self, what: str) -> _Found:
        line = self._text.count("\n", 0, self._at) + 1
        column = self._at - (self._text.rfind("\n", 0, self._at) + 1) + 1
        where = f"at position {self._at} (line {line} column {column})"
        joint = " " if what.endswith("after JSON") else " in JSON "
        return _Found(what + joint + where)

    def _unexpected(self) -> _Found:
        text, at = self._text, self._at
        if text in _NEVER_JSON:
            return _Found(f'"{text}" is not valid JSON')
        if at >= len(text):
            return _Found("Unexpected end of JSON input")
        token = text[at]
        if token == '"':
            return self._at_position("Unexpected string")
        if token in "-0123456789":
            return self._at_position("Unexpected number")
        excerpt = f'"{_from_units(text)}"'
        if len(text) > 2 * _CONTEXT:
            excerpt = f'"{_from_units(text[max(0, at - _CONTEXT) : at + _CONTEXT])}"'
            if at >= _CONTEXT:
                excerpt = "..." + excerpt
            if at < len(text) - _CONTEXT:
                excerpt += "..."
        return _Found(f"Unexpected token '{token}', {excerpt} is not valid JSON")


def _from_units(text: str) -> str:
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
