"""`ctx` of an event: what outlives the answer."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable

from flarelocal.javascript.foreign import Foreign
from flarelocal.javascript.host import HostObject, getter, method
from flarelocal.javascript.values import Value
from flarelocal.worker.invocation import Invocation

__all__ = ["ExecutionContext", "awaitable_of"]


def awaitable_of(value: Value) -> Awaitable[Value] | None:
    """What `await value` waits for; None for a value that is no promise."""
    if asyncio.isfuture(value) or inspect.iscoroutine(value):
        return value
    return value.settle() if isinstance(value, Foreign) else None


class ExecutionContext(HostObject):
    """The context of one invocation (Cloudflare docs, "Context (ctx)")."""

    __slots__ = ("_invocation", "_props")

    def __init__(self, invocation: Invocation, props: Value = None) -> None:
        self._invocation = invocation
        self._props = {} if props is None else props

    @method
    def wait_until(self, promise: Value = None) -> None:
        """Keep the invocation open until the promise is settled; other values do nothing."""
        awaitable = awaitable_of(promise)
        if awaitable is not None:
            self._invocation.add(awaitable)

    @method
    def pass_through_on_exception(self) -> None:
        """Without effect locally: there is no origin server to pass a request to."""

    @getter
    def props(self) -> Value:
        return self._props

    @getter
    def exports(self) -> Value:
        """The Worker's own entrypoints and classes; undefined before `enable_ctx_exports`."""
        return self._invocation.scope.exports
