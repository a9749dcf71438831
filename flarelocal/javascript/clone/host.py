"""The objects that V8 leaves to the runtime: errors and those of the API that are data.

The tags are workerd's (`SerializationTag` in io/worker-interface.capnp).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from flarelocal.javascript.clone.header_names import HEADER_NAMES, HEADER_NUMBERS
from flarelocal.javascript.errors import JsError, dom_exception
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.blob import Blob
from flarelocal.javascript.web.headers import Headers

if TYPE_CHECKING:
    from flarelocal.javascript.clone.reader import Reader
    from flarelocal.javascript.clone.writer import Writer

__all__ = ["HOST_READERS", "host_writer", "write_host_error"]

_HEADERS: Final = 4
_DOM_EXCEPTION: Final = 8
_NATIVE_ERROR: Final = 10
_BLOB: Final = 15

_ERROR_NAMES: Final = (
    "",
    "Error",
    "TypeError",
    "RangeError",
    "ReferenceError",
    "SyntaxError",
    "WasmCompileError",
    "WasmLinkError",
    "WasmRuntimeError",
    "WasmSuspendError",
    "EvalError",
    "URIError",
    "AggregateError",
    "SuppressedError",
)
_ERROR_KINDS: Final = {name: kind for kind, name in enumerate(_ERROR_NAMES) if name}

_IMMUTABLE: Final = 0
_UNGUARDED: Final = 3

_Write: TypeAlias = "Callable[[Writer, Any], None]"
_Read: TypeAlias = "Callable[[Reader], Value]"


def host_writer(value: HostObject) -> _Write | None:
    """How to write such an object; None for one that is no data."""
    return _WRITERS.get(type(value))


def write_host_error(writer: Writer, error: JsError) -> None:
    """An error with its name and its own properties (jsg/ser.c++, jsg/dom-exception.c++)."""
    if error.constructor_name == "DOMException":
        writer.varint(_DOM_EXCEPTION)
        for text in (error.name, error.message, error.stack or ""):
            writer.sized(_utf8(text))
        return
    kind = _ERROR_KINDS.get(error.name, 0)
    writer.varint(_NATIVE_ERROR)
    writer.varint(kind)
    if not kind:
        writer.text(error.name)
    writer.text(error.message)
    properties = {} if error.stack is None else {"stack": error.stack}
    if error.cause is not None:
        properties["cause"] = error.cause
    writer.temporary(properties | error.properties)


def _read_native_error(reader: Reader) -> JsError:
    kind = reader.varint()
    name = _ERROR_NAMES[kind] if kind else reader.value()
    made = JsError(_text(reader.value()), name=_text(name))
    if not kind:
        made.constructor_name = "Error"
    properties = reader.value()
    made.cause = properties.pop("cause", None)
    stack = properties.pop("stack", None)
    made.stack = stack if isinstance(stack, str) else None
    made.properties = properties
    return made


def _read_dom_exception(reader: Reader) -> JsError:
    name, message, stack = (reader.sized().decode() for _ in range(3))
    made = dom_exception(message, name)
    made.stack = stack or None
    return made


def _write_headers(writer: Writer, headers: Headers) -> None:
    writer.varint(_HEADERS)
    writer.varint(_IMMUTABLE if headers.immutable else _UNGUARDED)
    pairs = headers.raw()
    writer.varint(len(pairs))
    for name, value in pairs:
        number = HEADER_NUMBERS.get(name, 0)
        writer.varint(number)
        if not number:
            writer.sized(_utf8(name))
        writer.sized(_utf8(value))


def _read_headers(reader: Reader) -> Headers:
    guard = reader.varint()
    pairs = []
    for _ in range(reader.varint()):
        number = reader.varint()
        name = HEADER_NAMES[number] if number else reader.sized().decode()
        pairs.append((name.lower(), reader.sized().decode()))
    return Headers.of(pairs, immutable=guard == _IMMUTABLE)


def _write_blob(writer: Writer, blob: Blob) -> None:
    writer.varint(_BLOB)
    writer.sized(_utf8(blob.type))
    writer.sized(blob.data)


def _read_blob(reader: Reader) -> Blob:
    media_type = reader.sized().decode()
    return Blob.of(reader.sized(), media_type)


def _text(value: Value) -> str:
    if not isinstance(value, str):
        raise ValueError("no string")
    return value


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "replace")


_WRITERS: Final[dict[type, _Write]] = {Blob: _write_blob, Headers: _write_headers}

HOST_READERS: Final[dict[int, _Read]] = {
    _BLOB: _read_blob,
    _HEADERS: _read_headers,
    _DOM_EXCEPTION: _read_dom_exception,
    _NATIVE_ERROR: _read_native_error,
}
"""How to read the object of each tag, the tag itself being read."""
