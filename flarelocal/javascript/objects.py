"""The order of the properties of an object: indices come first, in ascending order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeVar

__all__ = ["has_index_keys", "in_property_order", "is_index"]

V = TypeVar("V")

_LARGEST_INDEX: Final = 2**32 - 2


def is_index(key: str) -> bool:
    """Whether the key is an array index: `0` to `4294967294`, without leading zeros."""
    return (
        key.isascii()
        and key.isdigit()
        and (key[0] != "0" or key == "0")
        and len(key) <= 10
        and int(key) <= _LARGEST_INDEX
    )


def has_index_keys(properties: Mapping[str, object]) -> bool:
    return bool(properties) and min(properties) < ":" and any(map(is_index, properties))


def in_property_order(properties: Mapping[str, V]) -> dict[str, V]:
    """The same properties in the order in which JavaScript goes over them."""
    indices = sorted((key for key in properties if is_index(key)), key=int)
    made = {key: properties[key] for key in indices}
    return made | {key: value for key, value in properties.items() if key not in made}
