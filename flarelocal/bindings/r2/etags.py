"""Etags in conditions (workerd, api/r2-bucket.c++)."""

from __future__ import annotations

from flarelocal.javascript.errors import error, type_error
from flarelocal.storage.r2 import Etag

__all__ = ["etags_of", "single_etag"]

_STARTS = {
    "*": "a wildcard character '*' instead.",
    "W": (
        "a weak quotation character 'W' instead. This would otherwise indicate the start of a new "
        "weak etag."
    ),
    '"': (
        "a double quote character '\"' instead. This would otherwise indicate the start of a new "
        "strong etag."
    ),
}


def single_etag(text: str) -> tuple[Etag, ...]:
    """The etag of an option; a star stands for all.

    Raises:
        JsError: TypeError where it is in quotes.
    """
    if text.startswith('"') and text.endswith('"'):
        raise type_error(f"Conditional ETag should not be wrapped in quotes ({text}).")
    return (Etag(None if text == "*" else text),)


def etags_of(header: str | None, name: str) -> tuple[Etag, ...] | None:
    """The etags of a header; None if it is missing.

    Raises:
        JsError: it has none, or is malformed.
    """
    if header is None:
        return None
    found = _parsed(header)
    if not found:
        raise error(f"Invalid ETag in {name} header")
    return tuple(found)


def _parsed(rest: str) -> list[Etag]:
    found: list[Etag] = []
    comma = True
    while rest := rest.lstrip(" \t"):
        first = rest[0]
        if first == ",":
            rest, comma = rest[1:], True
            continue
        if first not in _STARTS:
            break
        if not comma:
            raise error(f"Comma was expected to separate etags. Encountered {_STARTS[first]}")
        if first == "*":
            return [Etag(None)]
        weak = first == "W"
        if weak and not (len(rest) > 2 and rest.startswith('W/"')):
            raise error("Weak etags must start with W/ and their value must be quoted")
        value, quote, rest = rest[3 if weak else 1 :].partition('"')
        if not quote:
            raise error("Unclosed double quote for Etag")
        found.append(Etag(value, weak))
        comma = False
    return found
