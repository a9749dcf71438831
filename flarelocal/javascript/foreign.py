"""Objects of another language, which JavaScript holds behind a proxy."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Iterator, Sequence
from typing import ClassVar

from flarelocal.javascript.errors import type_error
from flarelocal.javascript.values import Value

__all__ = ["Foreign"]


class Foreign:
    """Base of the proxies.

    JavaScript takes one for a function exactly if it has a method `__call__`.

    Class attributes:
        js_name: the name of the class of the proxies.
    """

    __slots__ = ()

    js_name: ClassVar[str]

    def description(self) -> str:
        """What an error message calls the object, such as `[object Object]`."""
        raise NotImplementedError

    def to_text(self) -> str:
        """What `String(object)` gives."""
        return self.description()

    def property(self, name: str) -> Value:
        """What reading a property gives; undefined where there is none."""
        return None

    def settle(self) -> Awaitable[Value] | None:
        """What `await` waits for; None if the object is not awaitable."""
        return None

    def is_iterable(self) -> bool:
        """Whether `for … of` can go over it."""
        return False

    def iterate(self) -> Iterator[Value]:
        """What `for … of` goes over.

        Raises:
            JsError: TypeError where the object is not iterable.
        """
        kind = "function" if callable(self) else "object"
        raise type_error(f"{kind} is not iterable (cannot read property Symbol(Symbol.iterator))")

    def iterate_async(self) -> AsyncIterator[Value] | None:
        """What `for await … of` goes over; None if that is what `for … of` does."""
        return None

    def is_list(self) -> bool:
        """Whether `concat` takes its members rather than the object."""
        return False

    def members(self) -> Sequence[Value]:
        """What it has as an array-like object, by `length` and indices."""
        return ()

    def own_properties(self) -> dict[str, Value]:
        """The own enumerable properties."""
        return {}

    def set_property(self, name: str, value: Value) -> None:
        """`object[name] = value`.

        Raises:
            JsError: TypeError; the object takes no properties unless it overrides this.
        """
        raise type_error(f"Cannot add property {name}, object is not extensible")

    def remove_property(self, name: str) -> None:
        """`delete object[name]`.

        Raises:
            JsError: TypeError; the object has no properties unless it overrides this.
        """
        raise type_error(f"Cannot delete property '{name}' of {self.description()}")

    def to_json(self) -> Value:
        """What JSON takes the object for: by default an object without properties."""
        return {}
