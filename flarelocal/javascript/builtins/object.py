"""Object."""

from __future__ import annotations

from typing import Annotated

from flarelocal.javascript.assignment import assign
from flarelocal.javascript.collections import iterate, iterate_required
from flarelocal.javascript.descriptor import define, descriptor_of
from flarelocal.javascript.errors import type_error
from flarelocal.javascript.function import Builtin
from flarelocal.javascript.host import method, static
from flarelocal.javascript.integrity import (
    is_extensible,
    is_frozen,
    is_object,
    is_sealed,
    prevent_extensions,
    protect,
)
from flarelocal.javascript.objects import in_property_order
from flarelocal.javascript.properties import (
    own_keys,
    own_names,
    own_properties,
    own_property,
    own_symbols,
    property_key,
    same_value,
)
from flarelocal.javascript.prototype import (
    Heir,
    chain_of,
    change_prototype,
    property_of,
    prototype_of,
    prototype_of_class,
)
from flarelocal.javascript.text import described, tag, to_string, typeof
from flarelocal.javascript.values import Bare, Boxed, Value, null

__all__ = ["ObjectType", "object_or_null"]


def _object(value: Value) -> Value:
    if value is None or value is null:
        raise type_error("Cannot convert undefined or null to object")
    return value


def object_or_null(value: Value) -> Value:
    """The prototype.

    Raises:
        JsError: TypeError, it cannot be one.
    """
    if value is not null and typeof(value) not in ("object", "function"):
        raise type_error(f"Object prototype may only be an Object or null: {described(value)}")
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
        if not callable(function):
            raise type_error(f"{described(function)} is not a function")
        made: dict[str, Value] = {}
        for index, member in enumerate(iterate_required(members)):
            made.setdefault(to_string(function(member, index)), []).append(member)
        return Bare(in_property_order(made))

    @staticmethod
    @static
    def assign(target: Value, *sources: Value) -> Value:
        for source in sources:
            if source is None or source is null:
                continue
            for key, value in own_properties(source).items():
                assign(target, key, value)
            for symbol in own_symbols(source):
                found = own_property(source, symbol)
                if found is not None and found.enumerable:
                    assign(target, symbol, property_of(source, symbol))
        return target

    @staticmethod
    @static
    def has_own(value: Value, key: Annotated[Value, "string"]) -> bool:
        return own_property(_object(value), property_key(key)) is not None

    @staticmethod
    @static(name="is")
    def is_(left: Value, right: Value) -> bool:
        return same_value(left, right)

    @staticmethod
    @static
    def create(prototype: Value = None, properties: Value = None) -> Value:
        """Without a prototype, and with that of `Object`, it is a plain object."""
        made: Value
        if prototype is null:
            made = Bare()
        elif prototype is prototype_of_class(ObjectType):
            made = {}
        else:
            made = Heir(object_or_null(prototype))
        return made if properties is None else ObjectType.define_properties(made, properties)

    @staticmethod
    @static(name="getPrototypeOf")
    def get_prototype_of(value: Value) -> Value:
        return prototype_of(_object(value))

    @staticmethod
    @static(name="setPrototypeOf")
    def set_prototype_of(value: Value, prototype: Value) -> Value:
        if value is None or value is null:
            raise type_error("Object.setPrototypeOf called on null or undefined")
        object_or_null(prototype)
        if typeof(value) in ("object", "function") and not change_prototype(value, prototype):
            raise type_error(f"{described(value)} is not extensible")
        return value

    @staticmethod
    @static
    def define_property(target: Value, key: Value, descriptor: Value) -> Value:
        if typeof(target) not in ("object", "function") or target is null:
            raise type_error("Object.defineProperty called on non-object")
        refusal = define(target, property_key(key), descriptor)
        if refusal is not None:
            raise refusal
        return target

    @staticmethod
    @static
    def define_properties(target: Value, descriptors: Value) -> Value:
        if not is_object(target):
            raise type_error("Object.defineProperties called on non-object")
        for key, descriptor in own_properties(_object(descriptors)).items():
            ObjectType.define_property(target, key, descriptor)
        return target

    @staticmethod
    @static(name="getOwnPropertyDescriptor")
    def get_own_property_descriptor(value: Value, key: Value) -> Value:
        return descriptor_of(_object(value), property_key(key))

    @staticmethod
    @static(name="getOwnPropertyDescriptors")
    def get_own_property_descriptors(value: Value) -> Value:
        made: dict[str, Value] = {}
        for key in own_keys(_object(value)):
            assign(made, key, descriptor_of(value, key))
        return made

    @staticmethod
    @static(name="getOwnPropertySymbols")
    def get_own_property_symbols(value: Value) -> Value:
        return own_symbols(_object(value))

    @staticmethod
    @static
    def freeze(value: Value) -> Value:
        if is_object(value):
            protect(value, frozen=True)
        return value

    @staticmethod
    @static
    def seal(value: Value) -> Value:
        if is_object(value):
            protect(value, frozen=False)
        return value

    @staticmethod
    @static
    def prevent_extensions(value: Value) -> Value:
        if is_object(value):
            prevent_extensions(value)
        return value

    @staticmethod
    @static
    def is_frozen(value: Value) -> bool:
        return is_frozen(value)

    @staticmethod
    @static
    def is_sealed(value: Value) -> bool:
        return is_sealed(value)

    @staticmethod
    @static
    def is_extensible(value: Value) -> bool:
        return is_extensible(value)

    @method
    def has_own_property(self: Value, key: Value) -> bool:
        return own_property(self, property_key(key)) is not None

    @method
    def property_is_enumerable(self: Value, key: Value) -> bool:
        found = own_property(self, property_key(key))
        return found is not None and found.enumerable

    @method
    def is_prototype_of(self: Value, value: Value) -> bool:
        return any(holder is self for holder in chain_of(prototype_of(value)))

    @method(name="toString")
    def to_string_method(self: Value) -> str:
        return tag(self)

    @method
    def to_locale_string(self: Value) -> str:
        return to_string(self)

    @method
    def value_of(self: Value) -> Value:
        return self
