"""The handshake of `new WebSocket`."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, TypeVar

from flarelocal.javascript.errors import JsError, error, type_error
from flarelocal.javascript.startup import at_startup, disallowed
from flarelocal.javascript.web.fetch import current_outbound
from flarelocal.javascript.web.request import Request
from flarelocal.javascript.web.response import Response
from flarelocal.javascript.web.socket_host import SocketHost

if TYPE_CHECKING:
    from flarelocal.javascript.web.websocket import WebSocket

__all__ = ["Opening"]

T = TypeVar("T")


class Opening:
    """Shakes hands, and tells the socket how that went.

    Args:
        url: of the handshake, by HTTP.
        protocols: what the server may choose from.

    Raises:
        JsError: the program is only being loaded.
    """

    def __init__(self, socket: WebSocket, host: SocketHost, url: str, protocols: list[str]) -> None:
        if at_startup():
            raise disallowed()
        self._socket = socket
        self._host = host
        headers = {"Upgrade": "websocket"}
        if protocols:
            headers["Sec-WebSocket-Protocol"] = ", ".join(protocols)
        self._request = Request(url, {"headers": headers})
        self._lost = False
        self._closed = host.opened(self._lose)
        self._answer = _task(self._shake_hands())
        self._answer.add_done_callback(self._answered, context=copy_context())

    def stop(self) -> None:
        """Give up, at the wish of the program; it hears of a failure."""
        self._answer.cancel()

    def _lose(self) -> None:
        self._lost = True
        self._answer.cancel()

    async def _shake_hands(self) -> Response:
        confirmed = asyncio.Event()
        self._host.confirmed(confirmed.set)
        await confirmed.wait()
        return await current_outbound.get()(self._request)

    def _answered(self, answer: asyncio.Future[Response]) -> None:
        if self._lost:
            self._closed()
        else:
            self._telling = _task(self._tell(answer))

    async def _tell(self, answer: asyncio.Future[Response]) -> None:
        try:
            await self._host.enter()
            if answer.cancelled():
                self._socket.refused(error("Network connection lost."))
                return
            failure = answer.exception()
            if failure is None:
                self._open(answer.result())
            else:
                self._socket.refused(failure if isinstance(failure, JsError) else _lost(failure))
        finally:
            self._closed()

    def _open(self, response: Response) -> None:
        if response.status != 101:
            self._socket.refused(
                type_error(
                    "Failed to establish the WebSocket connection: expected server to reply with "
                    "HTTP status code 101 (switching protocols), but received "
                    f"{response.status} instead."
                )
            )
            return
        headers = response.headers
        self._socket.opened(
            response.web_socket.release(),
            headers.first("sec-websocket-protocol"),
            headers.first("sec-websocket-extensions"),
        )


def _task(work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    return asyncio.Task(work, loop=asyncio.get_running_loop(), context=copy_context())


def _lost(failure: BaseException) -> JsError:
    return error(f"Network connection lost. ({failure})")
