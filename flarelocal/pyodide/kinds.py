"""The kinds of proxies that have more than properties: arrays, Maps, buffers, iterators."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, MutableMapping, MutableSequence
from typing import Any, cast

from flarelocal.javascript.binary import ArrayBuffer, BufferView
from flarelocal.javascript.function import members_of
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Hole, Value
from flarelocal.pyodide.boundary import from_python, to_python
from flarelocal.pyodide.calling import BoundMethod
from flarelocal.pyodide.proxy import _ABSENT, JsProxy

__all__ = [
    "ArrayProxy",
    "BufferProxy",
    "JsArray",
    "JsAsyncIterable",
    "JsAsyncIterator",
    "JsBuffer",
    "JsGenerator",
    "JsIterable",
    "JsIterator",
    "JsMap",
    "JsMutableMap",
    "JsPromise",
    "JsTypedArray",
    "ObjectProxy",
    "OpaqueProxy",
]


class JsPromise(JsProxy, public_name="JsPromise"):
    """The kind of promises; what Python gets is a PyodideFuture."""

    __slots__ = ()


class JsIterable(JsProxy, public_name="JsIterable"):
    __slots__ = ()

    def __iter__(self) -> Iterator[Any]:
        return map(to_python, self._value.iterate())


class JsAsyncIterable(JsProxy, public_name="JsAsyncIterable"):
    __slots__ = ()

    async def __aiter__(self) -> AsyncIterator[Any]:
        async for value in self._value.iterate_async():
            yield to_python(value)


class JsIterator(JsProxy, public_name="JsIterator"):
    """An iterator: `next` gives `{done, value}` as in JavaScript."""

    __slots__ = ()

    def __iter__(self) -> Any:
        return self

    def __next__(self) -> Any:
        return to_python(next(self._value))

    def next(self) -> Any:
        try:
            return to_python({"done": False, "value": next(self._value)})
        except StopIteration:
            return to_python({"done": True, "value": None})


class JsAsyncIterator(JsProxy, public_name="JsAsyncIterator"):
    __slots__ = ()


class JsGenerator(JsIterator, public_name="JsGenerator"):
    __slots__ = ()


class IteratorProxy(JsIterable, JsIterator):
    """A Python iterator of JavaScript-land."""

    __slots__ = ("_value",)

    __iter__ = JsIterator.__iter__


class OpaqueProxy(JsProxy):
    """Anything without properties of its own: symbols, boxed values."""

    __slots__ = ("_value",)

    def _property(self, name: str) -> Value:
        return _inherited(self._value, name)


class ObjectProxy(JsProxy, of_one_kind=True):
    """A plain object."""

    __slots__ = ("_value",)

    def __getattr__(self, name: str) -> Any:
        value = self._value
        return to_python(value[name]) if name in value else super().__getattr__(name)

    def _property(self, name: str) -> Value:
        found = self._value.get(name, _ABSENT)
        return _inherited(self._value, name) if found is _ABSENT else found

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


class JsArray(JsIterable, public_name="JsArray"):
    __slots__ = ()


class ArrayProxy(JsArray, of_one_kind=True):
    """An array: Python's sequence methods first, then those of JavaScript."""

    __slots__ = ("_value",)

    def __iter__(self) -> Iterator[Any]:
        return (None if isinstance(m, Hole) else to_python(m) for m in self._value)

    def __len__(self) -> int:
        return len(self._value)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return to_python(self._value[index])
        return to_python(self._value[self._place(index)])

    def __setitem__(self, index: Any, value: Any) -> None:
        if isinstance(index, slice):
            self._value[index] = [from_python(v) for v in value]
        else:
            self._value[self._place(index)] = from_python(value)

    def __delitem__(self, index: Any) -> None:
        del self._value[index if isinstance(index, slice) else self._place(index)]

    def __contains__(self, value: Any) -> bool:
        return any(_same_value(member, from_python(value)) for member in self._value)

    def __add__(self, other: Any) -> Any:
        return to_python([*self._value, *_members(other)])

    def __iadd__(self, other: Any) -> Any:
        self._value.extend(_members(other))
        return self

    def __reversed__(self) -> Iterator[Any]:
        return map(to_python, reversed(self._value))

    def append(self, value: Any) -> None:
        self._value.append(from_python(value))

    def extend(self, values: Any) -> None:
        self._value.extend(_members(values))

    def insert(self, index: int, value: Any) -> None:
        self._value.insert(index, from_python(value))

    def pop(self, index: int = -1) -> Any:
        if not self._value:
            raise IndexError("pop from empty list")
        return to_python(self._value.pop(self._place(index)))

    def remove(self, value: Any) -> None:
        del self._value[self.index(value)]

    def reverse(self) -> None:
        self._value.reverse()

    def clear(self) -> None:
        self._value.clear()

    def index(self, value: Any, start: int = 0, stop: int | None = None) -> int:
        wanted = from_python(value)
        for place, member in enumerate(self._value[start:stop], start):
            if _same_value(member, wanted):
                return place
        raise ValueError(f"{value!r} is not in list")

    def count(self, value: Any) -> int:
        wanted = from_python(value)
        return sum(_same_value(member, wanted) for member in self._value)

    def _place(self, index: int) -> int:
        place = index + len(self._value) if index < 0 else index
        if not 0 <= place < len(self._value):
            raise IndexError(index)
        return place

    def _property(self, name: str) -> Value:
        if name == "length":
            return len(self._value)
        return _inherited(self._value, name)

    def _own(self) -> dict[str, Value]:
        return {str(index): member for index, member in enumerate(self._value)}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, JsProxy) and self._value is other._value

    __hash__ = JsProxy.__hash__


