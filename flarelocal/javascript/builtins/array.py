"""Array."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cmp_to_key
from operator import setitem

from flarelocal.javascript.array_changes import change
from flarelocal.javascript.array_like import members_in_time, members_of_any
from flarelocal.javascript.callback import callback
from flarelocal.javascript.errors import range_error, type_error
from flarelocal.javascript.foreign import Foreign
from flarelocal.javascript.function import Builtin
from flarelocal.javascript.host import getter, method, static
from flarelocal.javascript.iterator import NamedIterator
from flarelocal.javascript.numbers import to_integer, to_number, to_place
from flarelocal.javascript.promise import settle
from flarelocal.javascript.signature import to_boolean
from flarelocal.javascript.text import described, to_string, typeof
from flarelocal.javascript.values import Hole, Value, hole, null

__all__ = ["Array"]


def _offset(value: Value, length: int, default: int) -> int:
    if value is None:
        return default
    at = to_place(value)
    return max(0, length + at) if at < 0 else min(at, length)


def _present(array: list[Value]) -> Iterator[tuple[int, Value]]:
    return ((i, member) for i, member in enumerate(list(array)) if not isinstance(member, Hole))


def _equal(left: Value, right: Value) -> bool:
    """`left === right`."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, str | int | float):
        return isinstance(right, str | int | float) and left == right
    return left is right


