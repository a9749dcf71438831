"""RegExp."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from flarelocal.javascript.attributes import Property
from flarelocal.javascript.errors import dom_exception, syntax_error, type_error
from flarelocal.javascript.host import Getter, HostObject, getter, method, static
from flarelocal.javascript.numbers import to_integer
from flarelocal.javascript.text import to_string
from flarelocal.javascript.units import in_characters, in_units
from flarelocal.javascript.values import Value, null

if TYPE_CHECKING:
    from flarelocal.javascript.regular_expression import Expression

__all__ = ["RegExp"]

_FLAGS: Final = "dgimsuvy"
_SYNTAX: Final = frozenset("^$\\.*+?()[]{}|/")
_PUNCTUATION: Final = frozenset(",-=<>#&!%:;@~'`\"")
_CONTROLS: Final = {"\t": "\\t", "\n": "\\n", "\v": "\\v", "\f": "\\f", "\r": "\\r"}
_LINE_ENDS: Final = {"\n": "\\n", "\r": "\\r", "\u2028": "\\u2028", "\u2029": "\\u2029"}


class RegExp(HostObject, constructible=True):
    """A regular expression, matched by Python's `re` as V8 would."""

    __slots__ = ("_compiled", "_last", "flag_names", "pattern")

    def __init__(self, pattern: Value = None, flags: Value = None) -> None:
        if isinstance(pattern, RegExp):
            given = pattern.flag_names if flags is None else to_string(flags)
            self._begin(pattern.pattern, given)
        else:
            given = "" if flags is None else to_string(flags)
            self._begin("" if pattern is None else to_string(pattern), given)
        self._expression()

    def _begin(self, pattern: str, flags: str) -> None:
        both = "u" in flags and "v" in flags
        if both or len(set(flags)) < len(flags) or not set(flags) <= set(_FLAGS):
            raise syntax_error(f"Invalid flags supplied to RegExp constructor '{flags}'")
        self.pattern = pattern
        self.flag_names = "".join(sorted(flags))
        self._last: Value = 0
        self._compiled: Expression | None = None

    @classmethod
    def of(cls, pattern: str, flags: str) -> RegExp:
        """An expression that is known to be one: compiled when it is used."""
        made = cls.__new__(cls)
        made._begin(pattern, flags)
        return made

    @classmethod
    def call(cls, pattern: Value = None, flags: Value = None) -> RegExp:
        """`RegExp(…)`, without `new`."""
        same = isinstance(pattern, RegExp) and flags is None
        return pattern if same else cls(pattern, flags)

    def _expression(self) -> Expression:
        if self._compiled is None:
            from flarelocal.javascript.regular_expression import Unsupported, compiled

            flags = self.flag_names
            source = self.pattern if self._by_characters else in_units(self.pattern)
            try:
                self._compiled = compiled(source, flags)
            except Unsupported as refusal:
                raise dom_exception(
                    f"flarelocal cannot match {self.to_js_string()}: {refusal}. Write it in another"
                    " way, or use Python's re.",
                    "NotSupportedError",
                ) from None
            except ValueError as refusal:
                raise syntax_error(
                    f"Invalid regular expression: /{self.pattern}/{flags}: {refusal}"
                ) from None
        return self._compiled

    # -- matching

    @property
    def _by_characters(self) -> bool:
        """It matches characters; otherwise units of UTF-16."""
        return "u" in self.flag_names or "v" in self.flag_names

    def _match(self, subject: _Subject) -> re.Match[str] | None:
        sticky = "y" in self.flag_names
        tracked = sticky or "g" in self.flag_names
        start = max(0, to_integer(self._last)) if tracked else 0
        found = None
        if start <= subject.length:
            pattern = self._expression().pattern
            find = pattern.match if sticky else pattern.search
            found = find(subject.text, subject.place(start))
        if tracked:
            self._last = subject.unit(found.end()) if found else 0
        return found

    @method
    def exec(self, text: Value = None) -> Value:
        given = to_string(text)
        subject = _Subject(given, self._by_characters)
        found = self._match(subject)
        return null if found is None else self._array(found, subject, given)

    @method
    def test(self, text: Value = None) -> bool:
        return self._match(_Subject(to_string(text), self._by_characters)) is not None

    def _array(self, found: re.Match[str], subject: _Subject, given: str) -> Value:
        groups = range(found.re.groups + 1)
        made = _MatchArray(_group(found[group]) for group in groups)
        names = self._expression().names
        made.expando = {
            "index": subject.unit(found.start()),
            "input": given,
            "groups": {name: made[group] for name, group in names.items()} or None,
        }
        if "d" in self.flag_names:
            spans = _MatchArray(subject.span(found, group) for group in groups)
            spans.expando = {
                "groups": {name: spans[group] for name, group in names.items()} or None
            }
            made.expando["indices"] = spans
        return made

    # -- what it is

    def own_names(self) -> list[str]:
        return ["lastIndex", *super().own_names()]

    def own_property(self, name: str) -> Property | None:
        if name == "lastIndex":
            return Property(self._last, enumerable=False, configurable=False)
        return super().own_property(name)

    def put_own(self, name: str, value: Value, enumerable: bool = True) -> bool:
        if name != "lastIndex":
            return super().put_own(name, value, enumerable)
        self._last = value
        return True

    @getter
    def source(self) -> str:
        return _readable(self.pattern) or "(?:)"

    @getter
    def flags(self) -> str:
        return self.flag_names

    @getter(name="global")
    def is_global(self) -> bool:
        return "g" in self.flag_names

    @getter
    def ignore_case(self) -> bool:
        return "i" in self.flag_names

    @getter
    def multiline(self) -> bool:
        return "m" in self.flag_names

    @getter
    def dot_all(self) -> bool:
        return "s" in self.flag_names

    @getter
    def unicode(self) -> bool:
        return "u" in self.flag_names

    @getter
    def unicode_sets(self) -> bool:
        return "v" in self.flag_names

    @getter
    def sticky(self) -> bool:
        return "y" in self.flag_names

    @getter
    def has_indices(self) -> bool:
        return "d" in self.flag_names

    def _get_last_index(self) -> Value:
        return self._last

    def _set_last_index(self, index: Value) -> None:
        self._last = index

    last_index = Getter(_get_last_index, _set_last_index)

    def to_js_string(self) -> str:
        return f"/{self.source}/{self.flag_names}"

    @method(name="toString")
    def to_string_method(self) -> str:
        return self.to_js_string()

    @staticmethod
    @static
    def escape(text: Value) -> str:
        if not isinstance(text, str):
            raise type_error("input argument must be a string")
        first = text[:1]
        if first.isascii() and first.isalnum():
            return f"\\x{ord(first):02x}" + "".join(map(_escaped, text[1:]))
        return "".join(map(_escaped, text))


