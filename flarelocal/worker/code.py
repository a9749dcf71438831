"""What a loaded Worker offers, whatever language it is written in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol, TypeAlias

from flarelocal.javascript.errors import JsError
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.values import Value

__all__ = ["Code", "Instance", "Kind", "ReceiverError"]


class ReceiverError(JsError):
    """What the runtime, not the program, says about what a caller asked for: a TypeError."""

    def __init__(self, message: str) -> None:
        super().__init__(message, name="TypeError")

    @classmethod
    def missing(cls, name: str) -> ReceiverError:
        """There is no such property that a caller may see."""
        return cls(f'The RPC receiver does not implement the method "{name}".')

    @classmethod
    def reserved(cls, name: str) -> ReceiverError:
        """The property is there for the runtime alone."""
        return cls(f"'{name}' is a reserved method and cannot be called over RPC.")


class Instance(Protocol):
    """An entrypoint or Durable Object that was constructed."""

    def has(self, method: str) -> bool:
        """Whether the instance says that it has a method; the answer of a proxy is always yes."""
        ...

    def call(self, method: str, arguments: list[Value]) -> Value:
        """Call a method with values of JavaScript-land; gives its result, or an awaitable of it.

        Raises:
            JsError: TypeError; there is no such method.
        """
        ...

    def get(self, name: str) -> Value:
        """Read a property that callers may see.

        Raises:
            ReceiverError: there is none.
        """
        ...


Kind: TypeAlias = Literal["DurableObject", "WorkerEntrypoint", "WorkflowEntrypoint"]
"""The base of an exported class."""


class Code(Protocol):
    """The main module of a Worker."""

    def construct(self, entrypoint: str | None, context: HostObject) -> Instance:
        """Make an instance of the default entrypoint (None) or of a named class.

        Args:
            context: the ExecutionContext or DurableObjectState.

        Raises:
            JsError: there is no such class.
        """
        ...

    def names(self, kind: Kind) -> Sequence[str]:
        """The classes of a kind that the module shows, the default entrypoint not among them."""
        ...

    def exports(self, entrypoint: str | None, handler: str) -> bool:
        """Whether an event of this kind finds an entrypoint that could handle it."""
        ...
