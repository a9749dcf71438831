"""The network behind `fetch`, by httpx2."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import nullcontext
from contextvars import Context
from functools import partial
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from flarelocal.clock import Clock
from flarelocal.javascript.errors import error, type_error
from flarelocal.javascript.web.redirect import follow
from flarelocal.javascript.web.request import Request
from flarelocal.javascript.web.response import NULL_BODY_STATUSES, Response

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    import httpx2

__all__ = ["Network", "send"]

_HOP_BY_HOP = frozenset({"connection", "host", "keep-alive", "transfer-encoding", "upgrade"})
_DECODED = frozenset({"content-encoding", "content-length"})


def _outside() -> AbstractContextManager[None]:
    clock = Clock.current()
    return clock.outside() if clock else nullcontext()


class Network:
    """Makes requests over HTTP, bodies streaming both ways.

    Args:
        client: made when it is first needed unless it is given.
    """

    def __init__(self, client: httpx2.AsyncClient | None = None) -> None:
        self._client = client

    def _connected(self) -> httpx2.AsyncClient:
        if self._client is None:
            import httpx2

            # Proxies and certificates are what the variables of the machine say, not the Worker's.
            make = partial(httpx2.AsyncClient, follow_redirects=False, timeout=None)
            self._client = Context().run(make)
        return self._client

    async def close(self) -> None:
        """Close all connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def __call__(self, request: Request) -> Response:
        """Make a request and follow redirects, unless it says `manual`.

        Raises:
            JsError: TypeError for too many redirects, and for a redirect that wants a body again
                which was a stream; Error where the network fails.
        """
        return await follow(request, self._send)

    async def _send(self, request: Request) -> Response:
        method, url = request.method, request.address
        if not url.startswith(("http://", "https://")):
            raise type_error(f"Fetch API cannot load: {url}")
        if (request.headers.first("upgrade") or "").lower() == "websocket":
            from flarelocal.javascript.web.outbound_upgrade import upgrade

            with _outside():
                return await upgrade(request)
        headers = [pair for pair in request.sent_headers if pair[0] not in _HOP_BY_HOP]
        body: bytes | AsyncIterator[bytes] | None = request.body_bytes()
        if body is None:
            body = request.body_chunks()
        answer = await self._exchange(method, url, headers, body)
        return _response(answer, bodiless=method == "HEAD")

    async def _exchange(
        self,
        method: str,
        url: str,
        headers: list[tuple[str, str]],
        body: bytes | AsyncIterator[bytes],
    ) -> httpx2.Response:
        import httpx2

        client = self._connected()
        content: Any = body if body or not isinstance(body, bytes) else None
        outgoing = client.build_request(method, url, headers=headers, content=content)
        try:
            with _outside():
                return await client.send(outgoing, stream=True)
        except httpx2.TransportError as failure:
            raise error(f"Network connection lost. ({failure})") from failure


def _response(answer: httpx2.Response, *, bodiless: bool) -> Response:
    encoded = "content-encoding" in answer.headers
    headers = [
        (name.lower(), value)
        for name, value in answer.headers.multi_items()
        if not (encoded and name.lower() in _DECODED) and name.lower() not in _HOP_BY_HOP
    ]
    empty = bodiless or answer.status_code in NULL_BODY_STATUSES
    return Response.received(
        answer.status_code,
        headers,
        None if empty else _body(answer),
        status_text=answer.reason_phrase,
    )


async def _body(answer: httpx2.Response) -> AsyncIterator[bytes]:
    import httpx2

    chunks = answer.aiter_bytes()
    try:
        while True:
            try:
                with _outside():
                    chunk = await anext(chunks)
            except StopAsyncIteration:
                return
            except httpx2.TransportError as failure:
                raise error("Network connection lost.") from failure
            yield chunk
    finally:
        with _outside():
            await answer.aclose()


_networks: WeakKeyDictionary[asyncio.AbstractEventLoop, Network] = WeakKeyDictionary()


async def send(request: Request) -> Response:
    """Make a request by the network of the running event loop."""
    loop = asyncio.get_running_loop()
    return await _networks.setdefault(loop, Network())(request)
