"""WeakMap, WeakSet and WeakRef.

They hold what they are given as long as they live themselves: that it may go away earlier is
nothing that a program can rely on.
"""

from __future__ import annotations

from typing import ClassVar

from flarelocal.javascript.collections import iterate
from flarelocal.javascript.errors import type_error
from flarelocal.javascript.host import HostObject, method
from flarelocal.javascript.values import Value, null

__all__ = ["WeakMap", "WeakRef", "WeakSet"]


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
        if key is None or key is null or isinstance(key, str | bool | int | float):
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
        pair = iterate(entry)
        key = next(pair, None)
        self._put(key, next(pair, None))

    @method
    def get(self, key: Value = None) -> Value:
        entry = self._entries.get(id(key))
        return entry[1] if entry else None

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
        if target is None or target is null or isinstance(target, str | bool | int | float):
            raise type_error("WeakRef: invalid target")
        self._target = target

    @method
    def deref(self) -> Value:
        return self._target
