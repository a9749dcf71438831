"""The names that bindings take in `env`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flarelocal.config.keys import EMULATED, PRODUCTS
from flarelocal.config.tree import Keys

__all__ = ["binding_names", "unsupported_bindings"]

_NAMED = ("durable_objects", "unsafe", "logfwdr", "send_email", "ratelimits")
_MAPPINGS = ("vars", "define", "wasm_modules", "text_blobs", "data_blobs")


def binding_names(key: str, value: Any) -> Iterator[tuple[str, Keys]]:
    """The name of each binding of a section, with its place in the section.

    Of a list in which one has no name, none are taken, as in wrangler.
    """
    field = "name" if key in _NAMED else "binding"
    if isinstance(value, list):
        yield from _of_list(value, (), field)
    elif not isinstance(value, dict):
        return
    elif key in _MAPPINGS:
        yield from ((name, (name,)) for name in value)
    elif key == "secrets":
        names = value.get("required", [])
        if isinstance(names, list):
            yield from ((str(name), ("required", index)) for index, name in enumerate(names))
    elif key == "queues":
        yield from _of_list(value.get("producers", []), ("producers",), field)
    elif key in _NAMED:
        yield from _of_list(value.get("bindings", []), ("bindings",), field)
    elif isinstance(value.get("binding"), str):
        yield value["binding"], ("binding",)


def unsupported_bindings(values: Mapping[str, Any]) -> Iterator[tuple[str, str, Keys]]:
    """The bindings that flarelocal does not emulate: name, product, and place in the section."""
    for key, product in PRODUCTS.items():
        if key in values and key not in EMULATED:
            for name, keys in binding_names(key, values[key]):
                if key != "unsafe" or not _emulated_by_another_name(values[key]["bindings"], keys):
                    yield name, product, (key, *keys)


def _emulated_by_another_name(entries: list[Any], keys: Keys) -> bool:
    # Rate limits were unsafe bindings before they had a key of their own.
    entry = entries[int(keys[1])]
    return entry["type"] == "ratelimit" and "ratelimits" in EMULATED


def _of_list(entries: Any, keys: Keys, field: str) -> Iterator[tuple[str, Keys]]:
    if not isinstance(entries, list):
        return
    names = [entry.get(field) if isinstance(entry, dict) else None for entry in entries]
    known = [name for name in names if isinstance(name, str)]
    if len(known) == len(names):
        yield from ((name, (*keys, index, field)) for index, name in enumerate(known))
