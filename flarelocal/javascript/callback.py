"""Functions that a program gives to be called back."""

from __future__ import annotations

from flarelocal.javascript.errors import type_error
from flarelocal.javascript.text import to_string, typeof
from flarelocal.javascript.values import JsNull, Value

__all__ = ["callback"]


def callback(value: Value) -> Value:
    """The function.

    Raises:
        JsError: TypeError in the words of V8, it is none.
    """
    if callable(value):
        return value
    kind = typeof(value)
    if isinstance(value, str):
        kind += f' "{value}"'
    elif isinstance(value, bool | JsNull) or kind == "number":
        kind += f" {to_string(value)}"
    raise type_error(f"{kind} is not a function")
