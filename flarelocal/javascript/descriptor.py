"""What `Object.defineProperty` takes and `Object.getOwnPropertyDescriptor` gives."""

from __future__ import annotations

from dataclasses import replace

from flarelocal.javascript.errors import not_emulated, type_error
from flarelocal.javascript.properties import own_names, own_properties, set_property
from flarelocal.javascript.prototype import Prototype, PrototypeMethod, property_of
from flarelocal.javascript.signature import to_boolean
from flarelocal.javascript.text import described, typeof
from flarelocal.javascript.values import Value, null

__all__ = ["define", "descriptor_of"]

_FLAGS = ("writable", "enumerable", "configurable")


def descriptor_of(value: Value, name: str) -> Value:
    """The description of an own property; undefined where there is none."""
    if name not in own_names(value):
        return None
    if isinstance(value, Prototype):
        member = value.own_members().get(name)
        enumerable = member is not None and not value.of_language
        if member is not None and member.kind == "getter":
            setter = member.setter and replace(member, function=member.setter, maximum=1)
            return {
                "get": PrototypeMethod(value.kind, member, value),
                "set": setter and PrototypeMethod(value.kind, setter, value),
                "enumerable": enumerable,
                "configurable": True,
            }
        flags = (True, enumerable, True)
    else:
        enumerable = name in own_properties(value)
        flags = (True, enumerable, enumerable)
    return {"value": property_of(value, name), **dict(zip(_FLAGS, flags, strict=True))}


def define(target: Value, name: str, descriptor: Value) -> None:
    """Give an object a property that is as any other one.

    Raises:
        JsError: TypeError, the descriptor is no object; NotSupportedError, it describes what
            assignment does not make: flarelocal keeps no attributes of properties.
    """
    if typeof(descriptor) not in ("object", "function") or descriptor is null:
        raise type_error(f"Property description must be an object: {described(descriptor)}")
    found = own_properties(descriptor)
    default = name in own_properties(target)
    if not found.keys().isdisjoint(("get", "set")):
        raise not_emulated("Object.defineProperty with get or set")
    if not all(to_boolean(found.get(flag, default)) for flag in _FLAGS):
        raise not_emulated(
            "Object.defineProperty without writable, enumerable and configurable being true"
        )
    set_property(target, name, found.get("value"))
