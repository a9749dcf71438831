"""What goes wrong in a Durable Object, in the runtime's own words."""

from __future__ import annotations

from typing import Literal

__all__ = ["DurableObjectError", "ErrorName", "ObjectResetError"]

ErrorName = Literal["Error", "TypeError", "RangeError"]


class DurableObjectError(Exception):
    """An error which the Worker sees with exactly this message.

    Args:
        message: the text of the runtime.
        name: the JavaScript class of the error.
        overloaded: the object had too much to do; a caller should not try again at once.
        retryable: the call did not reach the object; a caller may try again.
    """

    def __init__(
        self,
        message: str,
        name: ErrorName = "Error",
        *,
        overloaded: bool = False,
        retryable: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.name = name
        self.overloaded = overloaded
        self.retryable = retryable

    @property
    def durable_object_reset(self) -> bool:
        """Whether the object was destroyed by this error."""
        return False


class ObjectResetError(DurableObjectError):
    """The object was destroyed while the call was waiting or under way.

    Args:
        cause: what destroyed it: an exception of the Worker, or a `DurableObjectError`.
            The caller sees its class and text, with `durableObjectReset` set.
    """

    def __init__(self, cause: BaseException) -> None:
        known = cause if isinstance(cause, DurableObjectError) else None
        super().__init__(
            known.message if known else str(cause),
            known.name if known else "Error",
            overloaded=known.overloaded if known else False,
            retryable=known.retryable if known else False,
        )
        self.cause = cause

    @property
    def durable_object_reset(self) -> bool:
        return True
