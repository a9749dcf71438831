"""Going over what `for await` takes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from flarelocal.javascript.collections import iterate
from flarelocal.javascript.foreign import Foreign
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.promise import settle
from flarelocal.javascript.values import Value

__all__ = ["iterate_async"]


def iterate_async(value: Value) -> AsyncIterator[Value]:
    """Go over a value as `for await … of` does; what it waits for is waited for.

    Raises:
        JsError: TypeError where the value is not iterable.
    """
    if isinstance(value, HostObject) and type(value).iterate_async is not HostObject.iterate_async:
        return value.iterate_async()
    if isinstance(value, AsyncIterator):
        return value
    later = value.iterate_async() if isinstance(value, Foreign) else None
    return _settled(iterate(value)) if later is None else later


async def _settled(members: Iterator[Value]) -> AsyncIterator[Value]:
    for member in members:
        yield await settle(member)
