"""`JSON.stringify` and `JSON.parse`."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from flarelocal.javascript.errors import JsError, range_error, type_error
from flarelocal.javascript.foreign import Foreign
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.json_syntax import explain
from flarelocal.javascript.numbers import number, number_to_string, to_integer
from flarelocal.javascript.objects import has_index_keys, in_property_order
from flarelocal.javascript.text import class_name, to_string
from flarelocal.javascript.values import BigInt, Boxed, Hole, Symbol, Value, null

__all__ = ["from_data", "parse", "stringify"]

_AS_IS: Final = frozenset({str, int, bool})
_omitted: Final = object()

_compact: Final = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, separators=(",", ":")
).encode
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
    if replacer is not None and replacer is not null:
        value = _replaced("", value, replacer, _allowed(replacer))
    try:
        plain = _plain(value, "")
    except RecursionError:
        raise _too_deep(value) from None
    if plain is _omitted:
        return None
    indent = _indent(space)
    if indent:
        encode = json.JSONEncoder(
            ensure_ascii=False, check_circular=False, separators=(",", ": "), indent=indent
        ).encode
    else:
        encode = _compact
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
    try:
        value = _decode(text)
        if "null" in text or _INDEX_KEY.search(text):
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
    if kind is dict:
        return _plain_object(value, key)
    if kind is list:
        return _plain_array(value)
    if kind in _AS_IS:
        return value
    if kind is float:
        return _plain_number(value)
    if value is None:
        return _omitted
    if value is null:
        return None
    return _plain_other(value, key)


def _plain_object(value: dict[str, Value], key: str) -> Any:
    if "toJSON" in value and callable(value["toJSON"]):
        return _plain_result(value["toJSON"](key))
    if has_index_keys(value):
        value = in_property_order(value)
    made = {}
    for name, member in value.items():
        if type(member) in _AS_IS:
            made[name] = member
        elif member is not None:
            plain = _plain(member, name)
            if plain is not _omitted:
                made[name] = plain
    return made


def _plain_array(value: list[Value]) -> list[Any]:
    made = []
    for index, member in enumerate(value):
        plain = member if type(member) in _AS_IS else _plain(member, str(index))
        made.append(None if plain is _omitted else plain)
    return made


def _plain_number(value: float) -> float | None:
    if not math.isfinite(value):
        return None
    if value.is_integer() and abs(value) < 1e21:
        return int(number_to_string(value))
    return value


def _plain_other(value: Value, key: str) -> Any:
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
        to_json = value.members.get("toJSON")
        if to_json:
            return _plain_result(to_json.function(value, *([key] if to_json.maximum else [])))
        return _plain_object(value.own_properties(), key)
    if isinstance(value, Foreign):
        return _plain(value.to_json(), key)
    return {}


def _plain_result(value: Value) -> Any:
    """What `toJSON` gave; its own `toJSON` is not asked again."""
    if isinstance(value, dict) and "toJSON" in value:
        value = {name: member for name, member in value.items() if name != "toJSON"}
    return _plain(value, "")


def _replaced(key: str, value: Value, replacer: Value, allowed: list[str] | None) -> Value:
    to_json: Callable[..., Value] | None = None
    if isinstance(value, dict):
        to_json = value.get("toJSON")
    elif isinstance(value, HostObject) and "toJSON" in value.members:
        member = value.members["toJSON"]
        host = value
        to_json = lambda key: member.function(host, *([key] if member.maximum else []))  # noqa: E731
    if callable(to_json):
        value = to_json(key)
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


def _too_deep(value: Value) -> JsError:
    """The error for a value that was too deep to write: mostly one that contains itself."""
    path: list[tuple[str, Value]] = []
    places: dict[int, int] = {}
    open_members = [iter([("", value)])]
    while open_members:
        step = next(open_members[-1], None)
        if step is None:
            open_members.pop()
            if path:
                places.pop(id(path.pop()[1]))
            continue
        label, member = step
        if id(member) in places:
            return _circular([*path[places[id(member)] :], (label, member)])
        members = _labelled_members(member)
        if members is not None:
            places[id(member)] = len(path)
            path.append(step)
            open_members.append(members)
    return range_error("Maximum call stack size exceeded")


def _labelled_members(value: Value) -> Iterator[tuple[str, Value]] | None:
    if isinstance(value, list):
        return ((f"index {index}", member) for index, member in enumerate(value))
    if isinstance(value, JsError):
        value = value.properties
    elif isinstance(value, HostObject) and "toJSON" not in value.members:
        value = value.own_properties()
    elif isinstance(value, Foreign):
        return _labelled_members(value.to_json())
    if isinstance(value, dict):
        return ((f"property '{name}'", member) for name, member in value.items())
    return None


def _circular(path: list[tuple[str, Value]]) -> JsError:
    """V8's message: the first steps of the circle, its last two, and the one that closes it."""
    lines = [
        f"    |     {label} -> object with constructor '{class_name(member)}'"
        for label, member in path[1:-1]
    ]
    if len(lines) > 3:
        lines[2:-1] = ["    |     ..."]
    start = f"    --> starting at object with constructor '{class_name(path[0][1])}'"
    end = f"    --- {path[-1][0]} closes the circle"
    return type_error("\n".join(["Converting circular structure to JSON", start, *lines, end]))


_LONG_NUMBER: Final = re.compile("[0-9]{16}")
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


_decode_short = json.JSONDecoder(parse_float=_float, parse_constant=_constant).decode
_decode_long = json.JSONDecoder(
    parse_float=_float, parse_int=_integer, parse_constant=_constant
).decode


def _decode(text: str) -> Any:
    hard = "-0" in text or _LONG_NUMBER.search(text)
    return _decode_long(text) if hard else _decode_short(text)
