"""What a few objects have that most do not: properties with attributes, symbols, an end of growth.

An ordinary object keeps its properties in a place of its own (a plain object is a dict), and each
is writable, enumerable and configurable. Where that does not say all, there is a note about the
object here, so that the rest, nearly all, pays nothing for it.
"""

from __future__ import annotations

from sys import getrefcount
from typing import Final, TypeAlias

from flarelocal.dataclass import dataclass
from flarelocal.javascript.values import Symbol, Value

__all__ = ["NOTED", "Accessor", "Attributes", "Key", "Property", "attributes_of", "note"]

Key: TypeAlias = str | Symbol
"""What names a property."""


class Accessor:
    """A property that functions read and write; it stands where the value would.

    Attributes:
        get: undefined where it cannot be read.
        set: undefined where it cannot be written.
    """

    __slots__ = ("get", "owner", "set")

    def __init__(self, get: Value, set: Value, owner: Value) -> None:
        self.get = get
        self.set = set
        self.owner = owner

    def read(self) -> Value:
        """The value for the object that has the property."""
        return self.read_for(self.owner)

    def read_for(self, receiver: Value) -> Value:
        """The value for an object that inherits it."""
        return None if self.get is None else _method(self.get, receiver)()

    def write_for(self, receiver: Value, value: Value) -> None:
        _method(self.set, receiver)(value)


@dataclass(frozen=True, slots=True)
class Property:
    """A property as `Object.getOwnPropertyDescriptor` tells of it.

    Attributes:
        held: the value, or an `Accessor`.
    """

    held: Value
    writable: bool = True
    enumerable: bool = True
    configurable: bool = True


class Attributes:
    """The note about one object.

    Attributes:
        value: the object.
        extensible: whether it takes new properties.
        kept: properties that have no place in the object itself, because they are not enumerable,
            are named by symbols, or the object has no such place: values and accessors.
        enumerable: which of them are enumerable.
        read_only: the keys of properties that cannot be written.
        fixed: the keys of those that can be neither removed nor changed in their attributes.
        prototype: the one that the object was given; undefined where it has that of its class.
    """

    __slots__ = ("enumerable", "extensible", "fixed", "kept", "prototype", "read_only", "value")

    def __init__(self, value: Value) -> None:
        self.value = value
        self.extensible = True
        self.prototype: Value = None
        self.kept: dict[Key, Value] = {}
        self.enumerable: set[Key] = set()
        self.read_only: set[Key] = set()
        self.fixed: set[Key] = set()

    def forget(self, key: Key) -> None:
        """Drop what is said of a property."""
        self.kept.pop(key, None)
        for keys in (self.enumerable, self.read_only, self.fixed):
            keys.discard(key)


NOTED: Final[dict[int, Attributes]] = {}
"""Identity of the object → the note about it. A note keeps its object alive until a sweep finds
that nothing else does: neither dicts nor lists can be referred to weakly."""

_FIRST_SWEEP: Final = 256
_sweep_at = _FIRST_SWEEP


def attributes_of(value: Value) -> Attributes | None:
    """The note about an object; None for most."""
    return NOTED.get(id(value))


def note(value: Value) -> Attributes:
    """The note about an object, made if there is none."""
    found = NOTED.get(id(value))
    if found is None:
        if len(NOTED) >= _sweep_at:
            _sweep()
        found = NOTED[id(value)] = Attributes(value)
    return found


def _sweep() -> None:
    """Drop the notes about objects that only their notes refer to."""
    global _sweep_at
    for key, attributes in list(NOTED.items()):
        # The note itself and the argument.
        if getrefcount(attributes.value) <= 2:
            del NOTED[key]
    _sweep_at = max(_FIRST_SWEEP, 2 * len(NOTED))


def _method(function: Value, receiver: Value) -> Value:
    from flarelocal.javascript.prototype import with_receiver

    return with_receiver(function, receiver)
