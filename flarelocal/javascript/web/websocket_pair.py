"""WebSocketPair and WebSocketRequestResponsePair."""

from __future__ import annotations

from collections.abc import Iterator

from flarelocal.javascript.host import HostObject, getter
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.websocket import WebSocket

__all__ = ["WebSocketPair", "WebSocketRequestResponsePair"]


class WebSocketPair(HostObject, constructible=True):
    """Two connected ends: one for the client, one for the Worker."""

    __slots__ = ("_ends",)

    def __init__(self) -> None:
        self._ends = WebSocket.pair()

    @property
    def ends(self) -> tuple[WebSocket, WebSocket]:
        """The end for the client and the one for the Worker."""
        return self._ends

    @getter(name="0", own=True)
    def first(self) -> WebSocket:
        return self._ends[0]

    @getter(name="1", own=True)
    def second(self) -> WebSocket:
        return self._ends[1]

    def iterate(self) -> Iterator[Value]:
        return iter(self._ends)


class WebSocketRequestResponsePair(HostObject, constructible=True):
    """A message, and the answer that a Durable Object gives to it without waking up."""

    __slots__ = ("_request", "_response")

    def __init__(self, request: str, response: str) -> None:
        self._request = request
        self._response = response

    @getter
    def request(self) -> str:
        return self._request

    @getter
    def response(self) -> str:
        return self._response
