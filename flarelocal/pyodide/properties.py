"""Plain objects, and Maps: proxies of what has properties or entries."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, KeysView, MutableMapping, ValuesView
from typing import Any, cast

from flarelocal.javascript.attributes import NOTED, Accessor, Property
from flarelocal.javascript.builtins.object import ObjectType
from flarelocal.javascript.errors import JsError
from flarelocal.javascript.function import BoundMethod, members_of
from flarelocal.javascript.objects import has_index_keys
from flarelocal.javascript.properties import own_property
from flarelocal.javascript.prototype import noted_property
from flarelocal.javascript.values import Value
from flarelocal.pyodide.boundary import from_python, to_python
from flarelocal.pyodide.exception import JsException
from flarelocal.pyodide.iteration import JsIterable
from flarelocal.pyodide.proxy import _ABSENT, JsProxy

__all__ = [
    "BareProxy",
    "JsMap",
    "JsMutableMap",
    "MapLikeProxy",
    "MapProxy",
    "MappableProxy",
    "MappingMethods",
    "ObjectProxy",
    "OpaqueProxy",
    "inherited",
]


class MappableProxy(JsProxy):
    """What can be seen as a mapping of its properties: all but arrays, functions and the like."""

    __slots__ = ()

    def as_object_map(self, *, hereditary: bool = False) -> Any:
        """The own properties as a mapping; see Pyodide's `JsProxy.as_object_map`."""
        from flarelocal.pyodide.object_map import ObjectMapProxy

        return ObjectMapProxy._over(self._value, hereditary)

    def as_py_json(self) -> Any:
        """The object as JSON: with `[]` for properties, all the way down."""
        from flarelocal.pyodide.object_map import as_py_json

        return as_py_json(self._value)


class OpaqueProxy(MappableProxy):
    """Anything without properties of its own: symbols, boxed values."""

    __slots__ = ("_value",)

    def _property(self, name: str) -> Value:
        return inherited(self._value, name)


class ObjectProxy(MappableProxy, of_one_kind=True):
    """A plain object."""

    __slots__ = ("_value",)

    def __getattr__(self, name: str) -> Any:
        value = self._value
        return to_python(value[name]) if name in value else super().__getattr__(name)

    def _property(self, name: str) -> Value:
        found = self._value.get(name, _ABSENT)
        return inherited(self._value, name) if found is _ABSENT else found

    def _set_property(self, name: str, value: Value) -> None:
        if NOTED:
            super()._set_property(name, value)
        else:
            self._value[name] = value

    def _own(self) -> dict[str, Value]:
        if NOTED or has_index_keys(self._value):
            return super()._own()
        return cast("dict[str, Value]", self._value)


class BareProxy(MappableProxy):
    """A plain object without a prototype: nothing but its own properties."""

    __slots__ = ("_value",)

    def _property(self, name: str) -> Value:
        found = own_property(self._value, name)
        return _ABSENT if found is None else read(found, self._value)


class JsMap(JsIterable, public_name="JsMap", parameters=2):
    __slots__ = ()


class JsMutableMap(JsMap, public_name="JsMutableMap", parameters=2):
    __slots__ = ()


class MappingMethods:
    """The mapping methods over `_read`, `_write`, `_remove`, `_keys`."""

    __slots__ = ()

    def get(self: Any, key: Any, default: Any = None) -> Any:
        try:
            found = self._read(key)
            return default if found is _ABSENT else self._seen(found)
        except JsException:
            # Pyodide takes a proxy that is no more for a key that is not there.
            return default

    def keys(self: Any) -> KeysView[Any]:
        return KeysView(self)

    def values(self: Any) -> ValuesView[Any]:
        return ValuesView(self)

    def items(self: Any) -> ItemsView[Any, Any]:
        return ItemsView(self)

    def pop(self: Any, key: Any, *default: Any) -> Any:
        if default and self._read(key) is _ABSENT:
            return default[0]
        value = self[key]
        del self[key]
        return value

    def popitem(self: Any) -> tuple[Any, Any]:
        return MutableMapping.popitem(self)

    def clear(self: Any) -> None:
        for key in list(self._keys()):
            self._remove(key)

    def setdefault(self: Any, key: Any, default: Any = None) -> Any:
        value = self.get(key, _ABSENT)
        if value is not _ABSENT:
            return value
        self[key] = default
        return default

    def update(self: Any, *others: Any, **more: Any) -> None:
        MutableMapping.update(self, *others, **more)

    def __getitem__(self: Any, key: Any) -> Any:
        found = self._read(key)
        if found is _ABSENT:
            raise KeyError(key)
        return self._seen(found)

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

    __reversed__ = None

    def __len__(self: Any) -> int:
        return len(list(self._keys()))

    def _seen(self, value: Value) -> Any:
        """What Python sees of a value of the mapping."""
        return to_python(value)


class MapProxy(MappingMethods, JsMutableMap):
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


class MapLikeProxy(MappingMethods, JsMutableMap):
    """What has `get`, `set`, `delete`, `size` and entries, such as URLSearchParams."""

    __slots__ = ()

    def __contains__(self, key: Any) -> bool:
        return bool(self._member("has", from_python(key)))

    def _read(self, key: Any) -> Value:
        key = from_python(key)
        found = self._member("get", key)
        return _ABSENT if found is None and not self._member("has", key) else found

    def _write(self, key: Value, value: Value) -> None:
        self._member("set", key, value)

    def clear(self) -> None:
        for key in self._keys():
            self._member("delete", key)

    def _remove(self, key: Value) -> None:
        if not self._member("delete", key):
            raise KeyError(to_python(key))

    def _keys(self) -> Iterator[Value]:
        return cast("Iterator[Value]", self._member("keys"))

    def _member(self, name: str, *arguments: Value) -> Value:
        return self._value.members[name].function(self._value, *arguments)


MutableMapping.register(MapProxy)
MutableMapping.register(MapLikeProxy)


def read(found: Property, receiver: Value) -> Value:
    """The value of a property.

    Raises:
        JsException: what a getter raises.
    """
    if not isinstance(found.held, Accessor):
        return found.held
    try:
        return found.held.read_for(receiver)
    except JsError as error:
        raise JsException._of_error(error) from None


def inherited(value: Value, name: str) -> Value:
    """The member that a value has by its class, bound to it, or a property that is noted."""
    if NOTED:
        found = noted_property(value, name)
        if found is not None:
            return read(found, value)
    member = members_of(value).get(name) or ObjectType.members.get(name)
    if member is None or member.kind == "static":
        return _ABSENT
    return member.function(value) if member.kind == "getter" else BoundMethod(member, value)
