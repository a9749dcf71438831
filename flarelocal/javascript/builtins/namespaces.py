"""JSON and Reflect."""

from __future__ import annotations

from flarelocal.javascript import json
from flarelocal.javascript.array_like import argument_list
from flarelocal.javascript.assignment import put, take_away
from flarelocal.javascript.builtins.namespace import Namespace
from flarelocal.javascript.builtins.object import ObjectType, object_or_null
from flarelocal.javascript.descriptor import define, descriptor_of
from flarelocal.javascript.errors import JsError, type_error
from flarelocal.javascript.foreign import Foreign
from flarelocal.javascript.function import Constructor
from flarelocal.javascript.host import method
from flarelocal.javascript.integrity import prevent_extensions
from flarelocal.javascript.properties import own_keys, property_key
from flarelocal.javascript.prototype import (
    change_prototype,
    has_property,
    property_of,
    prototype_of,
    prototype_of_class,
    with_receiver,
)
from flarelocal.javascript.text import described, key_text, to_string, typeof
from flarelocal.javascript.values import Symbol, Value, null

__all__ = ["Json", "Reflect"]


class Json(Namespace, js_name="Object"):
    """`JSON`."""

    __slots__ = ()

    @method
    def stringify(self, value: Value = None, replacer: Value = None, space: Value = None) -> Value:
        return json.stringify(value, replacer, space)

    @method
    def parse(self, text: Value = None, reviver: Value = None) -> Value:
        value = json.parse(to_string(text))
        return _revived("", value, reviver) if callable(reviver) else value

    def to_js_string(self) -> str:
        return "[object JSON]"


class Reflect(Namespace, js_name="Object"):
    """`Reflect`: what operators do, as functions."""

    __slots__ = ()

    def to_js_string(self) -> str:
        return "[object Reflect]"

    @method
    def own_keys(self, value: Value) -> Value:
        return own_keys(_object(value, "ownKeys"))

    @method
    def has(self, value: Value, key: Value) -> bool:
        return has_property(_object(value, "has"), property_key(key))

    @method
    def get(self, value: Value, key: Value) -> Value:
        target, name = _object(value, "get"), property_key(key)
        if isinstance(target, Foreign):
            return target.property(key_text(name))
        return property_of(target, name)

    @method
    def get_prototype_of(self, value: Value = None) -> Value:
        return prototype_of(_object(value, "getPrototypeOf"))

    @method
    def set_prototype_of(self, value: Value, prototype: Value) -> bool:
        target = _object(value, "setPrototypeOf")
        try:
            return change_prototype(target, object_or_null(prototype))
        except JsError:
            return False

    @method
    def is_extensible(self, value: Value = None) -> bool:
        return ObjectType.is_extensible(_object(value, "isExtensible"))

    @method
    def prevent_extensions(self, value: Value = None) -> bool:
        prevent_extensions(_object(value, "preventExtensions"))
        return True

    @method
    def define_property(self, value: Value, key: Value, descriptor: Value) -> bool:
        return define(_object(value, "defineProperty"), property_key(key), descriptor) is None

    @method
    def get_own_property_descriptor(self, value: Value, key: Value) -> Value:
        return descriptor_of(_object(value, "getOwnPropertyDescriptor"), property_key(key))

    @method
    def set(self, value: Value, key: Value, member: Value) -> bool:
        return put(_object(value, "set"), property_key(key), member) is None

    @method
    def delete_property(self, value: Value, key: Value) -> bool:
        return take_away(_object(value, "deleteProperty"), property_key(key)) is None

    @method
    def construct(self, kind: Value = None, arguments: Value = None, *new: Value) -> Value:
        """With a third argument, the object has the prototype of that class."""
        for each in (kind, *new):
            if not isinstance(each, Constructor):
                raise type_error(f"{described(each)} is not a constructor")
        made = kind.construct(*argument_list(arguments))
        if new:
            change_prototype(made, prototype_of_class(new[0].kind))
        return made

    @method
    def apply(self, function: Value, this: Value = None, arguments: Value = None) -> Value:
        if not callable(function):
            raise type_error(
                f"Function.prototype.apply was called on {to_string(function)}, which is"
                f" {_a(typeof(function))} and not a function"
            )
        return with_receiver(function, this)(*argument_list(arguments))


def _a(kind: str) -> str:
    return kind if kind == "undefined" else f"{'an' if kind == 'object' else 'a'} {kind}"


def _object(value: Value, name: str) -> Value:
    if value is None or value is null or isinstance(value, bool | int | float | str | Symbol):
        raise type_error(f"Reflect.{name} called on non-object")
    return value


def _revived(key: str, value: Value, reviver: Value) -> Value:
    """What the reviver makes of a value, its members first; undefined ones go away."""
    if isinstance(value, dict):
        members = {name: _revived(name, member, reviver) for name, member in value.items()}
        value = {name: member for name, member in members.items() if member is not None}
    elif isinstance(value, list):
        value = [_revived(str(index), member, reviver) for index, member in enumerate(value)]
    return reviver(key, value)
