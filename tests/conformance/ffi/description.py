"""`__golden_describe`: how JavaScript sees a value."""

from __future__ import annotations

import math

from flarelocal.javascript import json
from flarelocal.javascript.binary import ArrayBuffer, DataView, TypedArray
from flarelocal.javascript.collections import Map, Set
from flarelocal.javascript.date import Date
from flarelocal.javascript.errors import JsError
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.numbers import number_to_string
from flarelocal.javascript.properties import own_properties
from flarelocal.javascript.text import class_name
from flarelocal.javascript.values import BigInt, Boxed, Symbol, Value, null
from flarelocal.pyodide.double_proxy import double
from flarelocal.pyodide.pyproxy import PyProxy

__all__ = ["describe"]

_DEEPEST = 6


def describe(value: Value = None, depth: int = 0) -> str:
    """The description of a value, in the words of the recordings."""
    if depth > _DEEPEST:
        return "..."
    if value is None or value is null:
        return "undefined" if value is None else "null"
    if isinstance(value, bool):
        return f"boolean {'true' if value else 'false'}"
    if isinstance(value, str):
        return f"string {json.stringify(value)}"
    if isinstance(value, BigInt):
        return f"bigint {int(value)}n"
    if isinstance(value, int | float):
        return f"number {_number(value)}"
    if isinstance(value, Symbol):
        return "symbol"
    return _object(value, depth + 1)


def _number(value: float) -> str:
    return "-0" if value == 0 and math.copysign(1, value) < 0 else number_to_string(value)


def _object(value: Value, depth: int) -> str:
    if isinstance(value, PyProxy):
        kind = double(value).type
        return f"PyProxy<{kind}>" + ("(callable)" if callable(value) else "")
    if isinstance(value, list):
        return f"Array[{', '.join(describe(member, depth) for member in value)}]"
    if isinstance(value, Map):
        pairs = (f"{describe(k, depth)} => {describe(v, depth)}" for k, v in value.items())
        return f"Map{{{', '.join(pairs)}}}"
    if isinstance(value, Set):
        return f"Set{{{', '.join(describe(member, depth) for member in value.iterate())}}}"
    if isinstance(value, Date):
        return f"Date({number_to_string(value.time_ms)})"
    if isinstance(value, ArrayBuffer):
        return f"ArrayBuffer[{','.join(map(str, bytes(value.data)))}]"
    if isinstance(value, DataView):
        return f"DataView[{value.byte_length}]"
    if isinstance(value, TypedArray):
        members = (describe(member).partition(" ")[2] for member in value.iterate())
        return f"{value.js_name}[{','.join(members)}]"
    if isinstance(value, JsError):
        return f"{value.constructor_name}({value.name}: {value.message})"
    if callable(value):
        return f"function {getattr(value, '__name__', '')}"
    return _members(value, depth)


def _members(value: Value, depth: int) -> str:
    properties = {} if isinstance(value, Boxed) else own_properties(value)
    members = ", ".join(f"{key}: {describe(member, depth)}" for key, member in properties.items())
    if isinstance(value, dict):
        return f"{{{members}}}"
    name = value.js_name if isinstance(value, HostObject) else class_name(value)
    return f"{name}<{members}>"
