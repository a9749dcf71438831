"""WebSocket connections from clients to the Worker."""

from __future__ import annotations

import asyncio
import contextvars
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from uvicorn.server import ServerState
from websockets.datastructures import Headers
from websockets.http11 import Request as HandshakeRequest
from websockets.http11 import Response as HandshakeResponse

from flarelocal.emulator import Emulator
from flarelocal.javascript.web.response import Response
from flarelocal.server.exchange import Exchange, Message
from flarelocal.server.failure import failure
from flarelocal.sockets.codec import ServerCodec
from flarelocal.sockets.wire import Wire

__all__ = ["WebSocketProtocol"]

_OURS = ("connection", "sec-websocket-accept", "sec-websocket-extensions", "upgrade")
_GOING_AWAY = 1012


class WebSocketProtocol(Wire):
    """Offers the upgrade to the Worker, and joins the connection to the socket of its answer.

    A Worker that answers without a socket refuses the upgrade; the client gets its answer. This is
    what uvicorn makes for each upgrade, in place of its own protocol, which closes a connection
    without asking the Worker.

    Args:
        state: the connections and tasks of the server.
    """

    def __init__(self, emulator: Emulator, state: ServerState) -> None:
        rules = emulator.primary.socket_rules
        self._server = ServerCodec(largest=rules.largest, compress=rules.compression)
        super().__init__(self._server)
        self._emulator = emulator
        self._state = state
        self._task: asyncio.Task[None] | None = None

    # -- what uvicorn and asyncio call

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._state.connections.add(self)  # type: ignore[arg-type]

    def connection_lost(self, failure: Exception | None) -> None:
        super().connection_lost(failure)
        self._state.connections.discard(self)

    def shutdown(self) -> None:
        """The server stops."""
        self.leave(_GOING_AWAY)

    # -- the handshake

    def handshake(self, message: HandshakeRequest | HandshakeResponse) -> None:
        assert isinstance(message, HandshakeRequest)
        self._task = asyncio.Task(
            self._answer(message), loop=asyncio.get_running_loop(), context=contextvars.Context()
        )
        self._state.tasks.add(self._task)
        self._task.add_done_callback(self._state.tasks.discard)

    async def _answer(self, handshake: HandshakeRequest) -> None:
        agreed = self._server.accept(handshake)
        if agreed.status_code != HTTPStatus.SWITCHING_PROTOCOLS:
            self._server.send_response(agreed)
            self.flush()
            self.transport.close()
            return
        exchange = Exchange(self._scope(handshake), _nothing, self._send)
        try:
            response = await self._emulator.fetch(exchange.request())
        except Exception as error:
            await exchange.answer(failure(error, exchange))
        else:
            if response.upgraded:
                self._upgrade(response, agreed)
                return
            await exchange.respond(response)
        self.transport.close()

    def _upgrade(self, response: Response, agreed: HandshakeResponse) -> None:
        end = response.web_socket.release()
        for name, value in response.headers.raw():
            if name not in _OURS:
                agreed.headers[name] = value
        self._server.send_response(agreed)
        self.flush()
        self.join(end)

    def _scope(self, handshake: HandshakeRequest) -> Message:
        path, _, query = handshake.path.partition("?")
        return {
            "type": "http",
            "method": "GET",
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode("latin-1"),
            "query_string": query.encode("latin-1"),
            "headers": [
                (name.lower().encode("latin-1"), value.encode("latin-1"))
                for name, value in handshake.headers.raw_items()
            ],
            "client": self.transport.get_extra_info("peername"),
        }

    async def _send(self, message: Message) -> None:
        """Send a part of an answer that refuses the upgrade, as ASGI has it."""
        if self.transport.is_closing():
            return
        if message["type"] == "http.response.start":
            self.transport.write(_head(message["status"], message["headers"]))
        else:
            self.transport.write(message["body"])


async def _nothing() -> Any:
    """The request has no body, and that the client leaves is seen elsewhere."""
    await asyncio.get_running_loop().create_future()


def _head(status: int, headers: list[tuple[bytes, bytes]]) -> bytes:
    made = Headers((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)
    made["Connection"] = "close"
    phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else ""
    return f"HTTP/1.1 {status} {phrase}\r\n".encode() + made.serialize()
