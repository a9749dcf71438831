"""The ASGI application: the Worker's traffic on raw ASGI, because it is the hot path."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any

from flarelocal.emulator import Emulator
from flarelocal.javascript.web.request import Request
from flarelocal.javascript.web.response import Response
from flarelocal.server.answer import Answer
from flarelocal.server.guard import refusal
from flarelocal.server.rest.paths import PREFIX
from flarelocal.server.scheduled import (
    LOCAL_PATHS,
    MIDDLEWARE_PATH,
    run_middleware,
    run_scheduled,
)

if TYPE_CHECKING:
    from flarelocal.server.rest.api import RestApi

__all__ = ["App"]

_QUEUE_PATH = "/cdn-cgi/local/queue/"

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class App:
    """Serves an emulator.

    Args:
        listening: the address that the server listens on, which the guard accepts as host.
    """

    def __init__(self, emulator: Emulator, listening: str) -> None:
        self._emulator = emulator
        self._listening = listening

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            from flarelocal.server.websocket import serve_websocket

            await serve_websocket(self._emulator, scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        if path.startswith("/cdn-cgi/") or path == MIDDLEWARE_PATH or PREFIX.match(path):
            answer = await self._local(scope, path, receive)
            if answer is not None:
                await _send(send, answer)
                return
        try:
            response = await self._emulator.fetch(_request(scope, receive))
        except Exception as error:
            await _send(send, _failure(error, scope))
            return
        await _respond(response, scope["method"], send)

    async def _local(self, scope: Scope, path: str, receive: Receive) -> Answer | None:
        """The answer to a request that is not the Worker's; None if it is."""
        refused = refusal(scope["headers"], self._listening)
        if refused:
            return Answer.text(403, refused)
        query = scope["query_string"].decode("latin-1")
        fire = self._emulator.scheduled
        try:
            if path in LOCAL_PATHS:
                return await run_scheduled(query, fire)
            if path == MIDDLEWARE_PATH:
                return await run_middleware(query, fire)
            if path.startswith(_QUEUE_PATH):
                return await self._queue(scope["method"], path, await _whole(receive))
            if PREFIX.match(path):
                body = await _whole(receive)
                return await self._rest().answer(scope["method"], path, query, body)
        except Exception as error:
            return _failure(error, scope)
        return None

    async def _queue(self, method: str, path: str, body: bytes) -> Answer:
        from flarelocal.server.queue import run_queue

        if method != "POST":
            return Answer.text(405, "Messages are handed over by POST.")
        return await run_queue(self._emulator, path.removeprefix(_QUEUE_PATH), body)

    def _rest(self) -> RestApi:
        from flarelocal.server.rest.account import Account
        from flarelocal.server.rest.api import RestApi

        return RestApi(Account.of(self._emulator))


def _failure(error: BaseException, scope: Scope) -> Answer:
    from flarelocal.server.error_page import error_page

    accept = dict(scope["headers"]).get(b"accept", b"").decode("latin-1")
    return Answer(500, *error_page(error, accept))


def _request(scope: Scope, receive: Receive) -> Request:
    headers = [
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]
    ]
    host = next((value for name, value in headers if name == "host"), "localhost")
    raw_path = scope.get("raw_path") or scope["path"].encode()
    url = f"{scope['scheme']}://{host}{raw_path.decode('latin-1')}"
    if scope["query_string"]:
        url += "?" + scope["query_string"].decode("latin-1")
    has_body = any(name in ("content-length", "transfer-encoding") for name, _ in headers)
    return Request.incoming(scope["method"], url, headers, _chunks(receive) if has_body else None)


async def _whole(receive: Receive) -> bytes:
    return b"".join([chunk async for chunk in _chunks(receive)])


async def _chunks(receive: Receive) -> AsyncIterator[bytes]:
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionError("the client went away")
        if message.get("body"):
            yield message["body"]
        if not message.get("more_body"):
            return


async def _respond(response: Response, method: str, send: Send) -> None:
    headers = [
        (name.encode("latin-1"), value.encode("latin-1", "replace"))
        for name, value in response.headers.raw()
    ]
    whole = response.body_bytes()
    if whole is not None:
        if not any(name == b"content-length" for name, _ in headers) and response.status >= 200:
            headers.append((b"content-length", str(len(whole)).encode()))
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if method == "HEAD" else whole})
        return
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    async for chunk in response.body_chunks():
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _send(send: Send, answer: Answer) -> None:
    headers = [
        (b"content-type", answer.content_type.encode()),
        (b"content-length", str(len(answer.body)).encode()),
        *((name.encode(), value.encode()) for name, value in answer.headers),
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
