"""The options of `list`."""

from __future__ import annotations

from flarelocal.durable_objects.storage.key_value import ListOptions
from flarelocal.javascript.errors import type_error
from flarelocal.javascript.numbers import to_int32
from flarelocal.javascript.signature import properties_of
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value

__all__ = ["list_options"]


def list_options(value: Value) -> ListOptions:
    """The range of keys that a program asks for.

    Raises:
        JsError: TypeError where `value` is no object.
        DurableObjectError: the options contradict each other.
    """
    given = properties_of(value)
    if given is None:
        raise type_error("The list options must be an object.")

    def text(name: str) -> str | None:
        return None if given.get(name) is None else to_string(given[name])

    limit = given.get("limit")
    return ListOptions(
        start=text("start"),
        start_after=text("startAfter"),
        end=text("end"),
        prefix=text("prefix"),
        reverse=bool(given.get("reverse")),
        limit=None if limit is None else to_int32(limit),
    )
