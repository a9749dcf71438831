"""How properties are written and removed."""

from __future__ import annotations

from flarelocal.javascript.attributes import NOTED, Accessor, Key, Property, attributes_of, note
from flarelocal.javascript.errors import JsError, range_error, type_error
from flarelocal.javascript.foreign import Foreign
from flarelocal.javascript.function import Constructor
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.numbers import to_number
from flarelocal.javascript.objects import is_index
from flarelocal.javascript.properties import own_property, storage_of
from flarelocal.javascript.prototype import chain_of, prototype_of
from flarelocal.javascript.text import described, key_text
from flarelocal.javascript.values import Value, hole

__all__ = ["assign", "keep", "put", "remove", "take_away"]


def assign(target: Value, key: Key, value: Value) -> None:
    """`target[key] = value`, as strict code has it.

    Raises:
        JsError: TypeError, the property cannot be written or the object takes no new ones.
    """
    refusal = put(target, key, value)
    if refusal is not None:
        raise refusal


def remove(target: Value, key: Key) -> None:
    """`delete target[key]`, as strict code has it.

    Raises:
        JsError: TypeError, the property cannot be removed.
    """
    refusal = take_away(target, key)
    if refusal is not None:
        raise refusal


def put(target: Value, key: Key, value: Value) -> JsError | None:
    """Write a property; gives the error where it cannot be written."""
    if isinstance(target, Foreign):
        target.set_property(key_text(key), value)
        return None
    if type(target) is dict and not NOTED:
        target[key] = value
        return None
    own = own_property(target, key)
    found = own or _inherited(target, key)
    if found is not None:
        if isinstance(found.held, Accessor):
            return _written(found.held, target, key, value)
        if not found.writable:
            return type_error(
                f"Cannot assign to read only property '{key_text(key)}' of object"
                f" '{described(target)}'"
            )
    noted = attributes_of(target)
    if own is None and noted is not None and not noted.extensible:
        return type_error(f"Cannot add property {key_text(key)}, object is not extensible")
    keep(target, key, Property(value) if own is None else _changed(own, value))
    return None


def take_away(target: Value, key: Key) -> JsError | None:
    """Remove a property, if it is there; gives the error where it cannot be removed."""
    if isinstance(target, Foreign):
        target.remove_property(key_text(key))
        return None
    own = own_property(target, key)
    if own is None:
        return None
    if not own.configurable:
        return type_error(f"Cannot delete property '{key_text(key)}' of {described(target)}")
    noted = attributes_of(target)
    if noted is not None:
        noted.forget(key)
    if isinstance(target, list) and isinstance(key, str) and is_index(key):
        target[int(key)] = hole
        return None
    _drop(target, key)
    return None


def keep(target: Value, key: Key, made: Property) -> None:
    """Give an object a property as it is described, whatever it had before."""
    in_place = _put_in_place(target, key, made)
    noted = note(target) if not in_place or not _usual(made) else attributes_of(target)
    if noted is None:
        return
    noted.forget(key)
    if not in_place:
        if not isinstance(target, list):
            _drop(target, key)
        noted.kept[key] = made.held
        if made.enumerable:
            noted.enumerable.add(key)
    if not made.writable:
        noted.read_only.add(key)
    if not made.configurable:
        noted.fixed.add(key)


def _put_in_place(target: Value, key: Key, made: Property) -> bool:
    """Put a property where the object itself keeps it; whether there is such a place."""
    if not isinstance(key, str):
        return False
    if isinstance(target, list) and key == "length":
        _set_length(target, made.held)
        return True
    if isinstance(target, list) and is_index(key):
        target.extend([hole] * (int(key) + 1 - len(target)))
        target[int(key)] = made.held
        return made.enumerable
    if isinstance(target, JsError) and key in ("message", "cause", "stack") and not made.enumerable:
        setattr(target, key, made.held)
        return True
    if isinstance(target, HostObject | Constructor):
        return target.put_own(key, made.held, made.enumerable)
    storage = storage_of(target)
    if storage is None or not made.enumerable:
        return False
    if isinstance(target, JsError) and key == "name":
        target.name = made.held
    storage[key] = made.held
    return True


def _drop(target: Value, key: Key) -> None:
    """Remove a property from where the object itself keeps it."""
    storage = storage_of(target)
    if storage is not None and isinstance(key, str):
        storage.pop(key, None)


def _usual(made: Property) -> bool:
    return made.writable and made.configurable and not isinstance(made.held, Accessor)


def _changed(own: Property, value: Value) -> Property:
    return Property(value, own.writable, own.enumerable, own.configurable)


def _inherited(target: Value, key: Key) -> Property | None:
    for holder in chain_of(prototype_of(target)):
        found = own_property(holder, key)
        if found is not None:
            return found
    return None


def _written(accessor: Accessor, target: Value, key: Key, value: Value) -> JsError | None:
    if accessor.set is None:
        return type_error(
            f"Cannot set property {key_text(key)} of {described(target)} which has only a getter"
        )
    accessor.write_for(target, value)
    return None


def _set_length(array: list[Value], value: Value) -> None:
    length = to_number(value)
    if not isinstance(length, int) or not 0 <= length < 2**32:
        raise range_error("Invalid array length")
    del array[length:]
    array.extend([hole] * (length - len(array)))
