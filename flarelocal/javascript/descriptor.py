"""What `Object.defineProperty` takes and `Object.getOwnPropertyDescriptor` gives."""

from __future__ import annotations

from flarelocal.javascript.assignment import keep
from flarelocal.javascript.attributes import Accessor, Key, Property, attributes_of
from flarelocal.javascript.errors import JsError, type_error
from flarelocal.javascript.properties import own_property, same_value
from flarelocal.javascript.prototype import has_property, property_of
from flarelocal.javascript.signature import to_boolean
from flarelocal.javascript.text import described, key_text, typeof
from flarelocal.javascript.values import Value, null

__all__ = ["define", "descriptor_of"]

_FLAGS = ("writable", "enumerable", "configurable")


def descriptor_of(value: Value, key: Key) -> Value:
    """The description of an own property; undefined where there is none."""
    found = own_property(value, key)
    if found is None:
        return None
    rest = {"enumerable": found.enumerable, "configurable": found.configurable}
    if isinstance(found.held, Accessor):
        return {"get": found.held.get, "set": found.held.set, **rest}
    return {"value": found.held, "writable": found.writable, **rest}


def define(target: Value, key: Key, descriptor: Value) -> JsError | None:
    """Give an object a property, or change one; gives the error where that cannot be.

    Raises:
        JsError: TypeError, the descriptor is none.
    """
    given = _fields(descriptor)
    present = own_property(target, key)
    if present is None:
        noted = attributes_of(target)
        if noted is not None and not noted.extensible:
            return type_error(f"Cannot define property {key_text(key)}, object is not extensible")
    elif not present.configurable and not _allowed(present, given):
        return type_error(f"Cannot redefine property: {key_text(key)}")
    keep(target, key, _combined(target, present, given))
    return None


def _fields(descriptor: Value) -> dict[str, Value]:
    """What a descriptor says."""
    if typeof(descriptor) not in ("object", "function") or descriptor is null:
        raise type_error(f"Property description must be an object: {described(descriptor)}")
    names = ("enumerable", "configurable", "value", "writable", "get", "set")
    given = {
        name: property_of(descriptor, name) for name in names if has_property(descriptor, name)
    }
    for name, word in (("get", "Getter"), ("set", "Setter")):
        if given.get(name) is not None and not callable(given[name]):
            raise type_error(f"{word} must be a function: {described(given[name])}")
    if given.keys() & {"get", "set"} and given.keys() & {"value", "writable"}:
        raise type_error(
            "Invalid property descriptor. Cannot both specify accessors and a value or writable"
            f" attribute, {described(descriptor)}"
        )
    return {name: to_boolean(v) if name in _FLAGS else v for name, v in given.items()}


def _allowed(present: Property, given: dict[str, Value]) -> bool:
    """Whether a property that is not configurable may become what the descriptor says."""
    if given.get("configurable") or given.get("enumerable", present.enumerable) is not (
        present.enumerable
    ):
        return False
    if isinstance(present.held, Accessor):
        accessor = present.held
        if given.keys() & {"value", "writable"}:
            return False
        same_getter = given.get("get", accessor.get) is accessor.get
        return same_getter and given.get("set", accessor.set) is accessor.set
    if given.keys() & {"get", "set"}:
        return False
    if present.writable:
        return True
    return not given.get("writable") and same_value(given.get("value", present.held), present.held)


def _combined(target: Value, present: Property | None, given: dict[str, Value]) -> Property:
    before = present or Property(None, False, False, False)
    enumerable = given.get("enumerable", before.enumerable)
    configurable = given.get("configurable", before.configurable)
    was_accessor = isinstance(before.held, Accessor)
    if given.keys() & {"get", "set"} or (was_accessor and not given.keys() & {"value", "writable"}):
        old = before.held if was_accessor else Accessor(None, None, target)
        accessor = Accessor(given.get("get", old.get), given.get("set", old.set), target)
        return Property(accessor, True, enumerable, configurable)
    value = given.get("value", None if was_accessor else before.held)
    writable = given.get("writable", False if was_accessor else before.writable)
    return Property(value, writable, enumerable, configurable)
