"""`ctx.acceptWebSocket` and its kin, as a program in JavaScript sees them."""

from __future__ import annotations

import pytest

from flarelocal.clock import VirtualClock
from flarelocal.javascript.date import Date
from flarelocal.javascript.errors import JsError
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.websocket import WebSocket
from flarelocal.javascript.web.websocket_pair import WebSocketPair, WebSocketRequestResponsePair
from tests.bindings.durable_objects.stage import Stage, call, read


async def test_a_socket_has_its_tags(stage: Stage) -> None:
    async def event(ctx: HostObject) -> Value:
        client, server = WebSocketPair().ends
        call(ctx, "acceptWebSocket", server, ["b", "a", "b"])
        assert call(ctx, "getTags", server) == ["b", "a"]
        assert call(ctx, "getWebSockets") == call(ctx, "getWebSockets", "a") == [server]
        assert call(ctx, "getWebSockets", "z") == []
        return client.ready_state

    assert await stage.inside(event) == 1


async def test_an_attachment_from_before_stays(stage: Stage) -> None:
    async def event(ctx: HostObject) -> Value:
        _, server = pair = WebSocketPair().ends
        server.serialize_attachment({"user": "me"})
        call(ctx, "acceptWebSocket", server)
        kept.append(pair)

    async def later(ctx: HostObject) -> Value:
        (socket,) = call(ctx, "getWebSockets")
        return [socket is kept[0][1], call(socket, "deserializeAttachment")]

    kept: list[tuple[WebSocket, WebSocket]] = []
    await stage.inside(event)
    clock = stage.emulator.clock
    assert isinstance(clock, VirtualClock)
    await clock.advance(10_000)
    assert await stage.inside(later) == [False, {"user": "me"}]


@pytest.mark.parametrize(
    ("method", "message"),
    [
        (
            "acceptWebSocket",
            (
                "Cannot call `acceptWebSocket()` if the WebSocket was already accepted via "
                "`accept()`"
            ),
        ),
        ("getTags", "only hibernatable websockets can have tags."),
    ],
)
async def test_an_accepted_socket_cannot_hibernate(stage: Stage, method: str, message: str) -> None:
    async def event(ctx: HostObject) -> Value:
        _, server = WebSocketPair().ends
        server.accept()
        with pytest.raises(JsError) as refusal:
            call(ctx, method, server)
        return str(refusal.value)

    assert await stage.inside(event) == f"Error: {message}"


async def test_the_other_end_must_be_there_for_a_response(stage: Stage) -> None:
    async def event(ctx: HostObject) -> Value:
        client, server = WebSocketPair().ends
        client.accept()
        with pytest.raises(JsError) as refusal:
            call(ctx, "acceptWebSocket", server)
        return str(refusal.value)

    assert await stage.inside(event) == (
        "Error: Cannot call `acceptWebSocket()` on this WebSocket because its pair has already "
        "been accepted or used in a Response."
    )


async def test_a_new_socket_has_no_tags(stage: Stage) -> None:
    async def event(ctx: HostObject) -> Value:
        with pytest.raises(JsError) as refusal:
            call(ctx, "getTags", WebSocketPair().ends[0])
        return str(refusal.value)

    assert await stage.inside(event) == (
        "Error: you must call 'acceptWebSocket()' before attempting to access the tags of a "
        "WebSocket."
    )


async def test_a_hibernatable_socket_is_neither_accepted_nor_an_answer(stage: Stage) -> None:
    async def event(ctx: HostObject) -> Value:
        client, server = WebSocketPair().ends
        call(ctx, "acceptWebSocket", server)
        with pytest.raises(JsError) as refusal:
            server.accept()
        assert str(refusal.value) == (
            "TypeError: Can't accept() WebSocket after enabling hibernation."
        )
        with pytest.raises(JsError) as refusal:
            server.release()
        return [str(refusal.value), client.ready_state]

    assert await stage.inside(event) == [
        "TypeError: Can't return WebSocket in a Response after calling acceptWebSocket().",
        1,
    ]


async def test_wrong_arguments(stage: Stage) -> None:
    async def event(ctx: HostObject) -> Value:
        client, server = WebSocketPair().ends
        found = []
        for arguments in (("x",), (server, list("abcdefghijk"))):
            with pytest.raises(JsError) as refusal:
                call(ctx, "acceptWebSocket", *arguments)
            found.append(str(refusal.value))
        return [*found, client.ready_state]

    assert await stage.inside(event) == [
        (
            "TypeError: Failed to execute 'acceptWebSocket' on 'DurableObjectState': "
            "parameter 1 is not of type 'WebSocket'."
        ),
        "Error: a Hibernatable WebSocket cannot have more than 10 tags",
        1,
    ]


async def test_an_automatic_response_is_set_and_unset(stage: Stage) -> None:
    async def event(ctx: HostObject) -> Value:
        client, server = WebSocketPair().ends
        call(ctx, "acceptWebSocket", server)
        assert call(ctx, "getWebSocketAutoResponse") is null
        assert call(ctx, "getWebSocketAutoResponseTimestamp", server) is null
        call(ctx, "setWebSocketAutoResponse", WebSocketRequestResponsePair("ping", "pong"))
        pair = call(ctx, "getWebSocketAutoResponse")
        assert (read(pair, "request"), read(pair, "response")) == ("ping", "pong")
        client.accept()
        client.send("ping")
        await stage.emulator.clock.idle()
        when = call(ctx, "getWebSocketAutoResponseTimestamp", server)
        call(ctx, "setWebSocketAutoResponse")
        assert call(ctx, "getWebSocketAutoResponse") is null
        return when

    when = await stage.inside(event)
    assert isinstance(when, Date)
    assert call(when, "getTime") == stage.emulator.clock.now()


async def test_an_automatic_response_has_a_limit(stage: Stage) -> None:
    async def event(ctx: HostObject) -> Value:
        with pytest.raises(JsError) as refusal:
            call(ctx, "setWebSocketAutoResponse", WebSocketRequestResponsePair("x" * 2049, ""))
        return str(refusal.value)

    assert await stage.inside(event) == (
        "RangeError: Request cannot be larger than 2048 bytes. A request of size 2049 was provided."
    )


async def test_the_time_of_handlers_is_limited(stage: Stage) -> None:
    async def event(ctx: HostObject) -> Value:
        found = [call(ctx, "getHibernatableWebSocketEventTimeout")]
        call(ctx, "setHibernatableWebSocketEventTimeout", 500)
        found.append(call(ctx, "getHibernatableWebSocketEventTimeout"))
        call(ctx, "setHibernatableWebSocketEventTimeout")
        found.append(call(ctx, "getHibernatableWebSocketEventTimeout"))
        with pytest.raises(JsError, match=r"Event timeout should not exceed 604800000 ms\."):
            call(ctx, "setHibernatableWebSocketEventTimeout", 604_800_001)
        return found

    assert await stage.inside(event) == [null, 500, null]
