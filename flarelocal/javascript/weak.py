"""WeakMap, WeakSet, WeakRef and FinalizationRegistry.

They hold what they are given as long as they live themselves: that it may go away earlier is
nothing that a program can rely on.
"""

from __future__ import annotations

from typing import ClassVar

from flarelocal.javascript.callback import callback
from flarelocal.javascript.collections import iterate
from flarelocal.javascript.errors import type_error
from flarelocal.javascript.host import HostObject, method
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value, null

__all__ = ["FinalizationRegistry", "WeakMap", "WeakRef", "WeakSet"]


class _Weak(HostObject):
    __slots__ = ()

    def clone_refusal(self) -> str:
        return f"#<{self.js_name}> could not be cloned."


class _WeakCollection(_Weak):
    """Objects by their identity, each with a value."""

    __slots__ = ("_entries",)

    _role: ClassVar[str]

    def __init__(self, entries: Value = None) -> None:
        self._entries: dict[int, tuple[Value, Value]] = {}
        for entry in iterate(entries):
            self._fill(entry)

    def _fill(self, entry: Value) -> None:
        raise NotImplementedError

    def _put(self, key: Value, value: Value) -> None:
        if _is_primitive(key):
            raise type_error(f"Invalid value used {self._role}")
        self._entries[id(key)] = (key, value)

    @method
    def has(self, key: Value = None) -> bool:
        return id(key) in self._entries

    @method
    def delete(self, key: Value = None) -> bool:
        return self._entries.pop(id(key), None) is not None


class WeakMap(_WeakCollection, constructible=True):
    """Values that belong to objects."""

    __slots__ = ()

    _role = "as weak map key"

    def _fill(self, entry: Value) -> None:
        if _is_primitive(entry):
            raise type_error(f"Iterator value {to_string(entry)} is not an entry object")
        pair = iter((entry.get("0"), entry.get("1"))) if type(entry) is dict else iterate(entry)
        key = next(pair, None)
        self._put(key, next(pair, None))

    @method
    def get(self, key: Value = None) -> Value:
        entry = self._entries.get(id(key))
        return entry[1] if entry else None

    @method
    def get_or_insert(self, key: Value = None, value: Value = None) -> Value:
        if not self.has(key):
            self._put(key, value)
        return self.get(key)

    @method
    def get_or_insert_computed(self, key: Value = None, function: Value = None) -> Value:
        call = callback(function)
        if not self.has(key):
            self._put(key, call(key))
        return self.get(key)

    @method
    def set(self, key: Value = None, value: Value = None) -> WeakMap:
        self._put(key, value)
        return self


class WeakSet(_WeakCollection, constructible=True):
    """A set of objects."""

    __slots__ = ()

    _role = "in weak set"

    def _fill(self, entry: Value) -> None:
        self._put(entry, True)

    @method
    def add(self, value: Value = None) -> WeakSet:
        self._put(value, True)
        return self


class WeakRef(_Weak, constructible=True):
    """A reference to an object."""

    __slots__ = ("_target",)

    def __init__(self, target: Value = None) -> None:
        if _is_primitive(target):
            raise type_error("WeakRef: invalid target")
        self._target = target

    @method
    def deref(self) -> Value:
        return self._target


class FinalizationRegistry(_Weak, constructible=True):
    """Would call a function once objects are gone, which no program can rely on; it never does."""

    __slots__ = ("_tokens",)

    def __init__(self, cleanup: Value = None) -> None:
        if not callable(cleanup):
            raise type_error("FinalizationRegistry: cleanup must be callable")
        self._tokens: set[int] = set()

    @method
    def register(self, target: Value = None, held: Value = None, token: Value = None) -> None:
        if _is_primitive(target):
            raise type_error("FinalizationRegistry.prototype.register: invalid target")
        if target is held:
            raise type_error(
                "FinalizationRegistry.prototype.register: target and holdings must not be same"
            )
        if token is not None:
            self._tokens.add(_token(token))

    @method
    def unregister(self, token: Value = None) -> bool:
        known = _token(token) in self._tokens
        self._tokens.discard(_token(token))
        return known


def _token(value: Value) -> int:
    if _is_primitive(value):
        raise type_error(f"Invalid unregisterToken ('{to_string(value)}')")
    return id(value)


def _is_primitive(value: Value) -> bool:
    return value is None or value is null or isinstance(value, str | bool | int | float)
