"""HTTP requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flarelocal.bindings.execution_context import ExecutionContext
from flarelocal.javascript.errors import error
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.request import Request
from flarelocal.javascript.web.response import Response
from flarelocal.triggers.answer import answer_of
from flarelocal.triggers.upgrade import take_over_socket
from flarelocal.worker.invocation import Invocation, Trigger
from flarelocal.worker.worker import Worker

if TYPE_CHECKING:
    from flarelocal.javascript.web.abort import AbortSignal

__all__ = ["fetch"]


async def fetch(
    worker: Worker, request: Request, *, entrypoint: str | None = None, props: Value = None
) -> Response:
    """Have a Worker answer a request; its `waitUntil` tasks go on afterwards.

    Raises:
        Exception: what the handler raised.
        JsError: there is no handler, or it answered with something else than a Response.
    """
    code = worker.code
    assert code is not None
    invocation = worker.invocation(Trigger("fetch", f"{request.method} {_path(request.url)}"))
    whole, upgraded = True, False
    if request.given_signal is not None:
        _listen(request.given_signal, invocation)
    try:
        with worker.recorded(invocation) as record:
            if not code.exports(entrypoint, "fetch"):
                raise error("Handler does not export a fetch() function.")
            response = answer_of(
                await worker.call(
                    invocation,
                    entrypoint,
                    "fetch",
                    [request, None, None],
                    lambda invocation: ExecutionContext(invocation, props),
                )
            )
            upgraded = take_over_socket(request, response)
            record.detail = str(response.status)
            whole = response.whole
            return response
    finally:
        if upgraded:
            worker.drain_after_sockets(invocation)
        else:
            worker.drain(invocation, end=whole)


def _listen(signal: AbortSignal, invocation: Invocation) -> None:
    from flarelocal.javascript.web.abort import ClientSignal

    if isinstance(signal, ClientSignal):
        signal.enter(invocation.context)


def _path(url: str) -> str:
    path = url.split("//", 1)[-1].partition("/")[2].partition("?")[0]
    return "/" + path.partition("#")[0]
