"""Calls of the methods of an entrypoint."""

from __future__ import annotations

from flarelocal.bindings.execution_context import ExecutionContext
from flarelocal.javascript.values import Value
from flarelocal.worker.invocation import Trigger
from flarelocal.worker.worker import Worker

__all__ = ["call"]


async def call(
    worker: Worker,
    entrypoint: str | None,
    method: str,
    arguments: list[Value],
    props: Value = None,
) -> Value:
    """Call a method of an entrypoint of a Worker; `waitUntil` tasks go on afterwards.

    Raises:
        Exception: what the method raised.
    """
    invocation = worker.invocation(Trigger("rpc", f"{entrypoint or worker.name}.{method}"))
    try:
        with worker.recorded(invocation):
            return await worker.call(
                invocation,
                entrypoint,
                method,
                arguments,
                lambda invocation: ExecutionContext(invocation, props),
            )
    finally:
        # What the result holds may be called later.
        worker.drain(invocation, end=False)
