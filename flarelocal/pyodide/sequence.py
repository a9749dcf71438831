"""Arrays as Python sequences."""

from __future__ import annotations

from collections.abc import Iterator, MutableSequence
from typing import Any

from flarelocal.javascript.values import Hole, Value
from flarelocal.pyodide.boundary import from_python, to_python
from flarelocal.pyodide.iteration import JsIterable
from flarelocal.pyodide.properties import inherited
from flarelocal.pyodide.proxy import _ABSENT, JsProxy

__all__ = [
    "ArrayProxy",
    "JsArray",
]


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
        own = super()._property(name)
        return inherited(self._value, name) if own is _ABSENT else own

    def _own(self) -> dict[str, Value]:
        return {str(index): member for index, member in enumerate(self._value)}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, JsProxy) and self._value is other._value

    __hash__ = JsProxy.__hash__


MutableSequence.register(ArrayProxy)


def _members(values: Any) -> list[Value]:
    return [from_python(value) for value in values]


def _same_value(a: Value, b: Value) -> bool:
    if isinstance(a, str | int | float) and isinstance(b, str | int | float):
        return isinstance(a, bool) == isinstance(b, bool) and a == b
    return a is b
