"""JSON and Reflect."""

from __future__ import annotations

from flarelocal.javascript import json
from flarelocal.javascript.array_like import argument_list
from flarelocal.javascript.builtins.object import (
    own_names,
    own_properties,
    remove_property,
    set_property,
)
from flarelocal.javascript.errors import type_error
from flarelocal.javascript.foreign import Foreign
from flarelocal.javascript.function import Constructor
from flarelocal.javascript.host import HostObject, method
from flarelocal.javascript.text import to_string, typeof
from flarelocal.javascript.values import Symbol, Value, null

__all__ = ["Json", "Reflect"]


class Json(HostObject, js_name="Object"):
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


class Reflect(HostObject, js_name="Object"):
    """`Reflect`, as far as it concerns plain properties."""

    __slots__ = ()

    @method
    def own_keys(self, value: Value) -> Value:
        return own_names(_object(value, "ownKeys"))

    @method
    def has(self, value: Value, key: str) -> bool:
        return key in own_properties(_object(value, "has"))

    @method
    def get(self, value: Value, key: str) -> Value:
        target = _object(value, "get")
        if isinstance(target, Foreign):
            return target.property(key)
        return own_properties(target).get(key)

    @method
    def set(self, value: Value, key: str, member: Value) -> bool:
        set_property(_object(value, "set"), key, member)
        return True

    @method
    def delete_property(self, value: Value, key: str) -> bool:
        remove_property(_object(value, "deleteProperty"), key)
        return True

    @method
    def construct(self, kind: Value, arguments: Value) -> Value:
        if not isinstance(kind, Constructor):
            raise type_error(f"{to_string(kind)} is not a constructor")
        return kind.construct(*argument_list(arguments))

    @method
    def apply(self, function: Value, this: Value = None, arguments: Value = None) -> Value:
        if not callable(function):
            raise type_error(
                f"Function.prototype.apply was called on {to_string(function)}, which is"
                f" {_a(typeof(function))} and not a function"
            )
        return function(*argument_list(arguments))


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
