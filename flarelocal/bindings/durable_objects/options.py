"""The options of storage operations."""

from __future__ import annotations

from flarelocal.durable_objects.storage.key_value import ListOptions
from flarelocal.javascript.numbers import to_int32
from flarelocal.javascript.signature import Options, properties_of, refused, to_boolean
from flarelocal.javascript.text import through_utf8, to_string
from flarelocal.javascript.values import Value

__all__ = ["list_options", "options_of", "stored_text"]


def options_of(value: Value, owner: str, method: str, index: int, kind: str) -> Options:
    """The properties of options.

    Args:
        owner: the name of the class.
        index: of the argument, from 0.
        kind: the name of the type of such options.

    Raises:
        JsError: TypeError where they are no object.
    """
    given = properties_of(value)
    if given is None:
        raise refused(owner, method, index, kind)
    return given


def list_options(given: Options) -> ListOptions:
    """The range of keys that a program asks for.

    Raises:
        DurableObjectError: the options contradict each other.
    """

    def text(name: str) -> str | None:
        return None if given.get(name) is None else stored_text(given[name])

    limit = given.get("limit")
    return ListOptions(
        start=text("start"),
        start_after=text("startAfter"),
        end=text("end"),
        prefix=text("prefix"),
        reverse=to_boolean(given.get("reverse")),
        limit=None if limit is None else to_int32(limit),
    )


def stored_text(value: Value) -> str:
    """The text of a key as the storage knows it, which is UTF-8."""
    return through_utf8(to_string(value))
