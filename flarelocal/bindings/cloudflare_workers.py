"""The module `cloudflare:workers`."""

from __future__ import annotations

from flarelocal.bindings.execution_context import awaitable_of
from flarelocal.javascript.errors import error
from flarelocal.javascript.host import HostObject, getter, method
from flarelocal.javascript.startup import disallowed
from flarelocal.javascript.values import Value
from flarelocal.worker.invocation import Invocation
from flarelocal.worker.scope import Scope

__all__ = ["CloudflareSockets", "CloudflareWorkers"]


class CloudflareWorkers(HostObject, js_name="Module"):
    """What the module shows belongs to the invocation that asks.

    The names are those of the runtime; those of classes that only JavaScript can extend are
    there to be seen, not to be used.

    Args:
        scope: what programs see that import the Worker, outside of all events; None: an error.
    """

    __slots__ = ("_scope",)

    def __init__(self, scope: Scope | None = None) -> None:
        self._scope = scope

    @getter(own=True)
    def env(self) -> Value:
        if self._scope is not None and Invocation.current() is None:
            return self._scope.env
        return _invocation().scope.env

    @getter(own=True)
    def exports(self) -> Value:
        return _invocation().scope.exports

    @method
    def wait_until(self, promise: Value = None) -> None:
        """Keep the present invocation open until the promise is settled."""
        awaitable = awaitable_of(promise)
        if awaitable is not None:
            _invocation().add(awaitable)

    def own_properties(self) -> dict[str, Value]:
        return dict.fromkeys(_NAMES) | super().own_properties()


_NAMES = (
    "DurableObject",
    "RpcPromise",
    "RpcProperty",
    "RpcStub",
    "RpcTarget",
    "ServiceStub",
    "WorkerEntrypoint",
    "WorkflowEntrypoint",
    "abortIsolate",
    "cache",
    "env",
    "restore",
    "tracing",
    "waitUntil",
    "withEnv",
    "withEnvAndExports",
    "withExports",
)


class CloudflareSockets(HostObject, js_name="Module"):
    """The module `cloudflare:sockets`."""

    __slots__ = ()

    @method
    def connect(self, address: Value = None, options: Value = None) -> Value:
        raise error(
            "flarelocal does not emulate connect() of cloudflare:sockets: "
            "use fetch(), or Python's own sockets while you work locally"
        )


def _invocation() -> Invocation:
    found = Invocation.current()
    if found is None:
        raise disallowed()
    return found
