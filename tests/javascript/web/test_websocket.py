"""WebSocket and WebSocketPair; the facts are those of workerd, api/web-socket.c++ and its tests."""

from __future__ import annotations

import pytest

from flarelocal.javascript.binary import ArrayBuffer
from flarelocal.javascript.errors import JsError, error
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.console import current_console
from flarelocal.javascript.web.event import Event
from flarelocal.javascript.web.socket_host import SocketRules
from flarelocal.javascript.web.websocket import WebSocket
from flarelocal.javascript.web.websocket_pair import WebSocketPair
from flarelocal.sockets.connection import Broken, Close, End, Lost
from tests.javascript.web.sockets import Host, closes, listen, quiet

OLD = SocketRules(auto_reply=False, blobs=False, short_reasons=False)


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
