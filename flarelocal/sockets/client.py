"""Connections to WebSocket servers."""

from __future__ import annotations

import asyncio
import contextvars
from urllib.parse import urlsplit

from websockets.exceptions import InvalidStatus
from websockets.http11 import Request, Response
from websockets.uri import parse_uri

from flarelocal.dataclass import dataclass
from flarelocal.sockets.codec import ClientCodec
from flarelocal.sockets.connection import End
from flarelocal.sockets.wire import Wire

__all__ = ["Answer", "connect"]

_OURS = frozenset({"connection", "host", "upgrade"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said to a handshake.

    Attributes:
        end: of the connection; None where the server refused it.
    """

    status: int
    reason: str
    headers: list[tuple[str, str]]
    body: bytes
    end: End | None


class _ClientWire(Wire):
    def __init__(self, codec: ClientCodec, headers: list[tuple[str, str]]) -> None:
        super().__init__(codec)
        self._client = codec
        self._headers = headers
        self._answer: asyncio.Future[Answer] | None = asyncio.get_running_loop().create_future()

    async def answer(self) -> Answer:
        """What the server says.

        Raises:
            ConnectionError: nothing that could be understood.
        """
        assert self._answer is not None
        try:
            return await self._answer
        finally:
            # To let go of its end is to lose the connection: nobody else must hold it.
            self._answer = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        request: Request = self._client.connect()
        for name, value in self._headers:
            request.headers[name] = value
        self._client.send_request(request)
        self.flush()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        failure = self._client.handshake_exc
        if failure is not None and not isinstance(failure, InvalidStatus):
            self._fail(ConnectionError(str(failure)))

    def handshake(self, message: Request | Response) -> None:
        assert isinstance(message, Response)
        refused = self._client.handshake_exc
        if refused is not None and not isinstance(refused, InvalidStatus):
            return
        end = None
        if refused is None:
            end, other = End.pair()
            self.join(other)
        else:
            self.transport.close()
        headers = [(name.lower(), value) for name, value in message.headers.raw_items()]
        body = bytes(message.body or b"")
        answer = Answer(message.status_code, message.reason_phrase, headers, body, end)
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(answer)

    def connection_lost(self, failure: Exception | None) -> None:
        super().connection_lost(failure)
        self._fail(ConnectionError("the server closed the connection"))

    def _fail(self, failure: Exception) -> None:
        self.transport.close()
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(failure)


async def connect(
    url: str, headers: list[tuple[str, str]], *, largest: int, compress: bool
) -> Answer:
    """Shake hands with a server.

    Args:
        url: begins with `http` or `https`.
        headers: of the request, beyond those of the handshake itself; names are in lower case.
        largest: how many bytes a message of the server may have.
        compress: whether messages may be compressed.

    Raises:
        OSError: the network fails, or the server does not speak the protocol.
    """
    work = asyncio.Task(
        _connect(url, headers, largest, compress),
        loop=asyncio.get_running_loop(),
        # The connection outlives the invocation, and its timers are not the Worker's.
        context=contextvars.Context(),
    )
    try:
        return await work
    finally:
        work.cancel()


async def _connect(
    url: str, headers: list[tuple[str, str]], largest: int, compress: bool
) -> Answer:
    address = urlsplit(url)
    secure = address.scheme == "https"
    own = [
        (name, value)
        for name, value in headers
        if name not in _OURS and not name.startswith("sec-websocket-")
    ]
    protocols = [
        name.strip()
        for header, value in headers
        if header == "sec-websocket-protocol"
        for name in value.split(",")
    ]
    uri = parse_uri(address._replace(scheme="wss" if secure else "ws", fragment="").geturl())
    codec = ClientCodec(uri, protocols, largest=largest, compress=compress)
    _, wire = await asyncio.get_running_loop().create_connection(
        lambda: _ClientWire(codec, own), uri.host, uri.port, ssl=secure or None
    )
    try:
        return await wire.answer()
    except BaseException:
        wire.transport.abort()
        raise
