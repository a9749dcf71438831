"""Objects of another language, which JavaScript holds behind a proxy."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Iterator

from flarelocal.javascript.errors import type_error
from flarelocal.javascript.values import Value

__all__ = ["Foreign"]


class Foreign(ABC):
    """Base of the proxies.

    JavaScript takes one for a function exactly if it has a method `__call__`.
    """

    __slots__ = ()

    @abstractmethod
    def description(self) -> str:
        """What an error message calls the object, such as `[object Object]`."""

    def to_text(self) -> str:
        """What `String(object)` gives."""
        return self.description()

    def property(self, name: str) -> Value:
        """What reading a property gives; undefined where there is none."""
        return None

    def settle(self) -> Awaitable[Value] | None:
        """What `await` waits for; None if the object is not awaitable."""
        return None

    def iterate(self) -> Iterator[Value]:
        """What `for … of` goes over.

        Raises:
            JsError: TypeError where the object is not iterable.
        """
        raise type_error(f"{self.description()} is not iterable")

    def to_json(self) -> Value:
        """What JSON takes the object for: by default an object without properties."""
        return {}
