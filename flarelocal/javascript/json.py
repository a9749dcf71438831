"""`JSON.stringify` and `JSON.parse`."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable
from json import encoder
from typing import Any, Final

from flarelocal.javascript.attributes import Accessor
from flarelocal.javascript.errors import JsError, range_error, type_error
from flarelocal.javascript.foreign import Foreign
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.json_circle import too_deep
from flarelocal.javascript.json_syntax import explain
from flarelocal.javascript.numbers import number, number_to_string, to_integer
from flarelocal.javascript.objects import has_index_keys, in_property_order
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import BigInt, Boxed, Hole, JsNull, Symbol, Value, null

__all__ = ["from_data", "parse", "stringify"]

_AS_IS: Final = frozenset({str, int, bool, JsNull})
_omitted: Final = object()


def _data_of_null(null: JsNull) -> None:
    """What the encoder asks for: `null` is all that it may find and does not know."""


_encoder: Final = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, separators=(",", ":"), default=_data_of_null
)
# `encode` makes the C encoder anew for each text, which takes longer than a small text itself.
_make: Final[Callable[..., Callable[[Any, int], Iterable[str]]] | None] = getattr(
    encoder, "c_make_encoder", None
)
_chunks: Final = _make and _make(
    None, _encoder.default, encoder.encode_basestring, None, ":", ",", False, False, True
)


def _compact(plain: Any) -> str:
    return "".join(_chunks(plain, 0)) if _chunks else _encoder.encode(plain)


_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_PADDED_EXPONENT: Final = re.compile(r'"(?:[^"\\]|\\.)*"|-?[\d.]+e-0\d')


def stringify(value: Value, replacer: Value = None, space: Value = None) -> str | None:
    """The JSON of a value; None where it has none, as undefined and functions.

    Args:
        replacer: a function `(key, value) -> value`, or the list of the properties to keep.
        space: the indentation, as text or as a number of spaces.

    Raises:
        JsError: TypeError for a BigInt and for an object that contains itself.
    """
    try:
        if replacer is not None and replacer is not null:
            value = _replaced("", value, replacer, _allowed(replacer))
        plain = _plain(value, "")
    except RecursionError:
        raise too_deep(value) from None
    if plain is _omitted:
        return None
    indent = "" if space is None else _indent(space)
    encode: Callable[[Any], str] = _compact
    if indent:
        encode = json.JSONEncoder(
            ensure_ascii=False,
            check_circular=False,
            separators=(",", ": "),
            default=_data_of_null,
            indent=indent,
        ).encode
    try:
        text = encode(plain)
    except RecursionError:
        raise range_error("Maximum call stack size exceeded") from None
    if "e-0" in text:
        text = _PADDED_EXPONENT.sub(_javascript_number, text)
    if not text.isascii():
        text = _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return text


def parse(text: str) -> Value:
    """The value of a JSON text.

    Raises:
        JsError: SyntaxError, with the text of V8.
    """
    # A search for digits by a regular expression takes longer than it takes to read a small text.
    zeros = text.encode("utf-8", "replace").translate(_DIGITS_TO_ZEROS).decode()
    try:
        value = _decode(text, _long if "-0" in text or _LONG_NUMBER in zeros else _short)
        if "null" in text or ('"0' in zeros and _INDEX_KEY.search(text)):
            return from_data(value)
    except ValueError:
        raise explain(text) from None
    except RecursionError:
        raise range_error("Maximum call stack size exceeded") from None
    return value


def from_data(data: Any) -> Value:
    """The value of what Python's `json` module reads: `null` for None, indices first."""
    kind = type(data)
    if kind is dict:
        made = {k: v if type(v) in _AS_IS else from_data(v) for k, v in data.items()}
        return in_property_order(made) if has_index_keys(made) else made
    if kind is list:
        return [v if type(v) in _AS_IS else from_data(v) for v in data]
    if kind is int or kind is float:
        return number(data)
    return null if data is None else data


def _plain(value: Value, key: str) -> Any:
    """The value made of what Python's encoder writes as JavaScript would."""
    kind = type(value)
    return value if kind in _AS_IS else _PLAIN.get(kind, _plain_other)(value, key)


def _plain_object(value: dict[str, Value], key: str) -> Any:
    if "toJSON" in value and (convert := _own_conversion(value)):
        return _plain_result(convert(key))
    if has_index_keys(value):
        value = in_property_order(value)
    if _AS_IS.issuperset(map(type, value.values())):
        return value
    made = value.copy()
    for name, member in value.items():
        if type(member) not in _AS_IS:
            plain = made[name] = _plain(member, name)
            if plain is _omitted:
                del made[name]
    return made


