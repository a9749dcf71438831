"""Why a value cannot be cloned."""

from __future__ import annotations

from flarelocal.javascript.collections import LiteralMap
from flarelocal.javascript.errors import JsError, dom_exception
from flarelocal.javascript.foreign import Foreign
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.iterator import NamedIterator
from flarelocal.javascript.text import is_promise, tag, to_string
from flarelocal.javascript.values import Symbol, Value

__all__ = ["refusal"]


def refusal(value: Value) -> JsError:
    """The DataCloneError for a value (V8's words, or workerd's in jsg/ser.c++)."""
    if isinstance(value, HostObject) and not isinstance(value, LiteralMap):
        return dom_exception(value.clone_refusal(), "DataCloneError")
    return dom_exception(f"{_called(value)} could not be cloned.", "DataCloneError")


def _called(value: Value) -> str:
    if isinstance(value, NamedIterator):
        return tag(value)
    if isinstance(value, Foreign):
        return value.description()
    if isinstance(value, LiteralMap):
        return "[object Map]"
    if isinstance(value, Symbol):
        return f"Symbol({value.description})"
    if is_promise(value):
        return "#<Promise>"
    return to_string(value) if callable(value) else "#<Object>"
