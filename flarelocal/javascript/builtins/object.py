"""Object."""

from __future__ import annotations

import math
from typing import Annotated

from flarelocal.javascript.collections import LiteralMap, iterate
from flarelocal.javascript.errors import JsError, type_error
from flarelocal.javascript.foreign import Foreign
from flarelocal.javascript.function import Builtin
from flarelocal.javascript.host import HostObject, method, static
from flarelocal.javascript.objects import in_property_order
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Boxed, Hole, Value, null

__all__ = [
    "ObjectType",
    "own_names",
    "own_properties",
    "remove_property",
    "same_value",
    "set_property",
]


def own_properties(value: Value) -> dict[str, Value]:
    """The own enumerable properties of any value, in JavaScript's order."""
    if isinstance(value, dict):
        return in_property_order(value)
    if isinstance(value, list | str):
        return {str(i): member for i, member in enumerate(value) if not isinstance(member, Hole)}
    if isinstance(value, JsError):
        return value.properties
    if isinstance(value, LiteralMap):
        return {key: member for key, member in value.items() if isinstance(key, str)}
    if isinstance(value, HostObject):
        return value.own_properties()
    if isinstance(value, Foreign):
        return value.own_properties()
    return dict(getattr(value, "expando", {}))


def own_names(value: Value) -> list[str]:
    """The names of all own properties, those that are not enumerable included."""
    names = list(own_properties(value))
    if isinstance(value, list | str):
        return [*names, "length"]
    if isinstance(value, JsError):
        hidden = {"message": bool(value.message), "cause": value.cause is not None}
        return ["stack", *(name for name, present in hidden.items() if present), *names]
    return names


def same_value(left: Value, right: Value) -> bool:
    """What `Object.is` gives."""
    if isinstance(left, int | float) and isinstance(right, int | float):
        if isinstance(left, bool) is not isinstance(right, bool):
            return False
        if left != left:
            return right != right
        return left == right and math.copysign(1, left) == math.copysign(1, right)
    return left is right or (isinstance(left, str) and isinstance(right, str) and left == right)


def _object(value: Value) -> Value:
    if value is None or value is null:
        raise type_error("Cannot convert undefined or null to object")
    return value


class ObjectType(Builtin, js_name="Object"):
    """Plain objects, which are dicts."""

    __slots__ = ()

    @classmethod
    def construct(cls, *arguments: Value) -> Value:
        value = arguments[0] if arguments else None
        if value is None or value is null:
            return {}
        return Boxed(value) if isinstance(value, bool | int | float | str) else value

    @staticmethod
    @static
    def keys(value: Value) -> Value:
        return list(own_properties(_object(value)))

    @staticmethod
    @static
    def values(value: Value) -> Value:
        return list(own_properties(_object(value)).values())

    @staticmethod
    @static
    def entries(value: Value) -> Value:
        return [[key, member] for key, member in own_properties(_object(value)).items()]

    @staticmethod
    @static(name="getOwnPropertyNames")
    def get_own_property_names(value: Value) -> Value:
        return own_names(_object(value))

    @staticmethod
    @static
    def from_entries(entries: Value) -> Value:
        if entries is None or entries is null:
            raise type_error(f"{to_string(entries)} is not iterable")
        made: dict[str, Value] = {}
        for entry in iterate(entries):
            if isinstance(entry, str | int | float) or entry is None or entry is null:
                raise type_error(f"Iterator value {to_string(entry)} is not an entry object")
            pair = iterate(entry)
            key = to_string(next(pair, None))
            made[key] = next(pair, None)
        return in_property_order(made)

    @staticmethod
    @static
    def group_by(members: Value, function: Value) -> Value:
        made: dict[str, Value] = {}
        for index, member in enumerate(iterate(members)):
            made.setdefault(to_string(function(member, index)), []).append(member)
        return in_property_order(made)

    @staticmethod
    @static
    def assign(target: Value, *sources: Value) -> Value:
        for source in sources:
            if source is None or source is null:
                continue
            for key, value in own_properties(source).items():
                set_property(target, key, value)
        return target

    @staticmethod
    @static
    def has_own(value: Value, key: Annotated[Value, "string"]) -> bool:
        return to_string(key) in own_properties(_object(value))

    @staticmethod
    @static(name="is")
    def is_(left: Value, right: Value) -> bool:
        return same_value(left, right)

    @staticmethod
    @static
    def create(prototype: Value = null, properties: Value = None) -> Value:
        return {}

    @staticmethod
    @static
    def freeze(value: Value) -> Value:
        """Gives the value back; flarelocal does not enforce that it stays as it is."""
        return value

    @staticmethod
    @static
    def is_frozen(value: Value) -> bool:
        return not isinstance(value, dict | list | HostObject)

    @method
    def has_own_property(self: Value, key: Value) -> bool:
        return to_string(key) in own_properties(self)

    @method(name="toString")
    def to_string_method(self: Value) -> str:
        return to_string(self)

    @method
    def to_locale_string(self: Value) -> str:
        return to_string(self)

    @method
    def value_of(self: Value) -> Value:
        return self


def set_property(target: Value, key: str, value: Value) -> None:
    """`target[key] = value`."""
    if isinstance(target, dict):
        target[key] = value
    elif isinstance(target, JsError):
        target.properties[key] = value
    elif isinstance(target, Foreign):
        target.set_property(key, value)
    elif isinstance(target, HostObject):
        member = target.members.get(key)
        if member and member.setter:
            member.setter(target, value)
        elif not member:
            if not hasattr(target, "expando"):
                target.expando = {}
            target.expando[key] = value


def remove_property(target: Value, key: str) -> None:
    """`delete target[key]`."""
    if isinstance(target, dict):
        target.pop(key, None)
    elif isinstance(target, JsError):
        target.properties.pop(key, None)
    elif isinstance(target, Foreign):
        target.remove_property(key)
    else:
        getattr(target, "expando", {}).pop(key, None)