def _plain_array(value: list[Value]) -> list[Any]:
    if _AS_IS.issuperset(map(type, value)):
        return value
    members = (_plain(member, str(index)) for index, member in enumerate(value))
    return [None if plain is _omitted else plain for plain in members]


def _plain_number(value: float) -> float | None:
    if not math.isfinite(value):
        return None
    if value.is_integer() and abs(value) < 1e21:
        return int(number_to_string(value))
    return value


def _plain_other(value: Value, key: str) -> Any:
    if isinstance(value, list):
        return _plain_array(value)
    if isinstance(value, dict):
        return _plain_object(value, key)
    if isinstance(value, BigInt):
        raise type_error("Do not know how to serialize a BigInt")
    if isinstance(value, Hole | Symbol):
        return _omitted
    if isinstance(value, Boxed):
        return _plain(value.value, key)
    if isinstance(value, JsError):
        return _plain_object(value.properties, key)
    if isinstance(value, str | int | float):
        base = next(base for base in (bool, str, int, float) if isinstance(value, base))
        return _plain(base(value), key)
    if callable(value):
        return _omitted
    if isinstance(value, HostObject):
        convert = _own_conversion(value)
        return _plain_result(convert(key)) if convert else _plain(value.own_properties(), key)
    if isinstance(value, Foreign):
        return _plain(value.to_json(), key)
    return {}


_PLAIN: Final[dict[type, Callable[[Any, str], Any]]] = {
    dict: _plain_object,
    list: lambda value, key: _plain_array(value),
    float: lambda value, key: _plain_number(value),
    type(None): lambda value, key: _omitted,
    Accessor: lambda accessor, key: _plain(accessor.read(), key),
}


def _own_conversion(value: Value) -> Callable[[str], Value] | None:
    """The value's `toJSON`, if it has one."""
    if isinstance(value, dict):
        found = value.get("toJSON")
        return found if callable(found) else None
    member = value.members.get("toJSON") if isinstance(value, HostObject) else None
    if member is None:
        return None
    return lambda key: member.function(value, *([key] if member.maximum else []))


def _plain_result(value: Value) -> Any:
    """What `toJSON` gave; its own `toJSON` is not asked again."""
    if isinstance(value, dict) and "toJSON" in value:
        value = {name: member for name, member in value.items() if name != "toJSON"}
    return _plain(value, "")


def _replaced(key: str, value: Value, replacer: Value, allowed: list[str] | None) -> Value:
    convert = _own_conversion(value)
    if convert:
        value = convert(key)
    if callable(replacer):
        value = replacer(key, value)
    if isinstance(value, list):
        return [_replaced(str(i), member, replacer, allowed) for i, member in enumerate(value)]
    if callable(value):
        return None
    if isinstance(value, HostObject):
        value = value.own_properties()
    if isinstance(value, dict):
        names = list(in_property_order(value)) if allowed is None else allowed
        return {
            name: _replaced(name, value[name], replacer, allowed) for name in names if name in value
        }
    return value


def _allowed(replacer: Value) -> list[str] | None:
    if not isinstance(replacer, list):
        return None
    names = (to_string(name) for name in replacer if isinstance(name, str | int | float | Boxed))
    return list(dict.fromkeys(names))


def _indent(space: Value) -> str:
    if isinstance(space, Boxed):
        space = space.value
    if isinstance(space, str):
        return space[:10]
    if isinstance(space, int | float) and not isinstance(space, bool):
        return " " * max(0, min(10, to_integer(space)))
    return ""


def _javascript_number(match: re.Match[str]) -> str:
    found = match[0]
    return found if found[0] == '"' else number_to_string(float(found))


_DIGITS_TO_ZEROS: Final = bytes.maketrans(b"123456789", b"000000000")
_LONG_NUMBER: Final = "0" * 16
_INDEX_KEY: Final = re.compile(r'"[0-9]+"\s*:')


def _integer(text: str) -> int | float:
    if text == "-0":
        return -0.0
    return number(float(text)) if len(text) > 15 else int(text)


def _float(text: str) -> int | float:
    value = float(text)
    return number(value) if value.is_integer() else value


def _constant(text: str) -> Value:
    raise ValueError(text)


class _Decoder(json.JSONDecoder):
    scan_once: Callable[[str, int], tuple[Any, int]]


_short: Final = _Decoder(parse_float=_float, parse_constant=_constant)
_long: Final = _Decoder(parse_float=_float, parse_int=_integer, parse_constant=_constant)


def _decode(text: str, decoder: _Decoder) -> Any:
    try:
        value, end = decoder.scan_once(text, 0)
    except (StopIteration, ValueError):
        end = -1
    # `decode` deals with space around the value, which is rare, and with what is no JSON.
    return value if end == len(text) else decoder.decode(text)
