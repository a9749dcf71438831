"""Values as the console shows them (Node's `util.inspect`, which the runtime uses)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

from flarelocal.javascript.binary import ArrayBuffer, TypedArray
from flarelocal.javascript.builtins.number import parse_float, parse_int
from flarelocal.javascript.collections import Map, Set
from flarelocal.javascript.date import Date
from flarelocal.javascript.errors import JsError
from flarelocal.javascript.foreign import Foreign
from flarelocal.javascript.function import Constructor
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.numbers import number_to_string, to_number
from flarelocal.javascript.regexp import RegExp
from flarelocal.javascript.text import is_promise, to_string
from flarelocal.javascript.values import BigInt, Boxed, Hole, Symbol, Value, null
from flarelocal.javascript.web.layout import columns, enclosed

__all__ = ["format_message", "inspect"]

_DEPTH = 2
_HIDDEN_DEPTH = 4
_DEEP = 3
_FEW = 6
_LONGEST_LIST = 100
_IDENTIFIER = r"(?a)[A-Za-z_$][\w$]*"
_UNPRINTABLE = "[\x00-\x1f\x7f-\x9f\ud800-\udfff]"
_ESCAPES = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f", "\v": "\\v"}
_DIRECTIVE = re.compile("%[sdifjoOc%]")


def format_message(values: Sequence[Value]) -> str:
    """The text of `console.log(...values)`, with the directives of a first text filled in."""
    if not values:
        return ""
    first, rest = values[0], list(values[1:])
    if not isinstance(first, str):
        return " ".join(_shown(value) for value in values)

    def fill(directive: re.Match[str]) -> str:
        kind = directive[0][1]
        if kind == "%":
            return "%"
        return _filled(kind, rest.pop(0)) if rest else directive[0]

    text = _DIRECTIVE.sub(fill, first) if rest else first
    return " ".join([text, *map(_shown, rest)])


def _filled(directive: str, value: Value) -> str:
    """What a directive shows of a value."""
    if directive == "c":
        return ""
    if directive == "s":
        return _as_text(value)
    if directive == "j":
        from flarelocal.javascript import json

        return json.stringify(value) or "undefined"
    if directive == "o":
        return inspect(value, _HIDDEN_DEPTH, hidden=True)
    if directive == "O":
        return inspect(value)
    if isinstance(value, Symbol):
        return "NaN"
    if isinstance(value, BigInt) and directive in "di":
        return f"{int(value)}n"
    if directive == "d":
        return _number(to_number(value))
    parse = parse_float if directive == "f" else parse_int
    return _number(parse(value))


def _as_text(value: Value) -> str:
    if isinstance(value, BigInt):
        return f"{int(value)}n"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value)
    plain = isinstance(value, dict | list | Date | RegExp | Map | Set | ArrayBuffer)
    if plain or is_promise(value):
        return inspect(value, 0)
    return f"Symbol({value.description})" if isinstance(value, Symbol) else to_string(value)


def _number(value: float) -> str:
    return "-0" if value == 0 and math.copysign(1, value) < 0 else number_to_string(value)


def _shown(value: Value) -> str:
    return value if isinstance(value, str) else inspect(value)


def inspect(value: Value, depth: int = _DEPTH, *, hidden: bool = False) -> str:
    """What the console shows of a value.

    Args:
        depth: objects that are deeper inside are abridged.
        hidden: whether the length of arrays is shown.
    """
    return _Inspector(depth, hidden).show(value, 0)


class _Inspector:
    def __init__(self, depth: int, hidden: bool) -> None:
        self._depth = depth
        self._hidden = hidden
        self._around: list[Value] = []
        self._repeated: list[Value] = []
        self._latest = 0

    def show(self, value: Value, level: int) -> str:
        if isinstance(value, str):
            return _quoted(value)
        if value is None or value is null or isinstance(value, bool):
            return to_string(value)
        if isinstance(value, BigInt):
            return f"{int(value)}n"
        if isinstance(value, int | float):
            return _number(value)
        if isinstance(value, Symbol):
            return f"Symbol({value.description})"
        if isinstance(value, Boxed):
            kind = type(value.value).__name__.capitalize()
            names = {"Str": "String", "Int": "Number", "Float": "Number", "Bool": "Boolean"}
            return f"[{names.get(kind, kind)}: {self.show(value.value, level)}]"
        if isinstance(value, Date):
            return to_string(value) if value.time_ms != value.time_ms else value.to_iso_string()
        if isinstance(value, RegExp):
            return to_string(value)
        if isinstance(value, Constructor):
            return f"[class {value.name}]"
        if isinstance(value, Foreign):
            return value.description()
        if isinstance(value, BaseException):
            return self._error(value, level)
        if is_promise(value):
            return "Promise { <pending> }"
        if callable(value):
            name = getattr(value, "__name__", "")
            return f"[Function: {name}]" if name else "[Function (anonymous)]"
        return self._object(value, level)

    def _error(self, value: BaseException, level: int) -> str:
        text = str(value) if isinstance(value, JsError) else f"{type(value).__name__}: {value}"
        if isinstance(value, JsError) and value.properties:
            return f"{text} {self._members('', value.properties, level)}"
        return text

    def _object(self, value: Value, level: int) -> str:
        if isinstance(value, dict | list) and not value and not self._hidden:
            return "{}" if isinstance(value, dict) else "[]"
        if any(outer is value for outer in self._around):
            return f"[Circular *{self._reference(value)}]"
        name = "Object" if isinstance(value, dict) else getattr(value, "js_name", "Array")
        if level > self._depth:
            return f"[{name}]"
        self._latest = level
        self._around.append(value)
        shown = self._contents(name, value, level)
        self._around.pop()
        if any(repeated is value for repeated in self._repeated):
            return f"<ref *{self._reference(value)}> {shown}"
        return shown

    def _reference(self, value: Value) -> int:
        """The number of an object that contains itself."""
        for number, repeated in enumerate(self._repeated, 1):
            if repeated is value:
                return number
        self._repeated.append(value)
        return len(self._repeated)

    def _contents(self, name: str, value: Value, level: int) -> str:
        if isinstance(value, list):
            return self._list("", value, level)
        if isinstance(value, Map):
            return self._pairs(f"Map({value.size}) ", value, level)
        if isinstance(value, Set):
            members = [self.show(member, level + 1) for member in value.values()]
            return self._enclosed(f"Set({len(members)}) ", members, level)
        if isinstance(value, TypedArray):
            return self._list(f"{name}({value.length}) ", value.iterate(), level)
        if isinstance(value, ArrayBuffer):
            shown = bytes(value.data)[:_LONGEST_LIST].hex(" ")
            rest = value.byte_length - _LONGEST_LIST
            more = f" ... {rest} more byte{'s' if rest > 1 else ''}" if rest > 0 else ""
            parts = [f"[Uint8Contents]: <{shown}{more}>", f"byteLength: {value.byte_length}"]
            return self._enclosed("ArrayBuffer ", parts, level)
        if isinstance(value, dict):
            return self._members("", value, level)
        return self._host(name, value, level)

    def _enclosed(self, prefix: str, parts: list[str], level: int) -> str:
        return enclosed(prefix, "{", parts, "}", 2 * level, deep=self._latest - level >= _DEEP)

    def _list(self, prefix: str, members: Iterable[Value], level: int) -> str:
        listed = list(members)
        parts = [
            "<1 empty item>" if isinstance(member, Hole) else self.show(member, level + 1)
            for member in listed[:_LONGEST_LIST]
        ]
        rest = len(listed) - _LONGEST_LIST
        if rest > 0:
            parts.append(f"... {rest} more item{'s' if rest > 1 else ''}")
        if self._hidden:
            parts.append(f"[length]: {len(listed)}")
        deep = self._latest - level >= _DEEP
        if len(parts) > _FEW:
            numbers = all(isinstance(member, int | float) for member in listed) and not any(
                isinstance(member, bool) for member in listed
            )
            lines = columns(parts, 2 * level, numbers=numbers, more=rest > 0)
            deep = deep or lines is not parts
            parts = lines
        return enclosed(prefix, "[", parts, "]", 2 * level, deep=deep)

    def _members(self, prefix: str, properties: dict[str, Value], level: int) -> str:
        parts = [
            f"{name if re.fullmatch(_IDENTIFIER, name) else _quoted(name)}:"
            f" {self.show(member, level + 1)}"
            for name, member in sorted(properties.items(), key=_place_of_key)
        ]
        return self._enclosed(prefix, parts, level)

    def _pairs(self, prefix: str, value: HostObject, level: int) -> str:
        parts = [
            f"{self.show(key, level + 1)} => {self.show(member, level + 1)}"
            for key, member in value.iterate()
        ]
        if hasattr(value, "immutable"):
            parts.append(f"[immutable]: {self.show(value.immutable, level)}")
        return self._enclosed(prefix, parts, level)

    def _host(self, name: str, value: HostObject, level: int) -> str:
        if "entries" in value.members:
            return self._pairs(f"{name}({len(list(value.iterate()))}) ", value, level)
        shown = {
            member.name: member.function(value)
            for member in value.members.values()
            if member.kind == "getter"
        }
        prefix = f"{name} " if name != "Object" else f"{name} [{to_string(value)[8:-1]}] "
        return self._members(prefix, shown | getattr(value, "expando", {}), level)


def _place_of_key(item: tuple[str, Value]) -> tuple[bool, int]:
    """Keys that are indices come first, in their order; the others stay as they were added."""
    name = item[0]
    is_index = name.isascii() and name.isdigit() and str(int(name)) == name
    return (False, int(name)) if is_index else (True, 0)


def _quoted(text: str) -> str:
    quote = "'" if "'" not in text else '"' if '"' not in text else "`" if "`" not in text else "'"
    escaped = re.sub(_UNPRINTABLE, _escape, text.replace("\\", "\\\\"))
    return f"{quote}{escaped.replace(quote, chr(92) + quote)}{quote}"


def _escape(found: re.Match[str]) -> str:
    char = found[0]
    code = ord(char)
    return _ESCAPES.get(char) or (f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}")
