"""What counts as a list of values: iterables, and objects with a length and indices."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence

from flarelocal.javascript.collections import iterate, not_iterable
from flarelocal.javascript.errors import type_error
from flarelocal.javascript.foreign import Foreign
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.numbers import to_integer
from flarelocal.javascript.promise import settle
from flarelocal.javascript.values import Symbol, Value, null

__all__ = ["argument_list", "members_in_time", "members_of_any"]


def members_of_any(value: Value) -> Iterable[Value]:
    """The members that `Array.from(value)` goes over; those of an object without any are none.

    Raises:
        JsError: TypeError for undefined and null.
    """
    if value is None or value is null:
        raise not_iterable(value)
    if _is_iterable(value):
        return iterate(value)
    return [] if isinstance(value, bool | int | float | Symbol) else _indexed(value)


def argument_list(value: Value) -> Sequence[Value]:
    """The arguments that `Reflect.apply` makes of an object.

    Raises:
        JsError: TypeError for what is no object.
    """
    if value is None or value is null or isinstance(value, bool | int | float | str | Symbol):
        raise type_error("CreateListFromArrayLike called on non-object")
    return _indexed(value)


def _is_iterable(value: Value) -> bool:
    if isinstance(value, Foreign):
        return value.is_iterable()
    if isinstance(value, HostObject):
        return type(value).iterate is not HostObject.iterate
    return isinstance(value, list | str | Iterator)


def _indexed(value: Value) -> Sequence[Value]:
    if isinstance(value, list):
        return value
    if isinstance(value, HostObject) and "length" in value.members:
        return list(iterate(value))
    if isinstance(value, Foreign):
        return value.members()
    if isinstance(value, dict):
        return [value.get(str(index)) for index in range(to_integer(value.get("length")))]
    return []


async def members_in_time(source: Value) -> AsyncIterator[Value]:
    """The members that `Array.fromAsync(value)` goes over, each of them awaited.

    Raises:
        JsError: TypeError for undefined and null.
    """
    if isinstance(source, HostObject) and (
        type(source).iterate_async is not HostObject.iterate_async
    ):
        async for member in source.iterate_async():
            yield member
        return
    for member in members_of_any(source):
        yield await settle(member)
