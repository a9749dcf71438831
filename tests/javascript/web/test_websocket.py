"""WebSocket and WebSocketPair; the facts are those of workerd, api/web-socket.c++ and its tests."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from flarelocal.javascript.binary import ArrayBuffer
from flarelocal.javascript.errors import JsError, error
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.console import current_console
from flarelocal.javascript.web.event import Event
from flarelocal.javascript.web.fetch import current_outbound
from flarelocal.javascript.web.request import Request
from flarelocal.javascript.web.response import Response
from flarelocal.javascript.web.socket_host import SocketRules, current_host
from flarelocal.javascript.web.websocket import WebSocket
from flarelocal.javascript.web.websocket_pair import WebSocketPair
from flarelocal.sockets.connection import Broken, Close, End, Lost

OLD = SocketRules(auto_reply=False, blobs=False, short_reasons=False)


class Host:
    """What the sockets of a test belong to; writes wait while `held` is a list."""

    def __init__(self, rules: SocketRules) -> None:
        self.rules = rules
        self.held: list[Callable[[], None]] | None = None
        self.drops: list[Callable[[], None]] = []
        self.open = 0
        current_host.set(self)

    def confirmed(self, write: Callable[[], None]) -> None:
        if self.held is None:
            write()
        else:
            self.held.append(write)

    async def enter(self) -> None:
        """Nothing holds events up."""

    def opened(self, drop: Callable[[], None]) -> Callable[[], None]:
        self.open += 1
        self.drops.append(drop)

        def closed() -> None:
            self.open -= 1

        return closed


def listen(socket: WebSocket, kind: str) -> list[Any]:
    events: list[Any] = []
    socket.add_event_listener(kind, events.append)
    return events


def closes(events: list[Any]) -> list[tuple[int, str, bool]]:
    return [(event.code, event.reason, event.was_clean) for event in events]


async def quiet() -> None:
    for _ in range(8):
        await asyncio.sleep(0)


def talking() -> tuple[WebSocket, WebSocket]:
    left, right = WebSocketPair().ends
    left.accept()
    right.accept()
    return left, right


async def test_the_two_ends_talk() -> None:
    left, right = talking()
    seen = listen(right, "message")
    left.send("a")
    left.send("b")
    await quiet()
    assert [event.data for event in seen] == ["a", "b"]


async def test_messages_wait_until_the_end_is_accepted() -> None:
    left, right = WebSocketPair().ends
    left.accept()
    left.send("early")
    seen = listen(right, "message")
    await quiet()
    assert seen == []
    right.accept()
    await quiet()
    assert [event.data for event in seen] == ["early"]


async def test_binary_messages_are_what_binary_type_says() -> None:
    outside, end = End.pair()
    socket = WebSocket.of(end)
    socket.accept()
    seen = listen(socket, "message")
    outside.send(b"ab")
    await quiet()
    assert seen[0].data.js_name == "Blob"
    socket.binary_type = "arraybuffer"
    socket.binary_type = "BLOB"
    outside.send(b"ab")
    await quiet()
    assert (socket.binary_type, seen[1].data.js_name) == ("arraybuffer", "ArrayBuffer")


async def test_once_binary_messages_were_array_buffers() -> None:
    Host(OLD)
    assert WebSocketPair().ends[0].binary_type == "arraybuffer"


async def test_a_close_is_answered() -> None:
    left, right = talking()
    here, there = listen(left, "close"), listen(right, "close")
    left.close(4000, "done")
    assert left.ready_state == 2
    await quiet()
    assert closes(there) == closes(here) == [(4000, "done", True)]
    assert (left.ready_state, right.ready_state) == (3, 3)
    right.close(1000, "too late to matter")


async def test_once_closes_were_left_to_the_program() -> None:
    Host(OLD)
    left, right = talking()
    left.close()
    await quiet()
    assert right.ready_state == 2
    right.send("last words")
    right.close(1000)
    await quiet()
    assert left.ready_state == 3


async def test_a_program_may_keep_its_direction_open() -> None:
    left, right = WebSocketPair().ends
    left.accept()
    right.accept({"allowHalfOpen": True})
    left.close(1000)
    await quiet()
    assert right.ready_state == 2


async def test_sending_needs_acceptance_and_an_open_end() -> None:
    left, _ = WebSocketPair().ends
    with pytest.raises(JsError, match="You must call one of accept"):
        left.send("x")
    with pytest.raises(JsError, match="You must call one of accept"):
        left.close()
    left.accept()
    left.accept()
    left.close()
    with pytest.raises(JsError, match=r"Can't call WebSocket send\(\) after close\(\)."):
        left.send("x")
    left.close()


@pytest.mark.parametrize(
    ("code", "reason", "message"),
    [
        (999, None, "InvalidAccessError: Invalid WebSocket close code: 999."),
        (1005, None, "InvalidAccessError: Invalid WebSocket close code: 1005."),
        (5000, None, "InvalidAccessError: Invalid WebSocket close code: 5000."),
        (
            None,
            "why",
            (
                "InvalidAccessError: If you specify a WebSocket close reason, "
                "you must also specify a code."
            ),
        ),
        (
            1000,
            "é" * 62,
            (
                "SyntaxError: WebSocket close reason must not be longer than 123 bytes when UTF-8 "
                "encoded."
            ),
        ),
    ],
)
async def test_wrong_closes(code: Value, reason: Value, message: str) -> None:
    left, _ = talking()
    with pytest.raises(JsError) as refusal:
        left.close(code, reason)
    assert str(refusal.value) == message


async def test_closes_by_other_rules() -> None:
    Host(SocketRules(short_reasons=False, pedantic=True))
    left, _ = talking()
    with pytest.raises(JsError, match="Invalid WebSocket close code: 1001"):
        left.close(1001)
    left.close(3000, "x" * 124)


async def test_a_response_takes_an_end_away() -> None:
    client, server = WebSocketPair().ends
    server.accept()
    server.send("held")
    end = client.release()
    seen = listen(server, "message")
    end.send("from outside")
    server.close(1000)
    await quiet()
    assert [event.data for event in seen] == ["from outside"]
    assert [await end.receive() for _ in range(2)] == ["held", Close(1000)]
    for forbidden, message in (
        (client.accept, r"Can't accept\(\) WebSocket that was already used in a response."),
        (client.release, "Can't return WebSocket that was already used in a response."),
    ):
        with pytest.raises(JsError, match=message):
            forbidden()


async def test_an_accepted_end_does_not_go_into_a_response() -> None:
    client, _ = talking()
    with pytest.raises(JsError, match=r"in a Response after calling accept\(\)"):
        client.release()


async def test_a_connection_that_is_lost_closes_abnormally() -> None:
    outside, end = End.pair()
    server = WebSocket.of(end)
    server.accept()
    states: list[int] = []
    server.add_event_listener("close", lambda event: states.append(server.ready_state))
    errors, closed = listen(server, "error"), listen(server, "close")
    outside.send(Lost())
    await quiet()
    assert errors == []
    assert closes(closed) == [(1006, "WebSocket disconnected without sending Close frame.", False)]
    assert (states, server.ready_state) == ([1], 2)
    server.send("to nobody")


async def test_what_is_sent_or_closed_after_a_loss_goes_nowhere() -> None:
    Host(SocketRules())
    near, far = End.pair()
    socket = WebSocket.of(near)
    socket.accept()
    far.drop()
    await quiet()
    socket.close(4000)
    socket.send("lost")
    assert socket.ready_state == 2
    with pytest.raises(JsError, match="already used in a response"):
        socket.accept()


async def test_a_socket_knows_how_much_waits_to_be_received() -> None:
    Host(SocketRules())
    near, far = End.pair()
    socket = WebSocket.of(near)
    socket.accept()
    socket.send("né")
    socket.send(ArrayBuffer.of(b"four"))
    assert socket.buffered_amount == 7
    await far.receive()
    assert socket.buffered_amount == 4


def test_instances_have_the_constants_of_the_class() -> None:
    names = ("CONNECTING", "OPEN", "CLOSING", "CLOSED", "READY_STATE_OPEN")
    socket = WebSocket.pair()[0]
    assert [socket.members[name].function(socket) for name in names] == [0, 1, 2, 3, 1]


async def test_a_violation_of_the_protocol_is_an_error() -> None:
    outside, end = End.pair()
    server = WebSocket.of(end)
    server.accept()
    errors, closed = listen(server, "error"), listen(server, "close")
    outside.send(Broken("WebSocket protocol error"))
    await quiet()
    assert errors[0].message == "Uncaught Error: WebSocket protocol error"
    assert (closed, server.ready_state) == ([], 3)
    server.send("to nobody")
    server.close()


async def test_to_forget_an_end_is_to_lose_the_connection() -> None:
    left, right = WebSocketPair().ends
    right.accept()
    closed = listen(right, "close")
    del left
    await quiet()
    assert closes(closed) == [(1006, "WebSocket disconnected without sending Close frame.", False)]


async def test_nothing_is_sent_before_it_may_leave() -> None:
    host = Host(SocketRules())
    left, right = talking()
    seen = listen(right, "message")
    host.held = []
    left.send("held")
    await quiet()
    assert seen == []
    held, host.held = host.held, None
    for write in held:
        write()
    await quiet()
    assert [event.data for event in seen] == ["held"]


async def test_the_host_knows_which_sockets_are_in_use() -> None:
    host = Host(SocketRules())
    left, right = talking()
    assert host.open == 2
    left.close()
    await quiet()
    assert (host.open, right.ready_state) == (0, 3)


async def test_a_host_that_ends_loses_its_connections() -> None:
    host = Host(SocketRules())
    outside, end = End.pair()
    server = WebSocket.of(end)
    server.accept()
    closed = listen(server, "close")
    host.drops[0]()
    await quiet()
    assert await outside.receive() == Lost()
    assert (closed, host.open) == ([], 0)


def test_attachments_are_copies() -> None:
    socket = WebSocketPair().ends[0]
    assert socket.deserialize_attachment() is null
    value = {"a": [1]}
    socket.serialize_attachment(value)
    value["a"].append(2)
    assert socket.deserialize_attachment() == {"a": [1]}


def test_attachments_have_a_limit() -> None:
    with pytest.raises(JsError) as refusal:
        WebSocketPair().ends[0].serialize_attachment("x" * 20000)
    assert refusal.value.message == (
        "A WebSocket 'attachment' cannot be larger than 16384 bytes.'attachment' was 20006 bytes."
    )


async def test_an_error_of_a_listener_is_reported() -> None:
    messages: list[str] = []
    current_console.set(lambda level, text: messages.append(text))
    left, right = talking()

    def fail(event: Event) -> None:
        raise error("no")

    right.add_event_listener("message", fail)
    seen = listen(right, "message")
    left.send("x")
    left.send("y")
    await quiet()
    assert messages == ["Uncaught Error: no"] * 2
    assert len(seen) == 2


async def test_a_pair_has_its_ends_as_properties_and_iterates_over_them() -> None:
    pair = WebSocketPair()
    assert list(pair.own_properties().values()) == list(pair.ends) == list(pair.iterate())


# -- new WebSocket


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
