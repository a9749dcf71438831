"""The methods that typed arrays share with arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flarelocal.javascript.host import HostObject, method
from flarelocal.javascript.values import Value

__all__ = ["ArrayMethods"]

_READING = (
    "entries",
    "every",
    "find",
    "findIndex",
    "findLast",
    "findLastIndex",
    "forEach",
    "indexOf",
    "join",
    "lastIndexOf",
    "reduce",
    "reduceRight",
    "some",
)
_COPYING = ("filter", "map", "toReversed", "toSorted", "with")
_CHANGING = ("copyWithin", "reverse", "sort")
_ORDERING = frozenset({"sort", "toSorted"})


def _difference(left: Value, right: Value) -> Value:
    return (left > right) - (left < right)


def _carried_out(name: str, members: list[Value], arguments: tuple[Value, ...]) -> Value:
    """What the method of arrays makes of the members; they are ordered as numbers."""
    from flarelocal.javascript.builtins import builtin

    if name in _ORDERING and not any(callable(argument) for argument in arguments):
        arguments = (_difference,)
    member = builtin("Array").members[name]
    missing = (None,) * (member.required - len(arguments))
    return member.function(members, *arguments[: member.maximum], *missing)


def _reading(name: str) -> Callable[..., Value]:
    @method(name=name)
    def read(self: Any, *arguments: Value) -> Value:
        return _carried_out(name, list(self.iterate()), arguments)

    return read


def _copying(name: str) -> Callable[..., Value]:
    @method(name=name)
    def copy(self: Any, *arguments: Value) -> Value:
        return type(self)(_carried_out(name, list(self.iterate()), arguments))

    return copy


def _changing(name: str) -> Callable[..., Value]:
    @method(name=name)
    def change(self: Any, *arguments: Value) -> Value:
        members = list(self.iterate())
        _carried_out(name, members, arguments)
        for index, member in enumerate(members):
            self.put(index, member)
        return self

    return change


class ArrayMethods(HostObject):
    """The methods over `iterate` and `put`."""

    __slots__ = ()

    for _make, _names in ((_reading, _READING), (_copying, _COPYING), (_changing, _CHANGING)):
        for _name in _names:
            vars()[f"js_{_name}"] = _make(_name)
    del _make, _name, _names
