from __future__ import annotations

import asyncio
from typing import Any

import pytest

from flarelocal.javascript.errors import JsError, error
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.console import current_console
from flarelocal.javascript.web.event import Event
from flarelocal.javascript.web.websocket import Rules, WebSocket, WebSocketPair, current_rules


class Network:
    """The other side of a coupled end."""

    def __init__(self) -> None:
        self.log: list[object] = []

    def message(self, data: str | bytes) -> None:
        self.log.append(data)

    def closed(self, code: int, reason: str) -> None:
        self.log.append((code, reason))

    def failed(self, message: str) -> None:
        self.log.append(message)


def listen(socket: WebSocket, kind: str) -> list[Any]:
    events: list[Any] = []
    socket.add_event_listener(kind, events.append)
    return events


async def quiet() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_the_two_ends_talk() -> None:
    left, right = WebSocketPair().ends
    left.accept()
    right.accept()
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
    left, right = WebSocketPair().ends
    right.accept()
    seen = listen(right, "message")
    left.transmit(b"ab")
    await quiet()
    assert seen[0].data.js_name == "Blob"
    right.binary_type = "arraybuffer"
    left.transmit(b"ab")
    await quiet()
    assert seen[1].data.js_name == "ArrayBuffer"


async def test_a_close_is_answered() -> None:
    left, right = WebSocketPair().ends
    left.accept()
    right.accept()
    here, there = listen(left, "close"), listen(right, "close")
    left.close(4000, "done")
    assert left.ready_state == 2
    await quiet()
    assert [(event.code, event.reason, event.was_clean) for event in there] == [
        (4000, "done", True)
    ]
    assert len(here) == 1
    assert (left.ready_state, right.ready_state) == (3, 3)


async def test_once_closes_were_left_to_the_program() -> None:
    token = current_rules.set(Rules(auto_reply=False, binary_type="arraybuffer"))
    left, right = WebSocketPair().ends
    current_rules.reset(token)
    left.accept()
    right.accept()
    left.close()
    await quiet()
    assert right.ready_state == 2
    right.close(1000)
    await quiet()
    assert left.ready_state == 3


async def test_sending_needs_acceptance_and_an_open_end() -> None:
    left, _ = WebSocketPair().ends
    with pytest.raises(JsError, match="You must call one of accept"):
        left.send("x")
    left.accept()
    left.close()
    with pytest.raises(JsError, match="after close"):
        left.send("x")
    left.close()


@pytest.mark.parametrize(
    ("code", "reason", "message"),
    [
        (999, None, "Invalid WebSocket close code: 999"),
        (1005, None, "Invalid WebSocket close code: 1005"),
        (None, "why", "you must also specify a code"),
        (1000, "x" * 124, "must not be longer than 123 bytes"),
    ],
)
def test_wrong_closes(code: Value, reason: Value, message: str) -> None:
    left, _ = WebSocketPair().ends
    left.accept()
    with pytest.raises(JsError, match=message):
        left.close(code, reason)


async def test_the_server_couples_the_end_of_the_client() -> None:
    client, server = WebSocketPair().ends
    server.accept()
    server.send("held")
    network = Network()
    client.couple(network)
    seen = listen(server, "message")
    client.transmit("from outside")
    server.send("to outside")
    server.close(1000)
    await quiet()
    assert network.log == ["held", "to outside", (1000, "")]
    assert [event.data for event in seen] == ["from outside"]
    with pytest.raises(JsError, match="already used in a response"):
        client.accept()


async def test_an_accepted_end_cannot_be_coupled() -> None:
    client, _ = WebSocketPair().ends
    client.accept()
    with pytest.raises(JsError, match="after calling accept"):
        client.couple(Network())


async def test_a_broken_connection() -> None:
    client, server = WebSocketPair().ends
    server.accept()
    errors, closes = listen(server, "error"), listen(server, "close")
    client.couple(Network())
    client.transmit_failure("Network connection lost.")
    await quiet()
    assert errors[0].message == "Network connection lost."
    assert (closes[0].code, closes[0].was_clean) == (1006, False)
    assert server.ready_state == 3


async def test_a_hibernating_end_may_send() -> None:
    client, server = WebSocketPair().ends
    network, durable = Network(), Network()
    client.couple(network)
    server.hibernate(durable)
    server.send("x")
    client.transmit("y")
    assert (network.log, durable.log) == (["x"], ["y"])
    with pytest.raises(JsError, match="after enabling hibernation"):
        server.accept()


def test_attachments_are_copies() -> None:
    socket = WebSocketPair().ends[0]
    assert socket.deserialize_attachment() is null
    value = {"a": [1]}
    socket.serialize_attachment(value)
    assert socket.deserialize_attachment() == value
    assert socket.deserialize_attachment() is not value
    with pytest.raises(JsError, match="cannot be larger than 16384 bytes"):
        socket.serialize_attachment("x" * 20000)


async def test_an_error_of_a_listener_is_reported() -> None:
    messages: list[str] = []
    current_console.set(lambda level, text: messages.append(text))
    client, server = WebSocketPair().ends

    def fail(event: Event) -> None:
        raise error("no")

    server.accept()
    server.add_event_listener("message", fail)
    client.transmit("x")
    await quiet()
    assert messages == ["Uncaught Error: no"]


def test_a_pair_has_its_ends_as_properties() -> None:
    pair = WebSocketPair()
    assert list(pair.own_properties().values()) == list(pair.ends)
