"""Values in the vectors: from JSON to JavaScript and back."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from flarelocal.javascript.binary import VIEW_TYPES, ArrayBuffer, BufferView, TypedArray, bytes_of
from flarelocal.javascript.collections import Map, Set, iterate
from flarelocal.javascript.date import Date
from flarelocal.javascript.errors import JsError
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.instance import Instance
from flarelocal.javascript.numbers import number, to_number
from flarelocal.javascript.promise import future, rejected
from flarelocal.javascript.regexp import RegExp
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import BigInt, Boxed, Hole, Symbol, Value, hole, null
from tests.conformance.realm import Realm

__all__ = ["Names", "decode", "encode", "encode_error"]

STUBS = frozenset({"DurableObject", "Fetcher", "RpcStub"})
_SPECIAL = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf, "-0": -0.0}
_PAIRS = {"Headers": "$headers", "URLSearchParams": "$url_search_params", "FormData": "$form_data"}
_STREAMS = frozenset({"body", "readable", "writable"})


class Names(Protocol):
    """What arguments may refer to."""

    @property
    def realm(self) -> Realm:
        """The globals."""

    def saved(self, name: str) -> Value:
        """What was saved under a name."""

    def at(self, path: str) -> Value:
        """What is at a path."""

    def now(self) -> int:
        """The present time, in ms since 1970."""

    def later(self, delay_ms: float, path: str, arguments: list[Any]) -> Value:
        """A promise that waits and then makes the call."""

    def counter(self, start: int) -> Value:
        """A new `Counter`."""


class Point(Instance):
    """An instance of an ordinary class."""

    __slots__ = ()


def decode(raw: Any, names: Names) -> Value:
    """The JavaScript value of an argument."""
    if raw is None:
        return null
    if isinstance(raw, list):
        return [decode(member, names) for member in raw]
    if isinstance(raw, dict):
        if len(raw) == 1:
            [(tag, content)] = raw.items()
            if tag in _DECODERS:
                return _DECODERS[tag](content, names)
        return {key: decode(member, names) for key, member in raw.items()}
    return number(raw) if isinstance(raw, float) else raw


def _bytes(content: str, names: Names) -> Value:
    return VIEW_TYPES["Uint8Array"](ArrayBuffer.of(bytearray(base64.b64decode(content))))


def _view(content: list[str], names: Names) -> Value:
    kind = VIEW_TYPES[content[0]]
    return kind(ArrayBuffer.of(bytearray(base64.b64decode(content[1]))))


def _error(content: dict[str, Any], names: Names) -> Value:
    cause = decode(content["cause"], names) if "cause" in content else None
    properties = {k: decode(v, names) for k, v in content.get("props", {}).items()}
    return JsError(content["message"], name=content["name"], cause=cause, properties=properties)


def _circular(content: Any, names: Names) -> Value:
    made: dict[str, Value] = {"name": decode(content, names)}
    made["self"] = made
    return made


def _sum(content: list[Any], names: Names) -> Value:
    terms = [decode(term, names) for term in content]
    return number(sum(0 if term is None or term is null else to_number(term) for term in terms))


def _difference(content: list[Any], names: Names) -> Value:
    left, right = (to_number(decode(term, names)) for term in content)
    return number(left - right)


def _templated(template: Any, index: int) -> Any:
    if isinstance(template, str):
        return template.replace("{i:04}", f"{index:04}").replace("{i}", str(index))
    if template == {"$index": True}:
        return index
    if isinstance(template, list):
        return [_templated(member, index) for member in template]
    if isinstance(template, dict):
        return {key: _templated(member, index) for key, member in template.items()}
    return template


def _range(content: dict[str, Any], names: Names) -> Value:
    return [decode(_templated(content["item"], i), names) for i in range(content["count"])]


def _range_object(content: dict[str, Any], names: Names) -> Value:
    return {
        _templated(content["key"], index): decode(_templated(content["value"], index), names)
        for index in range(content["count"])
    }


def _blob(content: dict[str, Any], names: Names) -> Value:
    options = {"type": content["type"]}
    return names.realm.new("Blob", [_bytes(content["bytes"], names)], options)


def _file(content: dict[str, Any], names: Names) -> Value:
    options = {key: content[key] for key in ("type", "lastModified") if key in content}
    return names.realm.new("File", [_bytes(content["bytes"], names)], content["name"], options)


def _stream(content: str, names: Names) -> Value:
    response = names.realm.new("Response", _bytes(content, names))
    return type(response).members["body"].function(response)


def _promise(content: Any, names: Names) -> Value:
    made = future()
    made.set_result(decode(content, names))
    return made


def _shared(content: Any, names: Names) -> Value:
    value = decode(content, names)
    return {"a": value, "b": value}


class _Arrow(HostObject, js_name="Function"):
    """`() => {}`"""

    def __call__(self, *arguments: Value) -> None:
        return None

    def to_js_string(self) -> str:
        return "() => {}"

    def clone_refusal(self) -> str:
        return "() => {} could not be cloned."


def _echo(*arguments: Value) -> Value:
    return list(arguments)


_DECODERS: dict[str, Callable[[Any, Names], Value]] = {
    "$undefined": lambda content, names: None,
    "$number": lambda content, names: _SPECIAL[content],
    "$bigint": lambda content, names: BigInt(content),
    "$bytes": _bytes,
    "$buffer": lambda content, names: ArrayBuffer.of(bytearray(base64.b64decode(content))),
    "$view": _view,
    "$fill": lambda content, names: VIEW_TYPES["Uint8Array"](
        ArrayBuffer.of(bytearray([content[0]]) * content[1])
    ),
    "$fill_buffer": lambda content, names: ArrayBuffer.of(bytearray([content[0]]) * content[1]),
    "$repeat": lambda content, names: content[0] * content[1],
    "$date": lambda content, names: Date(math.nan if content is None else content),
    "$map": lambda content, names: Map(decode(content, names)),
    "$set": lambda content, names: Set(decode(content, names)),
    "$regexp": lambda content, names: RegExp(content["source"], content["flags"]),
    "$error": _error,
    "$hole": lambda content, names: hole,
    "$circular": _circular,
    "$headers": lambda content, names: names.realm.new("Headers", content),
    "$url_search_params": lambda content, names: names.realm.new("URLSearchParams", content),
    "$function": lambda content, names: _Arrow(),
    "$symbol": lambda content, names: Symbol(content),
    "$ref": lambda content, names: names.saved(content),
    "$path": lambda content, names: names.at(content),
    "$add": _sum,
    "$sub": _difference,
    "$now": lambda content, names: names.now() + content,
    "$now_seconds": lambda content, names: names.now() // 1000 + content,
    "$range": _range,
    "$range_object": _range_object,
    "$object": lambda content, names: {key: decode(value, names) for key, value in content},
    "$blob": _blob,
    "$file": _file,
    "$stream": _stream,
    "$promise": _promise,
    "$rejected": lambda content, names: rejected(decode(content, names)),
    "$later": lambda content, names: names.later(content[0], content[1], content[2:]),
    "$echo_function": lambda content, names: _echo,
    "$rpc_target": lambda content, names: names.counter(content),
    "$point": lambda content, names: Point({k: decode(v, names) for k, v in content.items()}),
    "$shared": _shared,
}


def encode(value: Value) -> Any:
    """The JSON of a result."""
    return _Encoder().encode(value)


def encode_error(error: JsError) -> dict[str, Any]:
    """The members of `{"error": …}` and `{"$error": …}`."""
    return _Encoder().error(error)


class _Encoder:
    """Encodes one value; knows which objects it is inside of."""

    def __init__(self) -> None:
        self._around: list[Value] = []

    def encode(self, value: Value) -> Any:
        if value is null:
            return None
        if value is None:
            return {"$undefined": True}
        if isinstance(value, bool | str):
            return value
        if isinstance(value, BigInt):
            return {"$bigint": str(int(value))}
        if isinstance(value, int | float):
            return _encode_number(value)
        if isinstance(value, Symbol):
            return {"$symbol": value.description}
        if isinstance(value, Hole):
            return {"$hole": True}
        if any(value is other for other in self._around):
            return {"$circular": True}
        self._around.append(value)
        try:
            return self._object(value)
        finally:
            self._around.pop()

    def _object(self, value: Value) -> Any:
        if isinstance(value, list):
            return [self.encode(member) for member in value]
        if isinstance(value, dict):
            return self._members(value)
        if isinstance(value, JsError):
            return {"$error": self.error(value)}
        if isinstance(value, Boxed):
            return {"$boxed": self.encode(value.value)}
        if isinstance(value, Date):
            return {"$date": None if math.isnan(value.time_ms) else value.time_ms}
        if isinstance(value, Map):
            return {"$map": [[self.encode(k), self.encode(v)] for k, v in value.items()]}
        if isinstance(value, Set):
            return {"$set": [self.encode(member) for member in value.iterate()]}
        if isinstance(value, RegExp):
            return {"$regexp": {"source": value.source, "flags": value.flags}}
        if isinstance(value, ArrayBuffer | BufferView):
            return _encode_bytes(value)
        if isinstance(value, Instance):
            return self._members(value.own_properties())
        if getattr(value, "js_name", None) in STUBS:
            return {"$stub": True}
        if callable(value):
            return {"$function": True}
        if isinstance(value, HostObject):
            return self._host(value)
        return {"$instance": type(value).__name__}

    def _members(self, properties: Mapping[str, Value]) -> dict[str, Any]:
        return {key: self.encode(member) for key, member in properties.items()}

    def error(self, error: JsError) -> dict[str, Any]:
        made: dict[str, Any] = {"name": error.name, "message": error.message}
        if error.cause is not None:
            made["cause"] = self.encode(error.cause)
        if error.properties:
            made["props"] = self._members(error.properties)
        return made

    def _host(self, value: HostObject) -> Any:
        if value.js_name in _PAIRS:
            return {_PAIRS[value.js_name]: [self.encode(list(pair)) for pair in iterate(value)]}
        made = {"$instance": value.js_name}
        if value.js_name == "DurableObjectId":
            name = type(value).members["name"].function(value)
            return made | {"props": self._members({"name": name, "id": to_string(value)})}
        return made | {"props": self._getters(value)}

    def _getters(self, value: HostObject) -> dict[str, Any]:
        """All properties; the vectors name the telling ones among them."""
        made = {}
        for name, member in value.members.items():
            if member.kind != "getter" or name in _STREAMS:
                continue
            try:
                found = member.function(value)
            except JsError:
                continue
            if value.js_name == "Checksums" and isinstance(found, ArrayBuffer):
                found = bytes_of(found).hex()
            made[name] = self.encode(found)
        return made


def _encode_number(value: float) -> Any:
    if value != value:
        return {"$number": "NaN"}
    if math.isinf(value):
        return {"$number": "Infinity" if value > 0 else "-Infinity"}
    if value == 0 and math.copysign(1, value) < 0:
        return {"$number": "-0"}
    return value


def _encode_bytes(value: ArrayBuffer | BufferView) -> Any:
    data = base64.b64encode(bytes_of(value)).decode()
    if isinstance(value, ArrayBuffer):
        return {"$buffer": data}
    if isinstance(value, TypedArray) and value.js_name == "Uint8Array":
        return {"$bytes": data}
    return {"$view": [value.js_name, data]}
