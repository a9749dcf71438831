"""Objects as Python mappings: `as_object_map` and `as_py_json`."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

from flarelocal.javascript.properties import own_properties
from flarelocal.javascript.values import Value
from flarelocal.pyodide.assignment import assign, remove
from flarelocal.pyodide.boundary import from_python, to_python
from flarelocal.pyodide.properties import JsMutableMap, MappableProxy, MappingMethods, inherited
from flarelocal.pyodide.proxy import _ABSENT
from flarelocal.pyodide.sequence import ArrayProxy

__all__ = ["ObjectMapProxy", "as_py_json"]


class ObjectMapProxy(MappingMethods, MappableProxy, JsMutableMap):
    """The own properties of an object; `hereditary`: those of objects in it as well."""

    __slots__ = ("_hereditary", "_value")

    _hereditary: bool

    @classmethod
    def _over(cls, value: Value, hereditary: bool) -> Any:
        made: Any = object.__new__(cls)
        object.__setattr__(made, "_value", value)
        object.__setattr__(made, "_hereditary", hereditary)
        return made

    def __setitem__(self, key: Any, value: Any) -> None:
        if not isinstance(key, str):
            raise TypeError("Can only assign keys of type string to JavaScript object map")
        assign(self._value, key, from_python(value))

    def _property(self, name: str) -> Value:
        found = own_properties(self._value).get(name, _ABSENT)
        return inherited(self._value, name) if found is _ABSENT else found

    def _read(self, key: Any) -> Value:
        return own_properties(self._value).get(key, _ABSENT) if isinstance(key, str) else _ABSENT

    def _remove(self, key: Value) -> None:
        remove(self._value, key)

    def _keys(self) -> Iterator[Value]:
        return iter(list(own_properties(self._value)))

    def _seen(self, value: Value) -> Any:
        if self._hereditary and isinstance(value, dict):
            return type(self)._over(value, True)
        return to_python(value)


class JsonObjectProxy(ObjectMapProxy):
    """An object as JSON."""

    __slots__ = ()

    def _seen(self, value: Value) -> Any:
        return _json(value)


class JsonArrayProxy(ArrayProxy):
    """An array as JSON."""

    __slots__ = ()

    @classmethod
    def _over(cls, value: Value) -> Any:
        made: Any = object.__new__(cls)
        object.__setattr__(made, "_value", value)
        return made

    def _seen(self, value: Value) -> Any:
        return _json(value)


def as_py_json(value: Value) -> Any:
    """A proxy of an array or object which is one of JSON, all the way down."""
    return (
        JsonArrayProxy._over(value)
        if isinstance(value, list)
        else JsonObjectProxy._over(value, True)
    )


def _json(value: Value) -> Any:
    if isinstance(value, list | dict):
        return as_py_json(value)
    return to_python(value)


MutableMapping.register(ObjectMapProxy)