MutableSequence.register(ArrayProxy)
MutableMapping.register(MapProxy)
MutableMapping.register(ObjectMapProxy)


class JsBuffer(JsProxy, public_name="JsBuffer"):
    __slots__ = ()


class JsTypedArray(JsBuffer, JsArray, public_name="JsTypedArray"):
    __slots__ = ()


class BufferProxy(JsBuffer):
    """The methods of ArrayBuffers and views; subclassed with their members by `host_proxy`."""

    __slots__ = ()

    @property
    def _bytes(self) -> memoryview:
        value = self._value
        if isinstance(value, BufferView):
            return value.memory
        assert isinstance(value, ArrayBuffer)
        return memoryview(value.data)

    def to_bytes(self) -> bytes:
        return bytes(self._bytes)

    def to_memoryview(self) -> memoryview:
        """A copy of the memory, in the format of the array."""
        return memoryview(bytes(self._bytes)).cast(getattr(self._value, "format", "B"))

    def to_string(self, encoding: str | None = None) -> str:
        return bytes(self._bytes).decode(encoding or "utf-8")

    def to_file(self, file: Any) -> None:
        file.write(self.to_bytes())

    def assign(self, data: Any) -> None:
        """Copy `data`, of the same length, into the buffer."""
        _writable(self._value)[:] = memoryview(data).cast("B")

    def assign_to(self, target: Any) -> None:
        """Copy the buffer into `target`, of the same length."""
        memoryview(target).cast("B")[:] = self._bytes

    def from_file(self, file: Any) -> None:
        file.readinto(_writable(self._value))


class TypedArrayProxy(BufferProxy, JsTypedArray):
    __slots__ = ()

    def __len__(self) -> int:
        return int(self._value.length)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return to_python(list(self._value.iterate())[index])
        place = index + len(self) if index < 0 else index
        if not 0 <= place < len(self):
            raise IndexError(index)
        return to_python(self._value.at_index(place))

    def __setitem__(self, index: int, value: Any) -> None:
        self._value.put(index + len(self) if index < 0 else index, from_python(value))

    def __contains__(self, value: Any) -> bool:
        return from_python(value) in list(self._value.iterate())


def _writable(value: Value) -> memoryview:
    if isinstance(value, BufferView):
        return value.writable_memory
    return memoryview(value.writable())


def _members(values: Any) -> list[Value]:
    return [from_python(value) for value in values]


def _same_value(a: Value, b: Value) -> bool:
    if isinstance(a, str | int | float) and isinstance(b, str | int | float):
        return isinstance(a, bool) == isinstance(b, bool) and a == b
    return a is b


def _inherited(value: Value, name: str) -> Value:
    """The member that a value has by its class, bound to it."""
    member = members_of(value).get(name)
    if member is None or member.kind == "static":
        return _ABSENT
    return member.function(value) if member.kind == "getter" else BoundMethod(member, value)
