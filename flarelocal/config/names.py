"""The names that bindings take in `env`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flarelocal.config.tree import Keys

__all__ = ["binding_names"]

_NAMED = ("durable_objects", "unsafe", "logfwdr", "send_email", "ratelimits")
_MAPPINGS = ("vars", "define", "wasm_modules", "text_blobs", "data_blobs")


def binding_names(key: str, value: Any) -> Iterator[tuple[str, Keys]]:
    """The name of each binding of a checked section, with its place in the section."""
    field = "name" if key in _NAMED else "binding"
    if key in _MAPPINGS:
        yield from ((name, (name,)) for name in value)
    elif key == "secrets":
        names = value.get("required", [])
        yield from ((name, ("required", index)) for index, name in enumerate(names))
    elif key == "queues":
        yield from _of_list(value.get("producers", []), ("producers",), field)
    elif key in _NAMED and isinstance(value, dict):
        yield from _of_list(value.get("bindings", []), ("bindings",), field)
    elif isinstance(value, list):
        yield from _of_list(value, (), field)
    elif isinstance(value, dict) and "binding" in value:
        yield value["binding"], ("binding",)


def _of_list(entries: list[Any], keys: Keys, field: str) -> Iterator[tuple[str, Keys]]:
    for index, entry in enumerate(entries):
        if isinstance(entry, dict) and field in entry:
            yield entry[field], (*keys, index, field)
