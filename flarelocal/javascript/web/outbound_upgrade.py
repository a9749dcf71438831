"""`fetch` with `Upgrade: websocket`: connections to WebSocket servers."""

from __future__ import annotations

from flarelocal.javascript.errors import error
from flarelocal.javascript.web.request import Request
from flarelocal.javascript.web.response import Response
from flarelocal.javascript.web.socket_host import current_host
from flarelocal.javascript.web.websocket import WebSocket
from flarelocal.sockets.client import connect

__all__ = ["upgrade"]


async def upgrade(request: Request) -> Response:
    """Shake hands with a server; its answer has a WebSocket if it agrees.

    Raises:
        JsError: Error; the network fails.
    """
    rules = current_host.get().rules
    try:
        answer = await connect(
            request.url, request.headers.raw(), largest=rules.largest, compress=rules.compression
        )
    except OSError as failure:
        raise error(f"Network connection lost. ({failure})") from failure
    return Response.received(
        answer.status,
        answer.headers,
        None if answer.end else answer.body,
        status_text=answer.reason,
        urls=(request.url,),
        web_socket=WebSocket.of(answer.end) if answer.end else None,
    )
