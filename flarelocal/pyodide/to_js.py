"""`to_js`: conversion of whole structures into those of JavaScript."""

from __future__ import annotations

import array
from collections.abc import Iterable, Iterator, Sequence
from operator import index
from typing import Any

from flarelocal.javascript.collections import LiteralMap, Map, Set
from flarelocal.javascript.numbers import number_to_string
from flarelocal.javascript.objects import has_index_keys, in_property_order
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import MAX_SAFE_INTEGER, JsNull, Value
from flarelocal.pyodide import profile
from flarelocal.pyodide.boundary import from_python, to_python
from flarelocal.pyodide.buffer_view import typed_array
from flarelocal.pyodide.calling import StaticMethodProxy
from flarelocal.pyodide.double_proxy import double
from flarelocal.pyodide.exception import ConversionError
from flarelocal.pyodide.proxy import JsProxy
from flarelocal.pyodide.pyproxy import PyProxy, proxy_of
from flarelocal.pyodide.sequence import JsArray

__all__ = ["to_js"]

_PRIMITIVES = frozenset({str, bool, type(None), JsNull, int, float})
_SAME = frozenset({str, bool, type(None)})
_PASSED = _SAME | {JsNull}
_SCALARS = (str, int, float)
_PLAIN = frozenset({dict, list})
_TEXT = frozenset({str})
_CROSSED = (*_SCALARS, JsProxy)
_SEQUENCES = (list, tuple)
_BUFFERS = (bytes, bytearray, memoryview, array.array)
_OBJECT_NAMES = frozenset(
    {
        "__defineGetter__",
        "__defineSetter__",
        "__lookupGetter__",
        "__lookupSetter__",
        "__proto__",
        "constructor",
        "hasOwnProperty",
        "isPrototypeOf",
        "propertyIsEnumerable",
        "toLocaleString",
        "toString",
        "valueOf",
    }
)
"""What every object of JavaScript has."""


class _Unfinished:
    """Stands for a dict whose members are just being converted."""


_UNFINISHED = _Unfinished()


class _Nowhere:
    """Stands for the array that would keep proxies, where none is given."""


_NOWHERE = _Nowhere()


def to_js(
    obj: Any,
    /,
    *,
    depth: int = -1,
    pyproxies: Any = _NOWHERE,
    create_pyproxies: bool = True,
    dict_converter: Any = None,
    default_converter: Any = None,
    eager_converter: Any = None,
) -> Any:
    """Convert a Python structure to JavaScript; see Pyodide's `pyodide.ffi.to_js`.

    Raises:
        ConversionError: a key of a dict or member of a set is no primitive, two keys have the same
            text, a value has no conversion and `create_pyproxies` is false, or a converter failed.
        TypeError: `depth` is no integer, or `pyproxies` no array of JavaScript.
    """
    if depth != -1:
        depth = index(depth)
    kind = type(obj)
    if kind in _PRIMITIVES or (kind not in _PLAIN and isinstance(obj, _CROSSED)):
        return obj
    if pyproxies is not _NOWHERE and not isinstance(pyproxies, JsArray):
        raise TypeError("Expected a JsArray for the pyproxies argument")
    value = _ToJs(
        depth, pyproxies, create_pyproxies, dict_converter, default_converter, eager_converter
    ).run(obj)
    if isinstance(value, PyProxy):
        return double(value)
    return to_python(value)


