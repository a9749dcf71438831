"""JSON with comments and trailing commas, as wrangler reads it, with the place of every value."""

from __future__ import annotations

import json
import re
from typing import NoReturn

from flarelocal.config.tree import Json, Keys, Spot, SyntaxFault, Tree

__all__ = ["parse"]

_TRIVIA = re.compile(r"(?:[ \t\r\n]+|//[^\r\n]*|/\*.*?\*/)*", re.DOTALL)
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"')
_WORD = re.compile(r"[^\s,:\[\]{}\"'/]+")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_LITERALS: dict[str, Json] = {"true": True, "false": False, "null": None}


def parse(text: str) -> Tree:
    """Parse a whole file.

    Raises:
        SyntaxFault: the text is not JSONC; a duplicate key is no fault.
    """
    return _Parser(text).document()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._spots: dict[Keys, Spot] = {}
        self._repeated: list[Keys] = []

    def document(self) -> Tree:
        if self._next() == "":
            self._fail("The file is empty", 'write at least {"name": "…", "main": "…"}')
        try:
            value = self._value((), None)
        except RecursionError:
            self._fail("The file is nested too deeply", "flatten it")
        if self._next():
            self._fail(
                f"Expected the end of the file but found {self._found()}",
                "remove what follows the outermost bracket",
            )
        return Tree(value, self._spots, tuple(self._repeated))

    def _value(self, keys: Keys, key_offset: int | None) -> Json:
        start = self._next()
        offset = self._at
        self._spots[keys] = Spot(offset if key_offset is None else key_offset, offset)
        if start == "{":
            return self._object(keys)
        if start == "[":
            return self._array(keys)
        return self._string() if start == '"' else self._scalar()

    def _object(self, keys: Keys) -> Json:
        opened = self._at
        self._at += 1
        members: dict[str, Json] = {}
        while self._next() != "}":
            offset = self._at
            if self._next() != '"':
                self._expected("a key in double quotes", opened, "write keys in double quotes")
            key = self._string()
            if self._next() != ":":
                self._expected('":"', opened, f'write a colon after "{key}"')
            self._at += 1
            if key in members:
                self._repeated.append((*keys, key))
            members[key] = self._value((*keys, key), offset)
            self._comma("}", opened)
        self._at += 1
        return members

    def _array(self, keys: Keys) -> Json:
        opened = self._at
        self._at += 1
        elements: list[Json] = []
        while self._next() != "]":
            elements.append(self._value((*keys, len(elements)), None))
            self._comma("]", opened)
        self._at += 1
        return elements

    def _comma(self, closing: str, opened: int) -> None:
        after = self._next()
        if after == ",":
            self._at += 1
        elif after != closing:
            self._expected(f'"," or "{closing}"', opened, "put a comma before it")

    def _string(self) -> str:
        match = _STRING.match(self._text, self._at)
        if match is None:
            self._fail("This string has no end on its line", "close it with a double quote")
        try:
            value: str = json.loads(match.group())
        except json.JSONDecodeError as error:
            self._at += error.pos
            self._fail("This escape sequence is not JSON's", r"write a backslash as \\")
        self._at = match.end()
        return value

    def _scalar(self) -> Json:
        match = _WORD.match(self._text, self._at)
        word = match.group() if match else ""
        if word in _LITERALS:
            self._at += len(word)
            return _LITERALS[word]
        if not _NUMBER.fullmatch(word):
            self._expected(
                "a value", None, "write a string, a number, true, false, null, […] or {…}"
            )
        try:
            number: int | float = json.loads(word)
        except ValueError:
            self._fail("This number has too many digits", "write a smaller one")
        self._at += len(word)
        return number

    def _next(self) -> str:
        """The first character of the next token, or "" at the end."""
        match = _TRIVIA.match(self._text, self._at)
        self._at = match.end() if match else self._at
        if self._text.startswith("/*", self._at):
            self._fail("This comment has no end", "close it with */")
        return self._text[self._at : self._at + 1]

    def _found(self) -> str:
        match = _STRING.match(self._text, self._at) or _WORD.match(self._text, self._at)
        return match.group() if match else self._text[self._at : self._at + 1]

    def _expected(self, what: str, opened: int | None, fix: str) -> NoReturn:
        if self._at < len(self._text):
            if self._text[self._at] == "'":
                fix = "write strings in double quotes"
            self._fail(f"Expected {what} but found {self._found()}", fix)
        if opened is None:
            self._fail(f"Expected {what} but found the end of the file", fix)
        line = self._text.count("\n", 0, opened) + 1
        self._fail(
            f"Expected {what} but found the end of the file",
            f'close the "{self._text[opened]}" of line {line}',
        )

    def _fail(self, message: str, fix: str) -> NoReturn:
        raise SyntaxFault(message, fix, self._at)
