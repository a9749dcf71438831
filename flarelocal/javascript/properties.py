"""The own properties of values of any kind."""

from __future__ import annotations

import math

from flarelocal.javascript.attributes import NOTED, Accessor, Key, Property, attributes_of
from flarelocal.javascript.collections import LiteralMap
from flarelocal.javascript.errors import JsError
from flarelocal.javascript.foreign import Foreign
from flarelocal.javascript.function import Constructor
from flarelocal.javascript.host import HostObject, Member, arity
from flarelocal.javascript.objects import has_index_keys, in_property_order, is_index
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Boxed, Hole, Symbol, Value

__all__ = [
    "length_of",
    "own_keys",
    "own_names",
    "own_properties",
    "own_property",
    "own_symbols",
    "property_key",
    "same_value",
    "storage_of",
]

_HIDDEN_OF_ERROR = ("stack", "message", "cause")


def property_key(value: Value) -> Key:
    """What names a property: a symbol, or the text of any other value."""
    return value if isinstance(value, Symbol) else to_string(value)


def own_properties(value: Value) -> dict[str, Value]:
    """The own enumerable properties of any value, in JavaScript's order."""
    if id(value) not in NOTED:
        return _visible(value)
    made = {k: m.read() if isinstance(m, Accessor) else m for k, m in _visible(value).items()}
    noted = NOTED[id(value)]
    for key, held in noted.kept.items():
        if key in noted.enumerable and isinstance(key, str):
            made[key] = held.read() if isinstance(held, Accessor) else held
        elif key in made:
            # A place of an array.
            del made[key]
    return made


def own_names(value: Value) -> list[str]:
    """The names of all own properties, those that are not enumerable included."""
    names = _natural_names(value)
    noted = attributes_of(value)
    if noted is None:
        return names
    further = dict.fromkeys(key for key in noted.kept if isinstance(key, str))
    return list(in_property_order(dict.fromkeys(names) | further))


def own_symbols(value: Value) -> list[Symbol]:
    """The symbols that name own properties."""
    noted = attributes_of(value)
    return [key for key in noted.kept if isinstance(key, Symbol)] if noted else []


def own_keys(value: Value) -> list[Key]:
    """What names its own properties: texts first."""
    return [*own_names(value), *own_symbols(value)]


def own_property(value: Value, key: Key) -> Property | None:
    """An own property; None where there is none of that name."""
    noted = attributes_of(value)
    if noted and key in noted.kept:
        found = Property(noted.kept[key], True, key in noted.enumerable, True)
    else:
        natural = _of_symbol(value, key) if isinstance(key, Symbol) else _natural(value, key)
        if natural is None:
            return None
        found = natural
    if noted is None:
        return found
    return Property(
        found.held,
        found.writable and key not in noted.read_only,
        found.enumerable,
        found.configurable and key not in noted.fixed,
    )


def storage_of(value: Value) -> dict[str, Value] | None:
    """Where the object itself keeps properties; None where it has no such place."""
    if isinstance(value, dict):
        return value
    if isinstance(value, JsError):
        return value.properties
    if isinstance(value, HostObject):
        return value.storage()
    found: dict[str, Value] | None = getattr(value, "expando", None)
    return found


def same_value(left: Value, right: Value) -> bool:
    """What `Object.is` gives."""
    if isinstance(left, int | float) and isinstance(right, int | float):
        if isinstance(left, bool) is not isinstance(right, bool):
            return False
        if left != left:
            return right != right
        return left == right and math.copysign(1, left) == math.copysign(1, right)
    return left is right or (isinstance(left, str) and isinstance(right, str) and left == right)


def _visible(value: Value) -> dict[str, Value]:
    """The enumerable properties that the value has without a note."""
    if isinstance(value, dict):
        return in_property_order(value) if has_index_keys(value) else value.copy()
    if isinstance(value, list | str):
        members = {str(i): member for i, member in enumerate(value) if type(member) is not Hole}
        return members | getattr(value, "expando", {})
    if isinstance(value, JsError):
        return value.properties
    if isinstance(value, Boxed):
        return _visible(value.value) if isinstance(value.value, str) else {}
    if isinstance(value, LiteralMap):
        return {key: member for key, member in value.items() if isinstance(key, str)}
    if isinstance(value, HostObject | Foreign):
        return value.own_properties()
    if isinstance(value, Constructor):
        return value.own_properties()
    return dict(getattr(value, "expando", {}))


def _natural_names(value: Value) -> list[str]:
    if isinstance(value, Constructor | HostObject):
        return value.own_names()
    names = list(_visible(value))
    if isinstance(value, JsError):
        return [*(name for name in _HIDDEN_OF_ERROR if _of_error(value, name)), *names]
    if isinstance(value, list | str) or (isinstance(value, Boxed) and isinstance(value.value, str)):
        count = sum(map(is_index, names))
        return [*names[:count], "length", *names[count:]]
    if callable(value) and not isinstance(value, Foreign):
        return ["length", "name", *names]
    return names


def _of_symbol(value: Value, symbol: Symbol) -> Property | None:
    return value.own_symbol(symbol) if isinstance(value, HostObject) else None


def _natural(value: Value, name: str) -> Property | None:
    """A property that the value has without a note."""
    if isinstance(value, dict):
        return Property(value[name]) if name in value else None
    if isinstance(value, list):
        if name == "length":
            return Property(len(value), True, False, False)
        if is_index(name):
            found = int(name) < len(value) and type(value[int(name)]) is not Hole
            return Property(value[int(name)]) if found else None
    if isinstance(value, Constructor | HostObject):
        return value.own_property(name)
    if isinstance(value, Boxed | str):
        return _of_text(value.value if isinstance(value, Boxed) else value, name)
    if isinstance(value, JsError) and name in _HIDDEN_OF_ERROR:
        return _of_error(value, name)
    visible = _visible(value)
    if name in visible:
        return Property(visible[name])
    if callable(value) and not isinstance(value, Foreign):
        if name == "name":
            return Property(getattr(value, "__name__", ""), False, False)
        if name == "length":
            return Property(length_of(value), False, False)
    return None


def _of_error(error: JsError, name: str) -> Property | None:
    if name == "stack":
        stack = f"{error}\n    at <anonymous>" if error.stack is None else error.stack
        return Property(stack, enumerable=False)
    held = getattr(error, name)
    return Property(held, enumerable=False) if held not in ("", None) else None


def _of_text(text: Value, name: str) -> Property | None:
    if not isinstance(text, str):
        return None
    if name == "length":
        return Property(len(text), False, False, False)
    found = is_index(name) and int(name) < len(text)
    return Property(text[int(name)], False, True, False) if found else None


def length_of(function: Value) -> int:
    """How many arguments a function says that it takes."""
    member = getattr(function, "member", None)
    if isinstance(member, Member):
        return member.required if member.maximum is None else member.maximum
    try:
        return arity(function)[0]
    except (TypeError, ValueError):
        return 0