class _ToJs:
    """One call of `to_js`: its options and what was converted already.

    Attributes:
        depth: how many levels below the present one are converted; converters that call back go
            on from there.
    """

    __slots__ = (
        "_create_pyproxies",
        "_default",
        "_dict_converter",
        "_eager",
        "_entirely",
        "_late",
        "_made",
        "_objects",
        "_pyproxies",
        "_seen_eagerly",
        "depth",
    )

    def __init__(
        self,
        depth: int,
        pyproxies: Any,
        create_pyproxies: bool,
        dict_converter: Any,
        default_converter: Any,
        eager_converter: Any,
    ) -> None:
        self.depth = depth
        self._pyproxies = pyproxies
        self._create_pyproxies = create_pyproxies
        self._dict_converter = dict_converter
        self._default = default_converter
        self._eager = eager_converter
        self._seen_eagerly: set[int] = set()
        self._objects = (
            not profile.current().literal_map
            if dict_converter is None
            else type(dict_converter) is StaticMethodProxy
            and dict_converter._value.__name__ == "fromEntries"
        )
        self._entirely = depth < 0 and eager_converter is None
        self._made: dict[int, Value] = {}
        self._late: list[tuple[Value, Value, int]] = []

    def run(self, obj: Any) -> Value:
        """Convert the outermost object.

        Raises:
            ConversionError: as `to_js` says; whatever a converter raised is its cause.
        """
        try:
            value = self.convert(obj)
        except ConversionError:
            raise
        except Exception as error:
            raise ConversionError("Conversion from python to javascript failed") from error
        for parent, key, identity in self._late:
            _place(parent, key, self._made[identity])
        return value

    def convert(self, obj: Any) -> Value:
        """The value of an object; `_UNFINISHED` for a dict within itself."""
        kind = type(obj)
        if kind in _PASSED:
            return obj
        if kind is int or kind is float:
            return from_python(obj)
        if self._entirely:
            if kind is dict:
                return self._dict(obj)
            if kind is list:
                return self._list(obj)
        if id(obj) in self._made:
            return self._made[id(obj)]
        if isinstance(obj, JsProxy):
            return obj._value
        if isinstance(obj, _SCALARS):
            return from_python(obj)
        if self.depth == 0:
            return self._by_default(obj)
        self.depth -= 1
        try:
            return self._deep(obj)
        finally:
            self.depth += 1

    def _deep(self, obj: Any) -> Value:
        if self._eager is not None and id(obj) not in self._seen_eagerly:
            self._seen_eagerly.add(id(obj))
            return self._called(self._eager, obj)
        if isinstance(obj, dict):
            return self._dict(obj)
        if isinstance(obj, _SEQUENCES):
            return self._list(obj)
        if isinstance(obj, set):
            made = self._made[id(obj)] = Set([_key(member, "Set") for member in obj])
            return made
        if isinstance(obj, _BUFFERS):
            return typed_array(memoryview(obj), copy=True)
        return self._by_default(obj)

    def _list(self, obj: Sequence[Any]) -> Value:
        identity = id(obj)
        if identity in self._made:
            return self._made[identity]
        members: list[Value] = []
        self._made[identity] = members
        members += [
            member
            if (kind := type(member)) in _PASSED
            or (kind is int and -MAX_SAFE_INTEGER < member < MAX_SAFE_INTEGER)
            else self.convert(member)
            for member in obj
        ]
        if _UNFINISHED in members:
            self._late += [
                (members, index, id(member))
                for index, member in enumerate(obj)
                if members[index] is _UNFINISHED
            ]
        return members

    def _dict(self, obj: dict[Any, Any]) -> Value:
        identity = id(obj)
        if identity in self._made:
            return self._made[identity]
        self._made[identity] = _UNFINISHED
        if self._objects:
            made = self._object(obj)
        elif self._dict_converter is None:
            made = self._map(obj)
        else:
            pairs = [
                [_key(key), value]
                for key, member in obj.items()
                if (value := self.convert(member)) is not _UNFINISHED
            ]
            made = from_python(self._dict_converter(to_python(pairs)))
        self._made[identity] = made
        return made

    def _object(self, obj: dict[Any, Any]) -> Value:
        by_class = self._dict_converter is None
        made: dict[str, Value]
        if (
            type(obj) is dict
            and _TEXT.issuperset(map(type, obj))
            and (not by_class or _OBJECT_NAMES.isdisjoint(obj))
        ):
            made = obj.copy()
            members: Iterable[tuple[str, Any]] = made.items()
        else:
            made = {}
            members = self._named(obj, made)
        unfinished = []
        for name, member in members:
            kind = type(member)
            # Most members stay what they are.
            if kind not in _PASSED and (
                kind is not int or not -MAX_SAFE_INTEGER < member < MAX_SAFE_INTEGER
            ):
                value = made[name] = self.convert(member)
                if value is _UNFINISHED:
                    unfinished.append((name, id(member)))
        for name, _ in unfinished:
            del made[name]
        if has_index_keys(made):
            made = in_property_order(made)
        if by_class:
            self._late += [(made, name, identity) for name, identity in unfinished]
        return made

    def _named(self, obj: dict[Any, Any], made: dict[str, Value]) -> Iterator[tuple[str, Any]]:
        """The members of a dict, which `made` gets as they come, by the texts of their keys."""
        for key, member in obj.items():
            name = _key_text(key)
            if self._dict_converter is None and (name in made or name in _OBJECT_NAMES):
                raise ConversionError(
                    "Key collision when converting Python dictionary to JavaScript."
                    f" Key: {to_python(_key(key))!r}"
                )
            made[name] = member
            yield name, member

    def _map(self, obj: dict[Any, Any]) -> Value:
        made = LiteralMap() if profile.current().transparent_proxies else Map()
        for key, value in obj.items():
            name = _key(key)
            member = self.convert(value)
            if member is _UNFINISHED:
                self._late.append((made, name, id(value)))
            else:
                made.set(name, member)
        return made

    def _by_default(self, obj: Any) -> Value:
        return self._proxy(obj) if self._default is None else self._called(self._default, obj)

    def _called(self, converter: Any, obj: Any) -> Value:
        """What a converter makes of an object; anything of Python gets a proxy."""
        value = from_python(converter(obj, self._convert_again, self._cache))
        if isinstance(value, PyProxy):
            self._keep(value)
        return value

    def _proxy(self, obj: Any) -> Value:
        if not self._create_pyproxies:
            raise ConversionError("No conversion known for x.")
        proxy = proxy_of(obj)
        self._keep(proxy)
        return proxy

    def _keep(self, proxy: PyProxy) -> None:
        """Have whoever called destroy the proxy later."""
        if self._pyproxies is not _NOWHERE:
            self._pyproxies._value.append(proxy)

    def _convert_again(self, obj: Any) -> Any:
        return to_python(self.convert(obj))

    def _cache(self, obj: Any, converted: Any) -> None:
        self._made[id(obj)] = from_python(converted)


def _place(parent: Value, key: Value, value: Value) -> None:
    """Put in a dict where it contains itself."""
    if isinstance(parent, Map):
        parent.set(key, value)
    else:
        parent[key] = value


def _key(key: Any, target: str = "Map") -> Value:
    if isinstance(key, str | int | float | JsNull) or key is None:
        return from_python(key)
    raise ConversionError(f"Cannot use {key!r} as a key for a Javascript {target}")


def _key_text(key: Any) -> str:
    value = _key(key)
    return number_to_string(value) if isinstance(value, float) else to_string(value)
