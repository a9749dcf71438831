"""TOML, read by the standard library, with the place of every key and value beside it."""

from __future__ import annotations

import re
import tomllib

from flarelocal.config.tree import Keys, Spot, SyntaxFault, Tree

__all__ = ["parse"]

_TRIVIA = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_KEY = re.compile(r"""[ \t]*("(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+)[ \t]*(\.?)""")
_STRING = re.compile(
    r"""
      \"{3} (?: [^\\] | \\. )*? \"{3,5}
    | '{3} .*? '{3,5}
    | "(?: [^"\\] | \\. )*"
    | '[^']*'
    """,
    re.DOTALL | re.VERBOSE,
)
_PLAIN = re.compile(r"[^\n,\]}#]*")
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def parse(text: str) -> Tree:
    """Parse a whole file.

    Raises:
        SyntaxFault: the text is not TOML 1.0.
    """
    try:
        value = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        offset = len(text)
        if place and place[1]:
            starts = [0, *(match.end() for match in re.finditer("\n", text))]
            offset = starts[int(place[1]) - 1] + int(place[2]) - 1
        message = _PLACE.sub("", str(error))
        raise SyntaxFault(message, "correct the TOML here", offset) from None
    except RecursionError:
        raise SyntaxFault("The file is nested too deeply", "flatten it", 0) from None
    return Tree(value, _Places(text).spots)


class _Places:
    """Walks over a text that is known to be TOML and notes where things are."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._tables: dict[Keys, int] = {}
        self.spots: dict[Keys, Spot] = {(): Spot(0, 0)}
        table: Keys = ()
        while self._skip() < len(text):
            if text.startswith("[[", self._at):
                table = self._header(2)
            elif text[self._at] == "[":
                table = self._header(1)
            else:
                self._pair(table)

    def _skip(self) -> int:
        match = _TRIVIA.match(self._text, self._at)
        self._at = match.end() if match else self._at
        return self._at

    def _header(self, brackets: int) -> Keys:
        offset = self._at
        self._at += brackets
        table: Keys = ()
        names = self._keys()
        for position, (name, _) in enumerate(names):
            table = (*table, name)
            self.spots.setdefault(table, Spot(offset, offset))
            if brackets == 2 and position == len(names) - 1:
                self._tables[table] = self._tables.get(table, -1) + 1
            if table in self._tables:
                table = (*table, self._tables[table])
        self.spots[table] = Spot(offset, offset)
        self._at += brackets
        return table

    def _keys(self) -> list[tuple[str, int]]:
        keys: list[tuple[str, int]] = []
        more = True
        while more and (match := _KEY.match(self._text, self._at)):
            name = match[1]
            if name[0] in "\"'":
                name = tomllib.loads(f"key = {name}")["key"]
            keys.append((name, match.start(1)))
            more = bool(match[2])
            self._at = match.end()
        return keys

    def _pair(self, table: Keys) -> None:
        keys = table
        offset = self._at
        for name, offset in self._keys():
            keys = (*keys, name)
            self.spots.setdefault(keys, Spot(offset, offset))
        self._at += 1
        self._value(keys, offset)

    def _value(self, keys: Keys, key_offset: int | None) -> None:
        offset = self._skip()
        self.spots[keys] = Spot(offset if key_offset is None else key_offset, offset)
        if self._text[offset] == "[":
            self._list(keys)
        elif self._text[offset] == "{":
            self._inline_table(keys)
        else:
            match = _STRING.match(self._text, offset) or _PLAIN.match(self._text, offset)
            self._at = match.end() if match else len(self._text)

    def _list(self, keys: Keys) -> None:
        self._at += 1
        index = 0
        while self._text[self._skip()] != "]":
            self._value((*keys, index), None)
            index += 1
            if self._text[self._skip()] == ",":
                self._at += 1
        self._at += 1

    def _inline_table(self, keys: Keys) -> None:
        self._at += 1
        while self._text[self._skip()] != "}":
            self._pair(keys)
            if self._text[self._skip()] == ",":
                self._at += 1
        self._at += 1
