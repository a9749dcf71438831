"""What a caller of structured clone may take upon itself."""

from __future__ import annotations

from typing import Protocol

from flarelocal.javascript.values import Value

__all__ = ["Delegate"]


class Delegate(Protocol):
    """Carries functions, foreign objects and objects of the API that are not data."""

    def dump(self, value: Value) -> tuple[int, bytes] | None:
        """A tag and what `load` needs to make the value again; None: refuse the value.

        Raises:
            JsError: to refuse the value in other words.
        """

    def load(self, tag: int, payload: bytes) -> Value:
        """The value of what `dump` gave."""
