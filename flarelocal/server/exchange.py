"""One HTTP request and the answer to it, on ASGI."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeAlias

from flarelocal.javascript.errors import type_error
from flarelocal.javascript.web.request import Request
from flarelocal.javascript.web.response import Response
from flarelocal.server.answer import Answer, Download
from flarelocal.server.cf import incoming_cf
from flarelocal.server.connection import LEFT

if TYPE_CHECKING:
    from flarelocal.javascript.web.abort import ClientSignal

__all__ = ["BodyError", "ClientLeft", "Exchange", "Message", "Receive", "Send"]

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

# What concerns one connection only is the server's, not the Worker's.
_HOP_BY_HOP = frozenset(
    {"connection", "content-length", "keep-alive", "transfer-encoding", "upgrade"}
)
_OF_BODIES = frozenset({b"content-length", b"transfer-encoding"})
_WITHOUT_BODY = frozenset({101, 204, 205, 304})
_CHUNKS_PER_TURN = 16

# Brotli takes the form of gzip: only the client sees the difference.
_ENCODED = frozenset({"gzip", "br"})


class BodyError(Exception):
    """The response failed while it was sent; `__cause__` is why."""


class ClientLeft(Exception):
    """The client went away before there was an answer."""


class Exchange:
    """A request from a client, and the way back."""

    def __init__(self, scope: Message, receive: Receive, send: Send) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send
        self._more = False
        self._read: asyncio.Event | None = None
        self._signal: ClientSignal | None = None

    @property
    def method(self) -> str:
        method: str = self._scope["method"]
        return method

    @property
    def path(self) -> str:
        """The path, decoded."""
        path: str = self._scope["path"]
        return path

    @property
    def raw_path(self) -> str:
        """The path as it was sent."""
        raw: bytes = self._scope.get("raw_path") or self.path.encode()
        return raw.decode("latin-1")

    @property
    def query(self) -> str:
        query: bytes = self._scope["query_string"]
        return query.decode("latin-1")

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """As they were sent; the names are in lower case."""
        headers: list[tuple[bytes, bytes]] = self._scope["headers"]
        return headers

    def header(self, name: str) -> str:
        """The value of a header; "" if it is not there."""
        sought = name.encode()
        return next((value.decode("latin-1") for key, value in self.headers if key == sought), "")

    def attended(self) -> _Attended:
        """Within this, the present task is cancelled should the client go away.

        Raises:
            ClientLeft: at its end, if the client did.
        """
        return _Attended(self._scope, self._leave)

    def _leave(self) -> None:
        if self._signal is not None:
            self._signal.leave()

    # -- the request

    async def body(self) -> bytes:
        """The whole body."""
        return b"".join([chunk async for chunk in self.chunks()])

    def request(self, signal: ClientSignal | None = None) -> Request:
        """The request as the Worker sees it: with the headers that Cloudflare adds.

        Source: miniflare, `entry.worker.ts`; for UTF-8 in headers, workerd, api/headers.c++.

        Args:
            signal: tells the Worker that the client went away.
        """
        self._signal = signal
        headers: list[tuple[str, str]] = []
        host, address, has_body = "", "", False
        for name, raw in self.headers:
            value = raw.decode("utf-8", "replace")
            if name == b"accept-encoding":
                continue
            if name == b"host":
                host = value
            elif name == b"cf-connecting-ip":
                address = value
            elif name in _OF_BODIES:
                has_body = True
            headers.append((name.decode("latin-1"), value))
        headers.append(("accept-encoding", "br, gzip"))
        scope = self._scope
        client = scope.get("client")
        if client and not address:
            headers.append(("cf-connecting-ip", client[0]))
        target = self.raw_path
        if query := self.query:
            target += "?" + query
        url = f"{scope['scheme']}://{host or 'localhost'}{target}"
        self._more = has_body
        body = self.chunks() if has_body else None
        cf = incoming_cf(scope.get("http_version", "1.1"))
        return Request.incoming(self.method, url, headers, body, cf=cf, signal=signal)

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body as it comes.

        Raises:
            ConnectionError: the client went away.
        """
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ConnectionError("the client went away")
            more = message.get("more_body")
            if not more:
                self._more = False
                if self._read is not None:
                    self._read.set()
            if message.get("body"):
                yield message["body"]
            if not more:
                return

    # -- the answer

    async def answer(self, answer: Answer | Download) -> None:
        """Send an answer of flarelocal's own."""
        if isinstance(answer, Download):
            await self._download(answer)
            return
        headers = [
            (b"content-type", answer.content_type.encode()),
            (b"content-length", str(len(answer.body)).encode()),
            *((name.encode(), value.encode()) for name, value in answer.headers),
        ]
        await self._begin(answer.status, headers)
        await self._send({"type": "http.response.body", "body": answer.body})

    async def _download(self, answer: Download) -> None:
        headers = [
            (b"content-type", answer.content_type.encode()),
            (b"content-length", str(answer.length).encode()),
        ]
        await self._begin(answer.status, headers)
        await self._stream(answer.chunks)
        await self._send({"type": "http.response.body", "body": b""})

    async def respond(self, response: Response) -> None:
        """Send the Worker's response; a body that streams ends when the client goes away.

        Raises:
            BodyError: the body failed.
        """
        headers = [
            (name.encode("utf-8", "replace"), value.encode("utf-8", "replace"))
            for name, value in response.headers.raw()
            if name not in _HOP_BY_HOP
        ]
        encoding = None if response.manual_encoding else response.headers.first("content-encoding")
        if encoding in _ENCODED and not response.bodiless:
            await self._respond_encoded(response, headers)
            return
        whole = response.body_bytes()
        length = response.body_length if whole is None else len(whole)
        if self.method == "HEAD" and not length:
            length = _number(response.headers.first("content-length"))
        if length is not None and response.status not in _WITHOUT_BODY:
            headers.append((b"content-length", str(length).encode()))
        await self._begin(response.status, headers)
        if whole is None:
            await self._stream(response.body_chunks())
        await self._send({"type": "http.response.body", "body": whole or b""})

    async def _respond_encoded(
        self, response: Response, headers: list[tuple[bytes, bytes]]
    ) -> None:
        """Send a body that the Worker wants to be encoded, as the client can decode it."""
        from flarelocal.javascript.web.gzip import gzipped

        chunks = response.body_chunks()
        headers = [pair for pair in headers if pair[0] != b"content-encoding"]
        if self._accepts_gzip:
            headers.append((b"content-encoding", b"gzip"))
            chunks = gzipped(chunks)
        await self._begin(response.status, headers)
        await self._stream(chunks)
        await self._send({"type": "http.response.body", "body": b""})

    @property
    def _accepts_gzip(self) -> bool:
        accepted = [value for name, value in self.headers if name == b"accept-encoding"]
        return not accepted or b"gzip" in b",".join(accepted)

    async def _begin(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        try:
            await self._send({"type": "http.response.start", "status": status, "headers": headers})
        except RuntimeError as refused:
            raise BodyError(str(refused)) from type_error(str(refused))

    async def _stream(self, chunks: AsyncIterator[bytes]) -> None:
        sending = asyncio.ensure_future(self._send_all(chunks))
        leaving = asyncio.ensure_future(self._left())
        await asyncio.wait((sending, leaving), return_when=asyncio.FIRST_COMPLETED)
        leaving.cancel()
        if not sending.done():
            self._leave()
            sending.cancel()
            with suppress(asyncio.CancelledError):
                await sending
        elif error := sending.exception():
            raise BodyError(str(error)) from error

    async def _send_all(self, chunks: AsyncIterator[bytes]) -> None:
        count = 0
        async for chunk in chunks:
            if self.method == "HEAD":
                return
            await self._send({"type": "http.response.body", "body": chunk, "more_body": True})
            count += 1
            if count % _CHUNKS_PER_TURN == 0:
                # Sending to a client that left takes no time at all: let others find out.
                await asyncio.sleep(0)

    async def _left(self) -> None:
        """Return when the client is gone; what it sends is the Worker's to read first."""
        if self._more:
            self._read = asyncio.Event()
            await self._read.wait()
        while (await self._receive())["type"] != "http.disconnect":
            pass


class _Attended:
    """Waits for the client to go away."""

    __slots__ = ("_left", "_scope", "_tell")

    def __init__(self, scope: Message, tell: Callable[[], None]) -> None:
        self._scope = scope
        self._tell = tell
        self._left = False

    def __enter__(self) -> None:
        self._scope[LEFT] = self._leave

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        del self._scope[LEFT]
        if self._left and kind is asyncio.CancelledError:
            raise ClientLeft from None

    def _leave(self) -> None:
        self._left = True
        self._tell()


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None
