"""`to_js` and `JsProxy.to_py`: conversion of whole structures."""

from __future__ import annotations

import array
from typing import Any, cast

from flarelocal.javascript.binary import ArrayBuffer, BufferView
from flarelocal.javascript.collections import LiteralMap, Map, Set
from flarelocal.javascript.errors import error
from flarelocal.javascript.numbers import number_to_string
from flarelocal.javascript.text import class_name, to_string
from flarelocal.javascript.values import MAX_SAFE_INTEGER, BigInt, Hole, JsNull, Value
from flarelocal.pyodide import profile
from flarelocal.pyodide.boundary import from_python, to_python
from flarelocal.pyodide.exception import ConversionError, JsException
from flarelocal.pyodide.proxy import JsProxy, register_to_py
from flarelocal.pyodide.pyproxy import PyProxy, proxy_of, typed_array

__all__ = ["from_entries", "to_js", "to_py"]

_PRIMITIVES = frozenset({str, bool, type(None), JsNull, int, float})
_SAME = frozenset({str, bool, type(None)})
_NUMBERS = frozenset({int, float, JsNull, BigInt})
_COLLECTIONS = (Map, Set, ArrayBuffer, BufferView)
_BUFFERS = (bytes, bytearray, memoryview, array.array)


def from_entries(entries: Value) -> dict[str, Value]:
    """`Object.fromEntries`: keys as text, integer-like ones first and ascending."""
    from flarelocal.javascript.collections import iterate

    made: dict[str, Value] = {}
    for entry in iterate(entries):
        pair = list(iterate(entry))
        made[to_string(pair[0] if pair else None)] = pair[1] if len(pair) > 1 else None
    return _integers_first(made)


def to_js(
    obj: Any,
    /,
    *,
    depth: int = -1,
    pyproxies: Any = None,
    create_pyproxies: bool = True,
    dict_converter: Any = None,
    default_converter: Any = None,
    eager_converter: Any = None,
) -> Any:
    """Convert a Python structure to JavaScript; see Pyodide's `pyodide.ffi.to_js`.

    Raises:
        ConversionError: a dict key is no primitive, or a value has no conversion and
            `create_pyproxies` is false.
    """
    if type(obj) in _PRIMITIVES:
        return obj
    conversion = _ToJs(
        pyproxies, create_pyproxies, dict_converter, default_converter, eager_converter
    )
    value = conversion.convert(obj, depth)
    if isinstance(value, PyProxy):
        from flarelocal.pyodide.pyproxy import _double

        return _double(value)
    return to_python(value)


class _ToJs:
    """One call of `to_js`: its options and what was converted already."""

    def __init__(
        self,
        pyproxies: Any,
        create_pyproxies: bool,
        dict_converter: Any,
        default_converter: Any,
        eager_converter: Any,
    ) -> None:
        self._pyproxies = pyproxies
        self._create_pyproxies = create_pyproxies
        self._dict_converter = dict_converter
        self._default = default_converter
        self._eager = eager_converter
        self._objects = dict_converter is None and not profile.current().literal_map
        if isinstance(dict_converter, JsProxy):
            self._objects = getattr(dict_converter._value, "__name__", "") == "fromEntries"
        self._made: dict[int, Value] = {}

    def convert(self, obj: Any, depth: int) -> Value:
        kind = type(obj)
        if kind in _SAME:
            return obj
        if kind in _PRIMITIVES:
            return from_python(obj)
        if id(obj) in self._made:
            return self._made[id(obj)]
        if isinstance(obj, JsProxy):
            return obj._value
        if self._eager is not None:
            return from_python(self._eager(obj, self._convert_again, self._cache))
        if depth == 0:
            return self._proxy(obj)
        if isinstance(obj, dict):
            return self._dict(obj, depth)
        if isinstance(obj, list | tuple):
            members: list[Value] = []
            self._made[id(obj)] = members
            members.extend([self.convert(member, depth - 1) for member in obj])
            return members
        if isinstance(obj, _BUFFERS):
            return typed_array(memoryview(obj), copy=True)
        if kind is set:
            made = Set([self.convert(member, depth - 1) for member in obj])
            self._made[id(obj)] = made
            return made
        if isinstance(obj, str | int | float):
            return from_python(obj)
        if self._default is not None:
            converted = self._default(obj, self._convert_again, self._cache)
            return self._proxy(converted) if converted is obj else self._from_converter(converted)
        return self._proxy(obj)

    def _dict(self, obj: dict[Any, Any], depth: int) -> Value:
        if self._objects:
            made: dict[str, Value] = {}
            self._made[id(obj)] = made
            numeric = False
            for key, value in obj.items():
                if type(key) is not str:
                    key = _key_text(key)
                if key.isdigit():
                    numeric = True
                kind = type(value)
                if kind in _SAME or (kind is int and -MAX_SAFE_INTEGER < value < MAX_SAFE_INTEGER):
                    made[key] = value
                else:
                    made[key] = self.convert(value, depth - 1)
            if numeric:
                ordered = _integers_first(made)
                made.clear()
                made.update(ordered)
            return made
        pairs = [[_map_key(key), self.convert(value, depth - 1)] for key, value in obj.items()]
        if self._dict_converter is None:
            return LiteralMap.of((key, value) for key, value in pairs)
        return from_python(self._dict_converter(to_python(pairs)))

    def _from_converter(self, converted: Any) -> Value:
        value = from_python(converted)
        if isinstance(value, PyProxy) and not isinstance(converted, JsProxy):
            return self._proxy(converted)
        return value

    def _proxy(self, obj: Any) -> Value:
        if not self._create_pyproxies:
            raise ConversionError("No conversion known for x.")
        proxy = proxy_of(obj)
        if self._pyproxies is not None:
            self._pyproxies._value.append(proxy)
        return proxy

    def _convert_again(self, obj: Any) -> Any:
        return to_python(self.convert(obj, -1))

    def _cache(self, obj: Any, converted: Any) -> None:
        self._made[id(obj)] = from_python(converted)


