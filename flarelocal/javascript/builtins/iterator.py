"""Iterator, and what it does with the members one by one."""

from __future__ import annotations

import types
from collections.abc import Iterator as Members
from itertools import chain, islice
from typing import cast

from flarelocal.javascript.callback import callback
from flarelocal.javascript.collections import iterate, same_value_zero
from flarelocal.javascript.errors import range_error, type_error
from flarelocal.javascript.function import Builtin
from flarelocal.javascript.host import method, static
from flarelocal.javascript.iterator import NamedIterator
from flarelocal.javascript.numbers import to_integer, to_number
from flarelocal.javascript.signature import to_boolean
from flarelocal.javascript.text import described, tag, to_string, typeof
from flarelocal.javascript.values import MAX_SAFE_INTEGER, Value, null

__all__ = ["PLATFORM_ITERATORS", "Iterator"]

_HELPER = "Iterator Helper"


def _count(value: Value) -> int | None:
    """How many members; None for all."""
    number = to_number(value)
    if not number >= 0:
        raise range_error(f"{described(value)} must be positive")
    return None if number > MAX_SAFE_INTEGER else to_integer(number)


def _part(value: Value) -> Members[Value]:
    if typeof(value) not in ("object", "function") or value is null:
        raise type_error("Iterator.prototype.flatMap called on non-object")
    return iterate(value)


class Iterator(Builtin):
    """Iterators, which are those of Python."""

    __slots__ = ()

    @classmethod
    def construct(cls, *arguments: Value) -> Value:
        raise type_error("Abstract class Iterator not directly constructable")

    @classmethod
    def call(cls, *arguments: Value) -> Value:
        raise type_error("Constructor Iterator requires 'new'")

    @staticmethod
    @static(name="from")
    def from_(members: Value) -> Value:
        if typeof(members) not in ("object", "function", "string") or members is null:
            raise type_error("Iterator.from called on non-object")
        if isinstance(members, list | str):
            return NamedIterator.of("Array Iterator", iterate(members))
        return iterate(members)

    @staticmethod
    @static(name="concat")
    def concat_static(*parts: Value) -> Value:
        return NamedIterator.of(_HELPER, chain.from_iterable(map(iterate, parts)))

    @staticmethod
    @static
    def zip(parts: Value = None) -> Value:
        shortest = zip(*map(iterate, iterate(parts)), strict=False)
        return NamedIterator.of(_HELPER, map(list, shortest))

    @method
    def map(self: Value, function: Value) -> Value:
        call = callback(function)
        return NamedIterator.of(_HELPER, (call(m, i) for i, m in enumerate(self)))

    @method
    def filter(self: Value, function: Value) -> Value:
        call = callback(function)
        kept = (m for i, m in enumerate(self) if to_boolean(call(m, i)))
        return NamedIterator.of(_HELPER, kept)

    @method
    def flat_map(self: Value, function: Value) -> Value:
        call = callback(function)
        parts = (_part(call(m, i)) for i, m in enumerate(self))
        return NamedIterator.of(_HELPER, chain.from_iterable(parts))

    @method
    def take(self: Value, limit: Value) -> Value:
        return NamedIterator.of(_HELPER, islice(self, _count(limit)))

    @method
    def drop(self: Value, limit: Value) -> Value:
        count = _count(limit)
        return NamedIterator.of(_HELPER, () if count is None else islice(self, count, None))

    @method
    def reduce(self: Value, function: Value, *initial: Value) -> Value:
        call = callback(function)
        try:
            result = initial[0] if initial else next(self)
        except StopIteration:
            raise type_error("Reduce of a done iterator with no initial value") from None
        for index, member in enumerate(self, not initial):
            result = call(result, member, index)
        return result

    @method
    def to_array(self: Value) -> Value:
        return list(self)

    @method
    def for_each(self: Value, function: Value) -> None:
        call = callback(function)
        for index, member in enumerate(self):
            call(member, index)

    @method
    def some(self: Value, function: Value) -> bool:
        call = callback(function)
        return any(to_boolean(call(m, i)) for i, m in enumerate(self))

    @method
    def every(self: Value, function: Value) -> bool:
        call = callback(function)
        return all(to_boolean(call(m, i)) for i, m in enumerate(self))

    @method
    def find(self: Value, function: Value) -> Value:
        call = callback(function)
        return next((m for i, m in enumerate(self) if to_boolean(call(m, i))), None)

    @method
    def includes(self: Value, value: Value = None) -> bool:
        members: Members[Value] = self
        return any(same_value_zero(member, value) for member in members)

    @method
    def join(self: Value, separator: Value = None) -> str:
        between = "," if separator is None else to_string(separator)
        members: Members[Value] = self
        return between.join("" if m is None or m is null else to_string(m) for m in members)

    @method(name="toString")
    def to_string_method(self: Value) -> str:
        return tag(self)


def _platform_iterator(name: str) -> type[Iterator]:
    body = {"__slots__": (), "__module__": __name__}
    made = types.new_class(name, (Iterator,), {"js_name": name}, lambda space: space.update(body))
    return cast("type[Iterator]", made)


PLATFORM_ITERATORS = {
    name: _platform_iterator(name) for name in ("EntryIterator", "KeyIterator", "ValueIterator")
}
"""The iterators of Headers and the like, by name."""
