"""WebSocket connections from clients to the Worker."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from flarelocal.emulator import Emulator
from flarelocal.javascript.web.request import Request
from flarelocal.javascript.web.response import Response
from flarelocal.javascript.web.websocket import WebSocket

__all__ = ["serve_websocket"]

Message = MutableMapping[str, Any]

_NO_STATUS = 1005


async def serve_websocket(
    emulator: Emulator,
    scope: Message,
    receive: Callable[[], Awaitable[Message]],
    send: Callable[[Message], Awaitable[None]],
) -> None:
    """Offer the upgrade to the Worker and join the connection to the socket that it answers with.

    A Worker that answers with anything else than a status 101 refuses the connection.
    """
    await receive()
    try:
        response = await emulator.fetch(_request(scope))
    except Exception:
        await send({"type": "websocket.close", "code": 1011})
        return
    socket = response.web_socket if response.status == 101 else None
    if not isinstance(socket, WebSocket):
        await _refuse(response, send)
        return
    await send({"type": "websocket.accept", "headers": _headers(response)})
    outgoing = _Outgoing()
    socket.couple(outgoing)
    pump = asyncio.create_task(outgoing.pump(send))
    try:
        await _read(socket, receive)
        outgoing.end()
    finally:
        await pump


async def _read(socket: WebSocket, receive: Callable[[], Awaitable[Message]]) -> None:
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            code = message.get("code") or _NO_STATUS
            if code == 1006:
                socket.transmit_failure("WebSocket disconnected without sending Close frame.")
            else:
                socket.transmit_close(code, message.get("reason") or "")
            return
        text = message.get("text")
        socket.transmit(message["bytes"] if text is None else text)


class _Outgoing:
    """Takes what the Worker sends; a client that is slow does not hold the Worker up."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Message | None] = asyncio.Queue()

    def message(self, data: str | bytes) -> None:
        kind = "text" if isinstance(data, str) else "bytes"
        self._queue.put_nowait({"type": "websocket.send", kind: data})

    def closed(self, code: int, reason: str) -> None:
        self._queue.put_nowait(
            {
                "type": "websocket.close",
                "code": 1000 if code == _NO_STATUS else code,
                "reason": reason,
            }
        )
        self._queue.put_nowait(None)

    def failed(self, message: str) -> None:
        self.closed(1011, message)

    def end(self) -> None:
        """The client is gone."""
        self._queue.put_nowait(None)

    async def pump(self, send: Callable[[Message], Awaitable[None]]) -> None:
        """Send on, in order, until the end."""
        while (message := await self._queue.get()) is not None:
            try:
                await send(message)
            except (RuntimeError, OSError):
                # The connection went away meanwhile; the reader hears of it by itself.
                return


def _request(scope: Message) -> Request:
    headers = [
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]
    ]
    host = next((value for name, value in headers if name == "host"), "localhost")
    scheme = "https" if scope["scheme"] == "wss" else "http"
    path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
    query = scope["query_string"].decode("latin-1")
    return Request.incoming(
        "GET", f"{scheme}://{host}{path}{'?' if query else ''}{query}", headers, None
    )


def _headers(response: Response) -> list[tuple[bytes, bytes]]:
    return [
        (name.encode("latin-1"), value.encode("latin-1"))
        for name, value in response.headers.raw()
        if not name.lower().startswith(("sec-websocket-", "upgrade", "connection"))
    ]


async def _refuse(response: Response, send: Callable[[Message], Awaitable[None]]) -> None:
    body = response.body_bytes()
    if body is None:
        body = b"".join([chunk async for chunk in response.body_chunks()])
    await send(
        {
            "type": "websocket.http.response.start",
            "status": response.status,
            "headers": _headers(response),
        }
    )
    await send({"type": "websocket.http.response.body", "body": body})
