"""The own properties of values of any kind."""

from __future__ import annotations

import math

from flarelocal.javascript.collections import LiteralMap
from flarelocal.javascript.errors import JsError
from flarelocal.javascript.foreign import Foreign
from flarelocal.javascript.function import Constructor
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.objects import in_property_order
from flarelocal.javascript.values import Hole, Value

__all__ = ["own_names", "own_properties", "remove_property", "same_value", "set_property"]


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
    if isinstance(value, Constructor | HostObject):
        return value.own_names()
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
    elif hasattr(target, "expando"):
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