def to_py(value: Value, *, depth: int = -1, default_converter: Any = None) -> Any:
    """Convert a JavaScript value to Python data; see Pyodide's `JsProxy.to_py`.

    Raises:
        JsException: a Map has a key that Python cannot hash.
    """
    return _ToPy(default_converter).convert(value, depth)


class _ToPy:
    """One call of `to_py`: its converter and what was converted already."""

    __slots__ = ("_default", "_made")

    def __init__(self, default_converter: Any) -> None:
        self._default = default_converter
        self._made: dict[int, Any] = {}

    def convert(self, value: Value, depth: int) -> Any:
        kind = type(value)
        if kind in _SAME:
            return value
        if depth == 0 or kind in _NUMBERS:
            return to_python(value)
        if kind is dict:
            return self._dict(value, depth)
        if id(value) in self._made:
            return self._made[id(value)]
        if isinstance(value, list):
            members: list[Any] = []
            self._made[id(value)] = members
            members.extend([None if type(m) is Hole else self.convert(m, depth - 1) for m in value])
            return members
        if not isinstance(value, _COLLECTIONS):
            seen = to_python(value)
            if self._default is None or not isinstance(seen, JsProxy):
                return seen
            return self._default(seen, self._again, self._cache)
        if isinstance(value, Map):
            found: dict[Any, Any] = {}
            self._made[id(value)] = found
            for key, member in value.items():
                name = _python_key(self.convert(key, depth - 1), key)
                found[name] = self.convert(member, depth - 1)
            return found
        if isinstance(value, Set):
            return {_python_key(self.convert(m, depth - 1), m) for m in value.values()}
        return to_python(value).to_memoryview()

    def _dict(self, value: dict[str, Value], depth: int) -> dict[str, Any]:
        known = self._made.get(id(value))
        if known is not None:
            return cast("dict[str, Any]", known)
        # Python sees most of it as it is.
        found: dict[str, Any] = value.copy()
        self._made[id(value)] = found
        for key, member in value.items():
            kind = type(member)
            if kind not in _SAME and (
                kind is not int or not -MAX_SAFE_INTEGER <= member <= MAX_SAFE_INTEGER
            ):
                found[key] = self.convert(member, depth - 1)
        return found

    def _again(self, proxy: Any) -> Any:
        return self.convert(from_python(proxy), -1)

    def _cache(self, proxy: Any, converted: Any) -> None:
        self._made[id(from_python(proxy))] = converted


def _python_key(key: Any, original: Value) -> Any:
    try:
        hash(key)
    except TypeError:
        raise JsException._of_error(
            error(f"Cannot use key of type {class_name(original)} as a key to a Python dict")
        ) from None
    return key


def _map_key(key: Any) -> Value:
    if isinstance(key, str | int | float | bool) or key is None:
        return from_python(key)
    raise ConversionError(f"Cannot use {key!r} as a key for a Javascript Map")


def _key_text(key: Any) -> str:
    value = _map_key(key)
    return number_to_string(value) if isinstance(value, float) else to_string(value)


def _integers_first(properties: dict[str, Value]) -> dict[str, Value]:
    integers = [key for key in properties if key.isdigit() and (key == "0" or key[0] != "0")]
    if not integers:
        return properties
    integers.sort(key=int)
    return {key: properties[key] for key in integers} | properties


register_to_py(to_py)
