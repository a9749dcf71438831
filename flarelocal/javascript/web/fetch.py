"""fetch, and where its requests go."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Annotated

from flarelocal.javascript.departure import departure
from flarelocal.javascript.errors import type_error
from flarelocal.javascript.promise import rethrow
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.request import USED_BODY, Request
from flarelocal.javascript.web.response import Response

__all__ = ["Outbound", "current_outbound", "exchange", "fetch", "request_of"]

Outbound = Callable[[Request], Awaitable[Response]]


async def _network(request: Request) -> Response:
    from flarelocal.javascript.web.outbound import send

    return await send(request)


current_outbound: ContextVar[Outbound] = ContextVar("outbound", default=_network)
"""What answers the requests that the present invocation makes."""


def request_of(resource: Annotated[Value, "Request or string"], init: Value = None) -> Request:
    """The request of the arguments of `fetch`.

    Raises:
        JsError: TypeError for what makes no request.
    """
    return resource if isinstance(resource, Request) and init is None else Request(resource, init)


async def fetch(resource: Value, init: Value = None) -> Response:
    """Make a request.

    Raises:
        JsError: TypeError for what makes no request; Error where the network fails; the reason of
            the signal if that aborts.
    """
    request = request_of(resource, init)
    await departure()
    sender = request.sender
    return await exchange(request, sender.send if sender else current_outbound.get())


async def exchange(request: Request, send: Outbound) -> Response:
    """Have a request answered as far as the runtime itself does not do so.

    Args:
        send: gets what is asked of a server, and follows redirects.

    Raises:
        JsError: as of `fetch`.
    """
    if request.body_used:
        raise type_error(USED_BODY)
    if not request.url.startswith(("http://", "https://")):
        from flarelocal.javascript.web.data_url import data_response

        return data_response(request)
    signal = request.given_signal
    if signal is None or not signal.aborts_requests:
        return await send(request)
    if signal.aborted:
        rethrow(signal.reason)

    async def answer() -> Response:
        return await send(request)

    # Not by the loop's factory: what the runtime itself does needs no stack of its own.
    work = asyncio.Task(answer(), loop=asyncio.get_running_loop())
    work._log_destroy_pending = False  # type: ignore[attr-defined]
    unsubscribe = signal.subscribe(lambda: work.cancel())
    try:
        return await work
    except asyncio.CancelledError:
        if not signal.aborted:
            raise
        rethrow(signal.reason)
    finally:
        unsubscribe()
