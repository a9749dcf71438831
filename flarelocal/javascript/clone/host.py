"""The objects that V8 leaves to the runtime: errors and those of the API that are data.

The tags are workerd's (`SerializationTag` in io/worker-interface.capnp).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from flarelocal.javascript.errors import JsError, dom_exception
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.values import Value

if TYPE_CHECKING:
    from flarelocal.javascript.clone.reader import Reader
    from flarelocal.javascript.clone.writer import Writer

__all__ = ["HOST_READERS", "host_writer", "write_host_error"]

_DOM_EXCEPTION: Final = 8
_NATIVE_ERROR: Final = 10

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


def _text(value: Value) -> str:
    if not isinstance(value, str):
        raise ValueError("no string")
    return value


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "replace")


_WRITERS: Final[dict[type, _Write]] = {}

HOST_READERS: Final[dict[int, _Read]] = {
    _DOM_EXCEPTION: _read_dom_exception,
    _NATIVE_ERROR: _read_native_error,
}
"""How to read the object of each tag, the tag itself being read."""