class Array(Builtin):
    """Arrays, which are lists."""

    __slots__ = ()

    @classmethod
    def construct(cls, *arguments: Value) -> Value:
        if len(arguments) == 1 and typeof(arguments[0]) == "number":
            length = to_number(arguments[0])
            if not isinstance(length, int) or not 0 <= length < 2**32:
                raise range_error("Invalid array length")
            return [hole] * length
        return list(arguments)

    @staticmethod
    @static
    def of(*members: Value) -> Value:
        return list(members)

    @staticmethod
    @static
    def is_array(value: Value) -> bool:
        return isinstance(value, list)

    @staticmethod
    @static(name="from")
    def from_(source: Value, map_function: Value = None) -> Value:
        members = members_of_any(source)
        if map_function is None:
            return list(members)
        return [map_function(member, index) for index, member in enumerate(members)]

    @staticmethod
    @static(promise=True)
    async def from_async(source: Value = None, map_function: Value = None) -> Value:
        call = None if map_function is None else callback(map_function)
        made: list[Value] = []
        async for member in members_in_time(source):
            made.append(member if call is None else await settle(call(member, len(made))))
        return made

    @getter
    def length(self: Value) -> int:
        return len(self)

    @method
    def push(self: Value, *members: Value) -> int:
        change(self, list.extend, members)
        return len(self)

    @method
    def pop(self: Value) -> Value:
        return change(self, list.pop) if self else None

    @method
    def shift(self: Value) -> Value:
        return change(self, list.pop, 0) if self else None

    @method
    def unshift(self: Value, *members: Value) -> int:
        change(self, setitem, slice(0), members)
        return len(self)

    @method
    def slice(self: Value, start: Value = None, end: Value = None) -> Value:
        return self[_offset(start, len(self), 0) : _offset(end, len(self), len(self))]

    @method
    def splice(self: Value, *arguments: Value) -> Value:
        start, count, members = (*arguments, None, None)[0], arguments[1:2], arguments[2:]
        begin = _offset(start, len(self), 0)
        end = begin + max(0, to_place(count[0])) if count else len(self) if arguments else begin
        removed = self[begin:end]
        change(self, setitem, slice(begin, end), members)
        return removed

    @method
    def concat(self: Value, *others: Value) -> Value:
        made = list(self)
        for other in others:
            if isinstance(other, list):
                made.extend(other)
            elif isinstance(other, Foreign) and other.is_list():
                made.extend(other.members())
            else:
                made.append(other)
        return made

    @method
    def join(self: Value, separator: Value = None) -> str:
        between = "," if separator is None else to_string(separator)
        return between.join(
            "" if m is None or m is null or isinstance(m, Hole) else to_string(m) for m in self
        )

    @method
    def reverse(self: Value) -> Value:
        change(self, list.reverse)
        return self

    @method
    def sort(self: Value, compare: Value = None) -> Value:
        if compare is not None and not callable(compare):
            raise type_error(
                "The comparison function must be either a function or undefined:"
                f" {described(compare)}"
            )
        defined = [m for m in self if m is not None and not isinstance(m, Hole)]
        rest = [m for m in self if m is None or isinstance(m, Hole)]
        if compare is None:
            defined.sort(key=lambda member: to_string(member).encode("utf-16-be", "surrogatepass"))
        else:
            defined.sort(key=cmp_to_key(lambda a, b: to_integer(compare(a, b))))
        change(self, setitem, slice(None), defined + rest)
        return self

    @method
    def to_reversed(self: Value) -> Value:
        return self[::-1]

    @method
    def to_sorted(self: Value, compare: Value = None) -> Value:
        return Array.sort(list(self), compare)

    @method
    def to_spliced(self: Value, *arguments: Value) -> Value:
        made = list(self)
        if arguments:
            Array.splice(made, *arguments)
        return made

    @method(name="with")
    def with_(self: Value, index: Value, value: Value = None) -> Value:
        at = to_place(index)
        if not -len(self) <= at < len(self):
            raise range_error("Invalid index : " + to_string(index))
        made = list(self)
        made[at] = value
        return made

    @method
    def copy_within(self: Value, target: Value, start: Value = None, end: Value = None) -> Value:
        copied = Array.slice(self, start, end)
        place = _offset(target, len(self), 0)
        copied = copied[: len(self) - place]
        change(self, setitem, slice(place, place + len(copied)), copied)
        return self

    @method
    def index_of(self: Value, value: Value, start: Value = None) -> int:
        begin = _offset(start, len(self), 0)
        return next((i for i, m in _present(self) if i >= begin and _equal(m, value)), -1)

    @method
    def last_index_of(self: Value, value: Value) -> int:
        return max((i for i, m in _present(self) if _equal(m, value)), default=-1)

    @method
    def includes(self: Value, value: Value) -> bool:
        if value != value:
            return any(m != m for m in self)
        return any(_equal(None if isinstance(m, Hole) else m, value) for m in self)

    @method
    def at(self: Value, index: Value) -> Value:
        at = to_place(index)
        return self[at] if -len(self) <= at < len(self) else None

    @method
    def map(self: Value, function: Value) -> Value:
        call = callback(function)
        made: list[Value] = [hole] * len(self)
        for index, member in _present(self):
            made[index] = call(member, index, self)
        return made

    @method
    def filter(self: Value, function: Value) -> Value:
        call = callback(function)
        return [m for i, m in _present(self) if to_boolean(call(m, i, self))]

    @method
    def for_each(self: Value, function: Value) -> None:
        call = callback(function)
        for index, member in _present(self):
            call(member, index, self)

    @method
    def some(self: Value, function: Value) -> bool:
        call = callback(function)
        return any(to_boolean(call(m, i, self)) for i, m in _present(self))

    @method
    def every(self: Value, function: Value) -> bool:
        call = callback(function)
        return all(to_boolean(call(m, i, self)) for i, m in _present(self))

    @method
    def find(self: Value, function: Value) -> Value:
        call = callback(function)
        return next((m for i, m in enumerate(list(self)) if to_boolean(call(m, i, self))), None)

    @method
    def find_index(self: Value, function: Value) -> int:
        call = callback(function)
        return next((i for i, m in enumerate(list(self)) if to_boolean(call(m, i, self))), -1)

    @method
    def find_last(self: Value, function: Value) -> Value:
        at = Array.find_last_index(self, function)
        return None if at < 0 else self[at]

    @method
    def find_last_index(self: Value, function: Value) -> int:
        call = callback(function)
        backwards = reversed(list(enumerate(self)))
        return next((i for i, m in backwards if to_boolean(call(m, i, self))), -1)

    @method
    def reduce_right(self: Value, function: Value, *initial: Value) -> Value:
        call, last = callback(function), len(self) - 1

        def backwards(result: Value, member: Value, index: int, _: Value) -> Value:
            return call(result, member, last - index, self)

        return Array.reduce(self[::-1], backwards, *initial)

    @method
    def reduce(self: Value, function: Value, *initial: Value) -> Value:
        call = callback(function)
        members = list(_present(self))
        if not initial and not members:
            raise type_error("Reduce of empty array with no initial value")
        result = initial[0] if initial else members.pop(0)[1]
        for index, member in members:
            result = call(result, member, index, self)
        return result

    @method
    def flat(self: Value, depth: Value = 1) -> Value:
        levels = to_place(depth)
        made: list[Value] = []
        for _, member in _present(self):
            if isinstance(member, list) and levels > 0:
                made.extend(Array.flat(member, levels - 1))
            else:
                made.append(member)
        return made

    @method
    def flat_map(self: Value, function: Value) -> Value:
        call = callback(function)
        return Array.flat([call(member, index, self) for index, member in _present(self)])

    @method
    def fill(self: Value, value: Value, start: Value = None, end: Value = None) -> Value:
        begin, stop = _offset(start, len(self), 0), _offset(end, len(self), len(self))
        change(self, setitem, slice(begin, stop), [value] * max(0, stop - begin))
        return self

    @method
    def to_locale_string(self: Value) -> str:
        from flarelocal.javascript.locale import locale_text

        return ",".join(
            "" if m is None or m is null or isinstance(m, Hole) else locale_text(m) for m in self
        )

    @method
    def keys(self: Value) -> Iterator[Value]:
        return NamedIterator.of("Array Iterator", range(len(self)))

    @method
    def values(self: Value) -> Iterator[Value]:
        return NamedIterator.of("Array Iterator", list(self))

    @method
    def entries(self: Value) -> Iterator[Value]:
        return NamedIterator.of("Array Iterator", map(list, enumerate(list(self))))

    @method(name="toString")
    def to_string_method(self: Value) -> str:
        return to_string(self)
