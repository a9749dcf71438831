"""What a value is called: `typeof`, class name and `String(value)`."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Iterator

from flarelocal.javascript.errors import JsError, type_error
from flarelocal.javascript.foreign import Foreign
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.iterator import NamedIterator
from flarelocal.javascript.numbers import number_to_string
from flarelocal.javascript.values import BigInt, Boxed, Hole, Symbol, Value, null

__all__ = [
    "class_name",
    "described",
    "is_promise",
    "key_text",
    "tag",
    "through_utf8",
    "to_string",
    "typeof",
]


def typeof(value: Value) -> str:
    """What `typeof value` gives."""
    if value is None:
        return "undefined"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "string"
    if isinstance(value, BigInt):
        return "bigint"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, Symbol):
        return "symbol"
    if callable(value):
        return "function"
    return "object"


def through_utf8(text: str) -> str:
    """The text as it comes back from where UTF-8 is kept: a lone surrogate is no part of that."""
    if text.isascii():
        return text
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def is_promise(value: Value) -> bool:
    return asyncio.isfuture(value) or inspect.iscoroutine(value)


def class_name(value: Value) -> str | None:
    """The name of the value's class (`value.constructor.name`); None for undefined and null."""
    if isinstance(value, HostObject):
        return value.js_name
    if isinstance(value, dict):
        return "Object"
    if isinstance(value, list):
        return "Array"
    if isinstance(value, JsError):
        return value.constructor_name
    if is_promise(value):
        return "Promise"
    if isinstance(value, Iterator):
        return _class_of(value)
    if isinstance(value, Boxed):
        return class_name(value.value)
    kind = typeof(value)
    if kind in ("undefined", "object"):
        return None
    return "BigInt" if kind == "bigint" else kind.capitalize()


def key_text(key: str | Symbol) -> str:
    """What an error message calls a property."""
    return key if isinstance(key, str) else f"Symbol({key.description})"


def described(value: Value) -> str:
    """What V8 calls a value in the message of an error: `#<Map>` for a Map."""
    if isinstance(value, list):
        return "[object Array]"
    if callable(value) and isinstance(value, HostObject):
        return f"#<{value.js_name}>"
    if callable(value) or isinstance(value, JsError) or typeof(value) not in ("object", "symbol"):
        return to_string(value)
    if value is null:
        return "null"
    return f"Symbol({value.description})" if isinstance(value, Symbol) else f"#<{_class_of(value)}>"


def _class_of(value: Value) -> str:
    from flarelocal.javascript.prototype import property_of

    return str(getattr(property_of(value, "constructor"), "name", "Object"))


def tag(value: Value) -> str:
    """What `Object.prototype.toString.call(value)` gives."""
    if value is None or value is null:
        return "[object Undefined]" if value is None else "[object Null]"
    if isinstance(value, JsError):
        kind = "DOMException" if value.constructor_name == "DOMException" else "Error"
        return f"[object {kind}]"
    if isinstance(value, Foreign):
        return f"[object {value.js_name}]"
    if isinstance(value, NamedIterator):
        return f"[object {value.name}]"
    if isinstance(value, HostObject) and value.js_name == "Object":
        return value.to_js_string()
    return f"[object {class_name(value) or 'Object'}]"


def to_string(value: Value) -> str:
    """What `String(value)` gives.

    Raises:
        JsError: TypeError for a symbol.
    """
    if isinstance(value, str):
        return str(value)
    if value is None:
        return "undefined"
    if value is null:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, BigInt):
        return str(int(value))
    if isinstance(value, int | float):
        return number_to_string(value)
    if isinstance(value, Symbol):
        raise type_error("Cannot convert a Symbol value to a string")
    if isinstance(value, HostObject):
        return value.to_js_string()
    if isinstance(value, list):
        return ",".join(
            "" if m is None or m is null or isinstance(m, Hole) else to_string(m) for m in value
        )
    if isinstance(value, JsError):
        return str(value)
    if isinstance(value, Boxed):
        return to_string(value.value)
    if isinstance(value, Foreign):
        return value.to_text()
    if isinstance(value, NamedIterator):
        return tag(value)
    if is_promise(value):
        return "[object Promise]"
    if callable(value):
        return f"function {getattr(value, '__name__', '')}() {{ [native code] }}"
    return "[object Object]"
