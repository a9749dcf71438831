"""`new WebSocket(url)`; the facts are those of workerd, api/web-socket.c++ and its tests."""

from __future__ import annotations

import pytest

from flarelocal.javascript.errors import JsError
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.fetch import current_outbound
from flarelocal.javascript.web.request import Request
from flarelocal.javascript.web.response import Response
from flarelocal.javascript.web.socket_host import SocketRules
from flarelocal.javascript.web.websocket import WebSocket
from flarelocal.sockets.connection import End
from tests.javascript.web.sockets import Host, closes, listen, quiet


class Server:
    """Answers handshakes with a socket, or refuses them."""

    def __init__(self, status: int = 101) -> None:
        self._status = status
        self.requests: list[Request] = []
        current_outbound.set(self)

    async def __call__(self, request: Request) -> Response:
        self.requests.append(request)
        if self._status != 101:
            return Response("no", {"status": self._status})
        self.end, other = End.pair()
        return Response.received(
            101, [("sec-websocket-protocol", "b")], None, web_socket=WebSocket.of(other)
        )


async def test_a_socket_to_a_server_opens() -> None:
    server = Server()
    socket = WebSocket("wss://me:secret@example.com/path?q", ["a", "b"])
    assert (socket.ready_state, socket.url) == (0, "wss://me:secret@example.com/path?q")
    assert (socket.protocol, socket.extensions) == ("", "")
    opened = listen(socket, "open")
    await quiet()
    request = server.requests[0]
    assert request.url == "https://example.com/path?q"
    assert request.headers.first("upgrade") == "websocket"
    assert request.headers.first("sec-websocket-protocol") == "a, b"
    assert len(opened) == 1
    assert (socket.ready_state, socket.protocol, socket.extensions) == (1, "b", null)
    socket.send("hello")
    socket.accept()
    assert await server.end.receive() == "hello"


async def test_a_socket_that_connects_can_neither_send_nor_be_accepted() -> None:
    Server()
    socket = WebSocket("ws://a/")
    for forbidden, message in (
        (lambda: socket.send("x"), "You must call one of accept"),
        (socket.accept, "obtained from the 'new WebSocket\\(\\)' constructor cannot call accept"),
        (socket.release, "if it was created with `new WebSocket\\(\\)`"),
    ):
        with pytest.raises(JsError, match=message):
            forbidden()
    await quiet()


async def test_a_server_that_refuses_is_an_error() -> None:
    Server(403)
    socket = WebSocket("ws://a/")
    errors, closed = listen(socket, "error"), listen(socket, "close")
    await quiet()
    assert errors[0].message == (
        "Uncaught TypeError: Failed to establish the WebSocket connection: expected server to "
        "reply with HTTP status code 101 (switching protocols), but received 403 instead."
    )
    assert closes(closed) == [(1006, "Failed to establish websocket connection", False)]
    assert socket.ready_state == 3


async def test_to_close_while_connecting_gives_up() -> None:
    host = Host(SocketRules())
    server = Server()
    socket = WebSocket("ws://a/")
    errors, closed = listen(socket, "error"), listen(socket, "close")
    socket.close()
    await quiet()
    assert errors[0].message == "Uncaught Error: Network connection lost."
    assert closes(closed) == [(1006, "Failed to establish websocket connection", False)]
    assert (server.requests, socket.ready_state, host.open) == ([], 3, 0)


async def test_a_handshake_waits_until_it_may_leave() -> None:
    host = Host(SocketRules())
    host.held = []
    server = Server()
    socket = WebSocket("ws://a/")
    await quiet()
    assert (server.requests, host.open) == ([], 1)
    host.held[0]()
    await quiet()
    assert socket.ready_state == 1


@pytest.mark.parametrize(
    ("url", "protocols", "message"),
    [
        ("nope", None, "The url is invalid."),
        ("http://a/", None, "The url scheme must be ws or wss."),
        ("ws://a/#b", None, "The url fragment must be empty."),
        ("ws://a/", "a b", "The protocol header token is invalid."),
        ("ws://a/", ["a", ""], "One of the protocol header tokens is invalid."),
        ("ws://a/", ["a", "a"], "The protocols header cannot have repeating values."),
    ],
)
def test_wrong_addresses(url: str, protocols: Value, message: str) -> None:
    with pytest.raises(JsError) as refusal:
        WebSocket(url, protocols)
    assert str(refusal.value) == f"SyntaxError: WebSocket Constructor: {message}"