class _MatchArray(list[Value]):
    """An array with further properties."""

    __slots__ = ("expando",)

    expando: dict[str, Value]


class _Subject:
    """A text as it is matched.

    Attributes:
        text: its characters, or its units of UTF-16.
        length: in units.
    """

    __slots__ = ("_starts", "length", "text")

    def __init__(self, text: str, by_characters: bool) -> None:
        self.text = text if by_characters else in_units(text)
        self._starts: list[int] | None = None
        self.length = len(self.text)
        if by_characters and not text.isascii() and max(text) > "\uffff":
            starts = [0]
            for char in text:
                starts.append(starts[-1] + 1 + (char > "\uffff"))
            self._starts = starts
            self.length = starts[-1]

    def unit(self, place: int) -> int:
        """The index of a place of the text, in units."""
        return place if self._starts is None else self._starts[place]

    def place(self, unit: int) -> int:
        """The place in the text of the character that a unit belongs to."""
        return unit if self._starts is None else bisect_right(self._starts, unit) - 1

    def span(self, found: re.Match[str], group: int) -> Value:
        start, end = found.span(group)
        return None if start < 0 else [self.unit(start), self.unit(end)]


def _group(text: str | None) -> str | None:
    return None if text is None else in_characters(text)


def _readable(pattern: str) -> str:
    """The pattern as it can stand between slashes."""
    made: list[str] = []
    in_class = escaping = False
    for char in pattern:
        if char in _LINE_ENDS:
            made.append(_LINE_ENDS[char][escaping:])
        elif char == "/" and not in_class and not escaping:
            made.append("\\/")
        else:
            made.append(char)
        if not escaping and char in "[]":
            in_class = char == "["
        escaping = char == "\\" and not escaping
    return "".join(made)


def _escaped(char: str) -> str:
    if char in _SYNTAX:
        return f"\\{char}"
    if char in _CONTROLS:
        return _CONTROLS[char]
    if char in _PUNCTUATION or char.isspace() or char == "\ufeff" or "\ud800" <= char <= "\udfff":
        code = ord(char)
        return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
    return char
