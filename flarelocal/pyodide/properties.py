"""Plain objects, and Maps: proxies of what has properties or entries."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any, cast

from flarelocal.javascript.function import members_of
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value
from flarelocal.pyodide.boundary import from_python, to_python
from flarelocal.pyodide.calling import BoundMethod
from flarelocal.pyodide.iteration import JsIterable
from flarelocal.pyodide.proxy import _ABSENT, JsProxy

__all__ = [
    "JsMap",
    "JsMutableMap",
    "MapProxy",
    "ObjectMapProxy",
    "ObjectProxy",
    "OpaqueProxy",
    "inherited",
]


class OpaqueProxy(JsProxy):
    """Anything without properties of its own: symbols, boxed values."""

    __slots__ = ("_value",)

    def _property(self, name: str) -> Value:
        return inherited(self._value, name)


class ObjectProxy(JsProxy, of_one_kind=True):
    """A plain object."""

    __slots__ = ("_value",)

    def __getattr__(self, name: str) -> Any:
        value = self._value
        return to_python(value[name]) if name in value else super().__getattr__(name)

    def _property(self, name: str) -> Value:
        found = self._value.get(name, _ABSENT)
        return inherited(self._value, name) if found is _ABSENT else found

    def _set_property(self, name: str, value: Value) -> None:
        self._value[name] = value

    def _delete_property(self, name: str) -> None:
        if name not in self._value:
            raise AttributeError(name)
        del self._value[name]

    def _own(self) -> dict[str, Value]:
        return cast("dict[str, Value]", self._value)

    def as_object_map(self, *, hereditary: bool = False) -> Any:
        """The properties as a mapping; see Pyodide's `JsProxy.as_object_map`."""
        return ObjectMapProxy._of(self._value)


class JsMap(JsIterable, public_name="JsMap"):
    __slots__ = ()


class JsMutableMap(JsMap, public_name="JsMutableMap"):
    __slots__ = ()


class _Mapping:
    """The mapping methods over `_read`, `_write`, `_remove`, `_keys`."""

    __slots__ = ()

    def get(self: Any, key: Any, default: Any = None) -> Any:
        found = self._read(key)
        return default if found is _ABSENT else to_python(found)

    def keys(self: Any) -> Any:
        return [to_python(key) for key in self._keys()]

    def values(self: Any) -> Any:
        return [self[key] for key in self]

    def items(self: Any) -> Any:
        return [(key, self[key]) for key in self]

    def pop(self: Any, key: Any, *default: Any) -> Any:
        if key not in self:
            if default:
                return default[0]
            raise KeyError(key)
        value = self[key]
        del self[key]
        return value

    def setdefault(self: Any, key: Any, default: Any = None) -> Any:
        if key not in self:
            self[key] = default
        return self[key]

    def update(self: Any, other: Any = (), **more: Any) -> None:
        for key, value in dict(other, **more).items():
            self[key] = value

    def __getitem__(self: Any, key: Any) -> Any:
        found = self._read(key)
        if found is _ABSENT:
            raise KeyError(key)
        return to_python(found)

    def __setitem__(self: Any, key: Any, value: Any) -> None:
        self._write(from_python(key), from_python(value))

    def __delitem__(self: Any, key: Any) -> None:
        if self._read(key) is _ABSENT:
            raise KeyError(key)
        self._remove(from_python(key))

    def __contains__(self: Any, key: Any) -> bool:
        return self._read(key) is not _ABSENT

    def __iter__(self: Any) -> Iterator[Any]:
        return map(to_python, self._keys())

    def __len__(self: Any) -> int:
        return len(list(self._keys()))


class MapProxy(_Mapping, JsMutableMap):
    """A Map; subclassed with its members by `host_proxy`."""

    __slots__ = ()

    def _read(self, key: Any) -> Value:
        key = from_python(key)
        return self._value.get(key) if self._value.has(key) else _ABSENT

    def _write(self, key: Value, value: Value) -> None:
        self._value.set(key, value)

    def _remove(self, key: Value) -> None:
        self._value.delete(key)

    def _keys(self) -> Iterator[Value]:
        return cast("Iterator[Value]", self._value.keys())


class ObjectMapProxy(_Mapping, JsMutableMap):
    """The properties of a plain object as a mapping."""

    __slots__ = ("_value",)

    def _read(self, key: Any) -> Value:
        return self._value.get(key, _ABSENT)

    def _write(self, key: Value, value: Value) -> None:
        self._value[to_string(key)] = value

    def _remove(self, key: Value) -> None:
        del self._value[key]

    def _keys(self) -> Iterator[Value]:
        return iter(list(self._value))


MutableMapping.register(MapProxy)
MutableMapping.register(ObjectMapProxy)


def inherited(value: Value, name: str) -> Value:
    """The member that a value has by its class, bound to it."""
    member = members_of(value).get(name)
    if member is None or member.kind == "static":
        return _ABSENT
    return member.function(value) if member.kind == "getter" else BoundMethod(member, value)
