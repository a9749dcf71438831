"""`JsProxy.to_py`: conversion of whole structures into those of Python."""

from __future__ import annotations

from operator import index
from typing import Any

from flarelocal.javascript.binary import ArrayBuffer, BufferView
from flarelocal.javascript.collections import Map, Set
from flarelocal.javascript.errors import error, type_error
from flarelocal.javascript.text import class_name
from flarelocal.javascript.values import MAX_SAFE_INTEGER, BigInt, Hole, JsNull, Value
from flarelocal.pyodide.boundary import from_python, to_python
from flarelocal.pyodide.exception import JsException
from flarelocal.pyodide.proxy import JsProxy
from flarelocal.pyodide.pyproxy import PyProxy

__all__ = ["to_py"]

_SAME = frozenset({str, bool, type(None)})
_NUMBERS = frozenset({int, float, JsNull, BigInt})
_COLLECTIONS = (Map, Set, ArrayBuffer, BufferView)


def to_py(value: Value, *, depth: int = -1, default_converter: Any = None) -> Any:
    """Convert a JavaScript value to Python data; see Pyodide's `JsProxy.to_py`.

    Raises:
        JsException: a Map or Set has a key that Python cannot hash, or keys that are equal there;
            the converter is no function.
        TypeError: `depth` is no integer.
    """
    if depth != -1:
        depth = index(depth)
    return _ToPy(depth, default_converter).convert(value)


class _ToPy:
    """One call of `to_py`: its converter and what was converted already.

    Attributes:
        depth: how many levels below the present one are converted.
    """

    __slots__ = ("_default", "_made", "depth")

    def __init__(self, depth: int, default_converter: Any) -> None:
        self.depth = depth
        self._default = default_converter
        self._made: dict[int, Any] = {}

    def convert(self, value: Value) -> Any:
        kind = type(value)
        if kind in _SAME:
            return value
        if self.depth == 0 or kind in _NUMBERS:
            return to_python(value)
        if kind is dict and self.depth < 0:
            return self._dict(value)
        if id(value) in self._made:
            return self._made[id(value)]
        self.depth -= 1
        try:
            return self._deep(value)
        finally:
            self.depth += 1

    def _deep(self, value: Value) -> Any:
        if isinstance(value, dict):
            return self._dict(value)
        if isinstance(value, list):
            members: list[Any] = []
            self._made[id(value)] = members
            members.extend([None if type(m) is Hole else self.convert(m) for m in value])
            return members
        if not isinstance(value, _COLLECTIONS):
            seen = to_python(value)
            if self._default is None or not isinstance(seen, JsProxy) or isinstance(value, PyProxy):
                return seen
            if not callable(self._default):
                raise JsException._of_error(type_error("e.defaultConverter is not a function"))
            return self._default(seen, self._again, self._cache)
        if isinstance(value, Map):
            _refuse_bool_beside_int(value, "Map")
            found: dict[Any, Any] = {}
            self._made[id(value)] = found
            for key, member in value.items():
                name = _python_key(key, "dict")
                found[name] = self.convert(member)
            return found
        if isinstance(value, Set):
            _refuse_bool_beside_int(value, "Set")
            return {_python_key(member, "set") for member in value.values()}
        return to_python(value).to_memoryview()

    def _dict(self, value: dict[str, Value]) -> Any:
        if id(value) in self._made:
            return self._made[id(value)]
        # Python sees most of it as it is.
        found: dict[str, Any] = value.copy()
        self._made[id(value)] = found
        entirely = self.depth < 0
        for key, member in value.items():
            kind = type(member)
            if kind is dict and entirely:
                found[key] = self._dict(member)
            elif kind not in _SAME and (
                kind is not int or not -MAX_SAFE_INTEGER <= member <= MAX_SAFE_INTEGER
            ):
                found[key] = self.convert(member)
        return found

    def _again(self, proxy: Any) -> Any:
        return self.convert(from_python(proxy))

    def _cache(self, proxy: Any, converted: Any) -> None:
        self._made[id(from_python(proxy))] = converted


def _python_key(key: Value, target: str) -> Any:
    seen = to_python(key)
    if isinstance(seen, JsProxy):
        raise JsException._of_error(
            error(f"Cannot use key of type {class_name(key)} as a key to a Python {target}")
        )
    return seen


def _refuse_bool_beside_int(keys: Map | Set, name: str) -> None:
    """Python takes True for 1: a dict or set cannot hold both."""
    for number, boolean in ((1, "true"), (0, "false")):
        if keys.has(number) and keys.has(bool(number)):
            raise JsException._of_error(
                error(
                    f"Cannot faithfully convert {name} into Python since it contains both"
                    f" {number} and {boolean} as keys."
                )
            )
