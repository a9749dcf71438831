"""Calls of the methods of an entrypoint."""

from __future__ import annotations

import contextvars
from collections.abc import Awaitable, Callable, Sequence

from flarelocal.bindings.execution_context import ExecutionContext
from flarelocal.bindings.rpc import PropertyPath, background, passed, reach_member, remote_error
from flarelocal.bindings.rpc.stub import RpcPromise
from flarelocal.javascript.values import Value
from flarelocal.worker.code import Instance
from flarelocal.worker.invocation import Trigger
from flarelocal.worker.worker import Worker

__all__ = ["Entrypoint"]


class Entrypoint:
    """An entrypoint of a Worker as the receiver of calls; each call has an instance of its own.

    Args:
        name: of its class; None for the default one.
        props: what its `ctx.props` shows.
        ready: returns when the Worker has its code.
    """

    def __init__(
        self,
        worker: Worker,
        name: str | None,
        props: Value = None,
        *,
        ready: Callable[[], Awaitable[object]],
    ) -> None:
        self._worker = worker
        self._name = name
        self._props = props
        self._ready = ready

    def start(
        self, path: PropertyPath, arguments: Sequence[Value] | None, reply: RpcPromise
    ) -> None:
        reply.follow(background(self._run(path, arguments), contextvars.Context()))

    def result(self, value: Value) -> Value:
        return passed(value)

    def error(self, error: BaseException, *, called: bool) -> BaseException:
        return remote_error(error)

    async def _run(self, path: PropertyPath, arguments: Sequence[Value] | None) -> Value:
        await self._ready()
        worker = self._worker
        subject = f"{self._name or worker.name}.{'.'.join(path)}"
        invocation = worker.invocation(Trigger("rpc", subject))

        def use(instance: Instance) -> Value:
            return reach_member(instance, path, arguments)

        try:
            with worker.recorded(invocation):
                return await worker.enter(
                    invocation,
                    self._name,
                    use,
                    lambda invocation: ExecutionContext(invocation, self._props),
                )
        finally:
            # What the result holds may be called later.
            worker.drain(invocation, end=False)
