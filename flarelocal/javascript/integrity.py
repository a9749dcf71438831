"""How far an object can still change: `Object.freeze`, `seal` and `preventExtensions`."""

from __future__ import annotations

from flarelocal.javascript.attributes import Accessor, attributes_of, note
from flarelocal.javascript.binary import TypedArray
from flarelocal.javascript.errors import type_error
from flarelocal.javascript.foreign import Foreign
from flarelocal.javascript.properties import own_keys, own_property
from flarelocal.javascript.text import typeof
from flarelocal.javascript.values import Value, null

__all__ = ["is_extensible", "is_frozen", "is_object", "is_sealed", "prevent_extensions", "protect"]


def is_object(value: Value) -> bool:
    return value is not null and typeof(value) in ("object", "function")


def prevent_extensions(value: Value) -> None:
    """Have an object take no new properties.

    Raises:
        JsError: TypeError, it is an object of another language, which answers for itself.
    """
    if isinstance(value, Foreign):
        raise type_error(
            "'preventExtensions' on proxy: trap returned falsish"
            if not callable(value)
            else "'ownKeys' on proxy: trap returned extra keys but proxy target is non-extensible"
        )
    note(value).extensible = False


def protect(value: Value, *, frozen: bool) -> None:
    """Have the properties of an object stay, and with `frozen` also stay as they are.

    Raises:
        JsError: TypeError for an array buffer view with elements, and as `prevent_extensions`.
    """
    if isinstance(value, TypedArray) and value.length:
        verb = "freeze" if frozen else "seal"
        raise type_error(f"Cannot {verb} array buffer views with elements")
    prevent_extensions(value)
    noted = note(value)
    for key in own_keys(value):
        noted.fixed.add(key)
        found = own_property(value, key)
        if frozen and found is not None and not isinstance(found.held, Accessor):
            noted.read_only.add(key)


def is_extensible(value: Value) -> bool:
    noted = attributes_of(value)
    return is_object(value) and (noted is None or noted.extensible)


def is_sealed(value: Value) -> bool:
    """Whether the object takes no properties and loses none."""
    found = (own_property(value, key) for key in ([] if is_extensible(value) else own_keys(value)))
    return not is_extensible(value) and not any(each and each.configurable for each in found)


def is_frozen(value: Value) -> bool:
    """Whether nothing about the properties of the object can change."""
    if not is_sealed(value):
        return False
    found = (own_property(value, key) for key in own_keys(value))
    return not any(each and each.writable and not isinstance(each.held, Accessor) for each in found)
