"""String."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable
from typing import Any, Final, Literal

from flarelocal.javascript import string_matching
from flarelocal.javascript.errors import range_error, type_error
from flarelocal.javascript.function import Builtin
from flarelocal.javascript.host import getter, method, static
from flarelocal.javascript.numbers import to_integer, to_number, to_place
from flarelocal.javascript.properties import own_properties
from flarelocal.javascript.regexp import RegExp
from flarelocal.javascript.text import to_string
from flarelocal.javascript.units import in_characters, in_units
from flarelocal.javascript.values import Boxed, Symbol, Value, null

__all__ = ["String"]

_SPACE = "\t\n\v\f\r \xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_LONGEST = 2**29 - 24
_FORMS: Final[dict[str, Literal["NFC", "NFD", "NFKC", "NFKD"]]] = {
    "NFC": "NFC",
    "NFD": "NFD",
    "NFKC": "NFKC",
    "NFKD": "NFKD",
}
_TAGS = {
    "anchor": ("a", "name"),
    "big": ("big", ""),
    "blink": ("blink", ""),
    "bold": ("b", ""),
    "fixed": ("tt", ""),
    "fontcolor": ("font", "color"),
    "fontsize": ("font", "size"),
    "italics": ("i", ""),
    "link": ("a", "href"),
    "small": ("small", ""),
    "strike": ("strike", ""),
    "sub": ("sub", ""),
    "sup": ("sup", ""),
}
"""Method → the element of HTML, and the attribute, that it makes of a text."""


def _text(value: Value, name: str) -> str:
    if value is None or value is null:
        raise type_error(f"String.prototype.{name} called on null or undefined")
    return to_string(value)


def _units(value: Value, name: str) -> str:
    return in_units(_text(value, name))


def _place(value: Value, length: int, default: int = 0) -> int:
    """A place of the text, from its end if negative."""
    if value is None:
        return default
    at = to_place(value)
    return max(0, length + at) if at < 0 else min(at, length)


def _clamped(value: Value, length: int, default: int = 0) -> int:
    return default if value is None else max(0, min(to_place(value), length))


def _no_expression(value: Value, name: str) -> str:
    if isinstance(value, RegExp):
        raise type_error(
            f"First argument to String.prototype.{name} must not be a regular expression"
        )
    return in_units(to_string(value))


def _padding(units: str, length: Value, fill: Value) -> str:
    missing = to_place(length) - len(units)
    unit = " " if fill is None else in_units(to_string(fill))
    if missing <= 0 or not unit:
        return ""
    if len(units) + missing > _LONGEST:
        raise range_error("Invalid string length")
    return (unit * (missing // len(unit) + 1))[:missing]


def _collated(text: str) -> tuple[str, str, str]:
    """By letters first, then by their accents, then by their case."""
    plain = unicodedata.normalize("NFD", text)
    base = "".join(char for char in plain if not unicodedata.combining(char))
    return base.casefold(), plain.casefold(), text.swapcase()


def _markup(name: str, tag: str, attribute: str) -> Callable[..., Value]:
    @method(name=name)
    def make(self: Any, value: Value = None) -> str:
        given = to_string(value).replace('"', "&quot;")
        shown = f' {attribute}="{given}"' if attribute else ""
        return f"<{tag}{shown}>{_text(self, name)}</{tag}>"

    return make


class String(Builtin):
    """Texts; Python code uses the methods of `str` on them."""

    __slots__ = ()

    @classmethod
    def construct(cls, *arguments: Value) -> Value:
        return Boxed(to_string(arguments[0]) if arguments else "")

    @classmethod
    def call(cls, *arguments: Value) -> Value:
        if not arguments:
            return ""
        value = arguments[0]
        return f"Symbol({value.description})" if isinstance(value, Symbol) else to_string(value)

    @staticmethod
    @static
    def from_char_code(*codes: Value) -> str:
        units = b"".join((to_integer(code) & 0xFFFF).to_bytes(2, "big") for code in codes)
        return units.decode("utf-16-be", "surrogatepass")

    @staticmethod
    @static
    def from_code_point(*points: Value) -> str:
        made = ""
        for point in points:
            number = to_number(point)
            if not (math.isfinite(number) and number == int(number) and 0 <= number <= 0x10FFFF):
                raise range_error(f"Invalid code point {to_string(point)}")
            made += chr(int(number))
        return in_characters(made)

    @staticmethod
    @static
    def raw(template: Value = None, *values: Value) -> str:
        parts = own_properties(template).get("raw") if template is not None else None
        if parts is None or parts is null:
            raise type_error("Cannot convert undefined or null to object")
        texts = [to_string(part) for part in own_properties(parts).values()]
        between = [*map(to_string, values), *[""] * len(texts)]
        return "".join(a + b for a, b in zip(texts, [*between[: len(texts) - 1], ""], strict=True))

    @getter
    def length(self: Value) -> int:
        return len(in_units(to_string(self)))

    for _name, (_tag, _attribute) in _TAGS.items():
        vars()[f"js_{_name}"] = _markup(_name, _tag, _attribute)
    del _attribute, _name, _tag

    # -- units and characters

    @method
    def at(self: Value, index: Value = None) -> Value:
        units = _units(self, "at")
        place = to_place(index)
        return units[place] if -len(units) <= place < len(units) else None

    @method
    def char_at(self: Value, index: Value = None) -> str:
        units, place = _units(self, "charAt"), to_place(index)
        return units[place] if 0 <= place < len(units) else ""

    @method
    def char_code_at(self: Value, index: Value = None) -> float:
        units, place = _units(self, "charCodeAt"), to_place(index)
        return ord(units[place]) if 0 <= place < len(units) else math.nan

    @method
    def code_point_at(self: Value, index: Value = None) -> Value:
        units, place = _units(self, "codePointAt"), to_place(index)
        if not 0 <= place < len(units):
            return None
        return ord(in_characters(units[place : place + 2])[0])

    @method
    def is_well_formed(self: Value) -> bool:
        text = in_characters(_units(self, "isWellFormed"))
        return not any("\ud800" <= char <= "\udfff" for char in text)

    @method
    def to_well_formed(self: Value) -> str:
        text = in_characters(_units(self, "toWellFormed"))
        return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)

    @method
    def normalize(self: Value, form: Value = None) -> str:
        text, name = _text(self, "normalize"), "NFC" if form is None else to_string(form)
        if name not in _FORMS:
            raise range_error("The normalization form should be one of NFC, NFD, NFKC, NFKD.")
        return unicodedata.normalize(_FORMS[name], text)

    @method
    def locale_compare(self: Value, other: Value = None) -> int:
        """By letters, accents and case, in the order of English."""
        mine, others = _collated(_text(self, "localeCompare")), _collated(to_string(other))
        return (mine > others) - (mine < others)

    # -- parts

    @method
    def slice(self: Value, start: Value = None, end: Value = None) -> str:
        units = _units(self, "slice")
        size = len(units)
        return in_characters(units[_place(start, size) : _place(end, size, size)])

    @method
    def substring(self: Value, start: Value = None, end: Value = None) -> str:
        units = _units(self, "substring")
        places = (_clamped(start, len(units)), _clamped(end, len(units), len(units)))
        return in_characters(units[min(places) : max(places)])

    @method
    def substr(self: Value, start: Value = None, length: Value = None) -> str:
        units = _units(self, "substr")
        begin = _place(start, len(units))
        count = _clamped(length, len(units), len(units))
        return in_characters(units[begin : begin + count])

    @method
    def concat(self: Value, *others: Value) -> str:
        return in_characters(
            _units(self, "concat") + "".join(map(in_units, map(to_string, others)))
        )

    @method
    def repeat(self: Value, count: Value = None) -> str:
        text, times = _text(self, "repeat"), to_number(count)
        if times != times:
            times = 0
        if times < 0 or math.isinf(times):
            raise range_error(f"Invalid count value: {to_string(count)}")
        if int(times) * len(text) > _LONGEST:
            raise range_error("Invalid string length")
        return text * int(times)

    @method
    def pad_start(self: Value, length: Value = None, fill: Value = None) -> str:
        units = _units(self, "padStart")
        return in_characters(_padding(units, length, fill) + units)

    @method
    def pad_end(self: Value, length: Value = None, fill: Value = None) -> str:
        units = _units(self, "padEnd")
        return in_characters(units + _padding(units, length, fill))

    @method
    def trim(self: Value) -> str:
        return _text(self, "trim").strip(_SPACE)

    @method
    def trim_start(self: Value) -> str:
        return _text(self, "trimStart").lstrip(_SPACE)

    @method
    def trim_left(self: Value) -> str:
        return _text(self, "trimLeft").lstrip(_SPACE)

    @method
    def trim_end(self: Value) -> str:
        return _text(self, "trimEnd").rstrip(_SPACE)

    @method
    def trim_right(self: Value) -> str:
        return _text(self, "trimRight").rstrip(_SPACE)

    # -- places

    @method
    def includes(self: Value, wanted: Value = None, start: Value = None) -> bool:
        units, text = _units(self, "includes"), _no_expression(wanted, "includes")
        return units.find(text, _clamped(start, len(units))) >= 0

    @method
    def starts_with(self: Value, wanted: Value = None, start: Value = None) -> bool:
        units, text = _units(self, "startsWith"), _no_expression(wanted, "startsWith")
        return units.startswith(text, _clamped(start, len(units)))

    @method
    def ends_with(self: Value, wanted: Value = None, end: Value = None) -> bool:
        units, text = _units(self, "endsWith"), _no_expression(wanted, "endsWith")
        return units[: _clamped(end, len(units), len(units))].endswith(text)

    @method
    def index_of(self: Value, wanted: Value = None, start: Value = None) -> int:
        units = _units(self, "indexOf")
        return units.find(in_units(to_string(wanted)), _clamped(start, len(units)))

    @method
    def last_index_of(self: Value, wanted: Value = None, start: Value = None) -> int:
        units, text = _units(self, "lastIndexOf"), in_units(to_string(wanted))
        number = to_number(start)
        last = len(units) if number != number else _clamped(start, len(units), len(units))
        return units.rfind(text, 0, last + len(text))

    # -- patterns

    @method
    def match(self: Value, pattern: Value = None) -> Value:
        return string_matching.match(_text(self, "match"), pattern)

    @method
    def match_all(self: Value, pattern: Value = None) -> Value:
        return string_matching.match_all(_text(self, "matchAll"), pattern)

    @method
    def search(self: Value, pattern: Value = None) -> int:
        return string_matching.search(_text(self, "search"), pattern)

    @method
    def replace(self: Value, pattern: Value = None, replacement: Value = None) -> str:
        text = _text(self, "replace")
        return string_matching.replace(text, pattern, replacement, each=False)

    @method
    def replace_all(self: Value, pattern: Value = None, replacement: Value = None) -> str:
        text = _text(self, "replaceAll")
        return string_matching.replace(text, pattern, replacement, each=True)

    @method
    def split(self: Value, separator: Value = None, limit: Value = None) -> Value:
        return string_matching.split(_text(self, "split"), separator, limit)

    # -- as a whole

    @method
    def value_of(self: Value) -> Value:
        return to_string(self)

    @method
    def to_lower_case(self: Value) -> str:
        return _text(self, "toLowerCase").lower()

    @method
    def to_upper_case(self: Value) -> str:
        return _text(self, "toUpperCase").upper()

    @method
    def to_locale_lower_case(self: Value) -> str:
        return _text(self, "toLocaleLowerCase").lower()

    @method
    def to_locale_upper_case(self: Value) -> str:
        return _text(self, "toLocaleUpperCase").upper()

    @method(name="toString")
    def to_string_method(self: Value) -> str:
        return to_string(self)
