"""Arrays as Python sequences."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator, MutableSequence, Sequence
from typing import Any

from flarelocal.javascript.attributes import NOTED
from flarelocal.javascript.values import Hole, Value, hole
from flarelocal.pyodide.assignment import change
from flarelocal.pyodide.boundary import from_python, to_python
from flarelocal.pyodide.iteration import JsIterable
from flarelocal.pyodide.properties import inherited
from flarelocal.pyodide.proxy import _ABSENT

__all__ = ["ArrayProxy", "JsArray", "as_index", "count_of", "index_of", "place_of"]


class JsArray(JsIterable, public_name="JsArray", parameters=1):
    __slots__ = ()


class ArrayProxy(JsArray, of_one_kind=True):
    """An array: Python's sequence methods first, then those of JavaScript."""

    __slots__ = ("_value",)

    def __iter__(self) -> Iterator[Any]:
        return map(self._seen, self._value)

    def __len__(self) -> int:
        return len(self._value)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return self._seen(self._value[index])
        member = self._value[place_of(index, len(self._value))]
        if type(member) is Hole:
            raise IndexError(index)
        return self._seen(member)

    def __setitem__(self, index: Any, value: Any) -> None:
        if isinstance(index, slice):
            if not isinstance(value, Iterable):
                raise TypeError("must assign iterable to extended slice")
            change(self._value, operator.setitem, index, _members(value))
        else:
            change(self._value, put_at, as_index(index), from_python(value))

    def __delitem__(self, index: Any) -> None:
        if not isinstance(index, slice):
            index = place_of(index, len(self._value))
        change(self._value, operator.delitem, index)

    def __contains__(self, value: Any) -> bool:
        return any(_same_value(member, from_python(value)) for member in self._value)

    def __add__(self, other: Any) -> Any:
        return to_python([*self._value, *_members(other)])

    def __iadd__(self, other: Any) -> Any:
        change(self._value, list.extend, _members(other))
        return self

    def __mul__(self, count: Any) -> Any:
        return to_python(self._value * count)

    __rmul__ = __mul__

    def __imul__(self, count: Any) -> Any:
        change(self._value, list.__imul__, count)
        return self

    def __reversed__(self) -> Iterator[Any]:
        return map(self._seen, reversed(self._value))

    def append(self, value: Any) -> None:
        if NOTED:
            change(self._value, list.append, from_python(value))
        else:
            self._value.append(from_python(value))

    def extend(self, values: Any) -> None:
        change(self._value, list.extend, _members(values))

    def insert(self, index: int, value: Any) -> None:
        change(self._value, list.insert, index, from_python(value))

    def pop(self, index: int = -1) -> Any:
        if not self._value:
            raise IndexError("pop from empty list")
        return to_python(change(self._value, list.pop, index))

    def remove(self, value: Any) -> None:
        change(self._value, operator.delitem, self.index(value))

    def reverse(self) -> None:
        change(self._value, list.reverse)

    def index(self, value: Any, start: int = 0, stop: int | None = None) -> int:
        return index_of(self._value, value, start, stop)

    def count(self, value: Any) -> int:
        return count_of(self._value, value)

    def _seen(self, value: Value) -> Any:
        """What Python sees of a member."""
        return None if type(value) is Hole else to_python(value)

    def as_py_json(self) -> Any:
        """The array as JSON: with `[]` for properties, all the way down."""
        from flarelocal.pyodide.object_map import as_py_json

        return as_py_json(self._value)

    def _property(self, name: str) -> Value:
        if name == "length":
            return len(self._value)
        if name == "keys":
            # It would make `dict` take the array for a mapping.
            return _ABSENT
        own = super()._property(name)
        return inherited(self._value, name) if own is _ABSENT else own


MutableSequence.register(ArrayProxy)


def as_index(index: Any) -> int:
    """The number that an index is.

    Raises:
        TypeError: it is none, in the words of a list.
    """
    if not hasattr(type(index), "__index__"):
        operator.getitem([], index)
    return operator.index(index)


def place_of(index: Any, length: int) -> int:
    """The place of a member; a negative index counts from the end.

    Raises:
        IndexError: there is no such place.
    """
    number = as_index(index)
    place = number + length if number < 0 else number
    if not 0 <= place < length:
        raise IndexError(index)
    return place


def put_at(members: list[Value], index: int, value: Value) -> None:
    """`array[index] = value`, which leaves holes before a place beyond the end."""
    place = index + len(members) if index < 0 else index
    if place >= len(members):
        members.extend([hole] * (place - len(members)))
        members.append(value)
    elif place >= 0:
        members[place] = value


def index_of(members: Sequence[Value], value: Any, start: int, stop: int | None) -> int:
    """The first place of a value.

    Raises:
        ValueError: it is not there.
    """
    wanted = from_python(value)
    for place in range(*slice(start, stop).indices(len(members))):
        if _same_value(members[place], wanted):
            return place
    raise ValueError(f"{value!r} is not in list")


def count_of(members: Sequence[Value], value: Any) -> int:
    wanted = from_python(value)
    return sum(_same_value(member, wanted) for member in members)


def _members(values: Any) -> list[Value]:
    return [from_python(value) for value in values]


def _same_value(a: Value, b: Value) -> bool:
    if isinstance(a, str | int | float) and isinstance(b, str | int | float):
        return isinstance(a, bool) == isinstance(b, bool) and a == b
    return a is b
