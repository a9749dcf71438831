"""WebSockets of a Worker and of its Durable Objects."""

from __future__ import annotations

from typing import Any

import pytest

from flarelocal.durable_objects.events import ObjectConstructed, ObjectEvicted
from flarelocal.javascript.web.request import Request
from flarelocal.javascript.web.response import Response
from flarelocal.sockets.connection import Close, End, Frame, Lost
from flarelocal.worker.events import InvocationFinished, Logged
from tests.emulated import Emulated
from tests.triggers.conftest import Start

_OBJECTS: dict[str, Any] = {
    "durable_objects": {"bindings": [{"name": "OBJ", "class_name": "Obj"}]},
    "migrations": [{"tag": "v1", "new_sqlite_classes": ["Obj"]}],
}

_FORWARD = """
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return await self.env.OBJ.getByName("one").fetch(request)
"""

_ROOM = (
    """
from js import WebSocketPair
class Obj(DurableObject):
    async def fetch(self, request):
        client, server = WebSocketPair.new()
        self.ctx.acceptWebSocket(server)
        server.send("welcome")
        return Response(None, status=101, web_socket=client)
"""
    + _FORWARD
)


async def upgrade(emulated: Emulated, path: str = "/") -> Response:
    request = Request.incoming("GET", f"http://example.com{path}", [("upgrade", "websocket")], None)
    return await emulated.emulator.fetch(request)


async def connect(emulated: Emulated, path: str = "/") -> End:
    """The client's end of a new connection."""
    response = await upgrade(emulated, path)
    assert response.status == 101
    end = response.web_socket.release()
    assert isinstance(end, End)
    return end


async def answer(emulated: Emulated, end: End, frame: Frame) -> Frame:
    end.send(frame)
    await emulated.clock.idle()
    return await end.receive()


def printed(emulated: Emulated) -> list[str]:
    return [line.text for line in emulated.events(Logged)]


async def test_a_worker_talks_to_a_client(start: Start) -> None:
    emulated = await start(
        """
from js import WebSocketPair
from pyodide.ffi import create_proxy
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        client, server = WebSocketPair.new().object_values()
        server.accept()
        async def answer(event):
            server.send(f"echo {event.data}")
        server.addEventListener("message", create_proxy(answer))
        server.addEventListener("close", create_proxy(lambda event: print("closed", event.code)))
        return Response(None, status=101, web_socket=client)
"""
    )
    client = await connect(emulated)
    assert await answer(emulated, client, "hello") == "echo hello"
    assert await answer(emulated, client, Close(4000, "bye")) == Close(4000, "bye")
    assert printed(emulated) == ["closed 4000"]


async def test_an_event_lasts_as_long_as_its_socket(start: Start) -> None:
    emulated = await start(
        """
import asyncio
from js import WebSocketPair
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        client, server = WebSocketPair.new().object_values()
        server.accept()
        async def tick():
            while True:
                await asyncio.sleep(1)
                print("tick")
        self.task = asyncio.create_task(tick())
        return Response(None, status=101, web_socket=client)
"""
    )
    client = await connect(emulated)
    await emulated.clock.advance(2000)
    client.send(Close())
    await emulated.clock.advance(5000)
    assert printed(emulated) == ["tick", "tick"]


async def test_a_socket_needs_a_request_for_one(start: Start) -> None:
    emulated = await start(
        """
from js import WebSocketPair
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        client, server = WebSocketPair.new()
        return Response(None, status=101, web_socket=client)
"""
    )
    with pytest.raises(Exception, match="did not contain the header") as refusal:
        await emulated.get()
    assert str(refusal.value) == (
        "TypeError: Worker tried to return a WebSocket in a response to a request which did not "
        'contain the header "Upgrade: websocket".'
    )


async def test_a_used_socket_is_no_answer(start: Start) -> None:
    emulated = await start(
        """
from js import WebSocketPair
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        client, server = WebSocketPair.new()
        client.accept()
        return Response(None, status=101, web_socket=client)
"""
    )
    with pytest.raises(Exception, match=r"in a Response after calling accept\(\)"):
        await upgrade(emulated)
    (finished,) = emulated.events(InvocationFinished)
    assert finished.outcome == "exception"


async def test_an_object_wakes_up_for_a_message(start: Start) -> None:
    emulated = await start(
        _ROOM
        + """
class Obj(Obj):
    def __init__(self, ctx, env):
        super().__init__(ctx, env)
        self.heard = 0
    async def webSocketMessage(self, ws, message):
        self.heard += 1
        shown = message if isinstance(message, str) else message.constructor.name
        for each in self.ctx.getWebSockets():
            each.send(f"{self.heard} {shown}")
""",
        **_OBJECTS,
    )
    one, other = await connect(emulated), await connect(emulated)
    assert await one.receive() == await other.receive() == "welcome"
    assert await answer(emulated, one, "hello") == "1 hello"
    assert await other.receive() == "1 hello"
    await emulated.clock.advance(10_000)
    assert len(emulated.events(ObjectEvicted)) == 1
    assert await answer(emulated, other, b"bytes") == "1 ArrayBuffer"
    assert await one.receive() == "1 ArrayBuffer"
    assert len(emulated.events(ObjectConstructed)) == 2


async def test_an_object_hears_of_closes(start: Start) -> None:
    emulated = await start(
        _ROOM
        + """
class Obj(Obj):
    async def webSocketClose(self, ws, code, reason, was_clean):
        print(code, reason, was_clean, ws.readyState, len(self.ctx.getWebSockets()))
        ws.close(4001, "seen")
""",
        **_OBJECTS,
    )
    client = await connect(emulated)
    assert await client.receive() == "welcome"
    assert await answer(emulated, client, Close(4000, "bye")) == Close(4001, "seen")
    lost = await connect(emulated)
    lost.drop()
    await emulated.clock.idle()
    assert printed(emulated) == [
        "4000 bye True 2 1",
        "1006 WebSocket disconnected without sending Close frame. False 2 1",
    ]


async def test_a_missing_handler_is_an_error_of_the_event(start: Start) -> None:
    emulated = await start(_ROOM, **_OBJECTS)
    client = await connect(emulated)
    client.send("x")
    await emulated.clock.idle()
    (failed,) = [event for event in emulated.events(InvocationFinished) if event.error]
    assert (failed.trigger, failed.subject) == ("websocket", "Obj(one).webSocketMessage")
    assert "TypeError: Method webSocketMessage does not exist" in (failed.error or "")


async def test_what_is_sent_waits_for_what_was_stored(start: Start) -> None:
    emulated = await start(
        _ROOM
        + """
class Obj(Obj):
    async def webSocketMessage(self, ws, message):
        self.ctx.storage.kv.put("key", message)
        ws.send("stored")
        self.ctx.abort("no")
    async def stored(self):
        return self.ctx.storage.kv.get("key")
class Default(Default):
    async def fetch(self, request):
        if "stored" in request.url:
            return Response(str(await self.env.OBJ.getByName("one").stored()))
        return await super().fetch(request)
""",
        **_OBJECTS,
    )
    client = await connect(emulated)
    assert await client.receive() == "welcome"
    assert await answer(emulated, client, "x") == Lost()
    assert await emulated.get("/stored") == "None"


async def test_a_socket_that_cannot_hibernate_keeps_the_object(start: Start) -> None:
    emulated = await start(
        """
from js import WebSocketPair
from pyodide.ffi import create_proxy
class Obj(DurableObject):
    async def fetch(self, request):
        client, server = WebSocketPair.new()
        server.accept()
        server.onmessage = create_proxy(lambda event: server.send(event.data))
        return Response(None, status=101, web_socket=client)
"""
        + _FORWARD,
        **_OBJECTS,
    )
    client = await connect(emulated)
    await emulated.clock.advance(60_000)
    assert await answer(emulated, client, "still there") == "still there"
    client.send(Close())
    await emulated.clock.advance(10_000)
    assert len(emulated.events(ObjectEvicted)) == 1


async def test_what_arrives_waits_for_critical_sections(start: Start) -> None:
    emulated = await start(
        """
import asyncio
from js import WebSocketPair
from pyodide.ffi import create_proxy
class Obj(DurableObject):
    async def fetch(self, request):
        client, server = WebSocketPair.new()
        server.accept()
        server.onmessage = create_proxy(lambda event: print(event.data))
        async def section():
            await asyncio.sleep(1)
            print("section over")
        self.ctx.blockConcurrencyWhile(create_proxy(section))
        return Response(None, status=101, web_socket=client)
"""
        + _FORWARD,
        **_OBJECTS,
    )
    client = await connect(emulated)
    client.send("message")
    await emulated.clock.advance(1000)
    assert printed(emulated) == ["section over", "message"]


async def test_new_code_keeps_hibernatable_sockets_and_closes_the_others(start: Start) -> None:
    emulated = await start(
        """
from js import WebSocketPair
class Obj(DurableObject):
    async def fetch(self, request):
        client, server = WebSocketPair.new()
        if request.url.endswith("/accept"):
            server.accept()
        else:
            self.ctx.acceptWebSocket(server)
        return Response(None, status=101, web_socket=client)
    async def webSocketMessage(self, ws, message):
        ws.send(f"one {message}")
"""
        + _FORWARD,
        **_OBJECTS,
    )
    kept, closed = await connect(emulated), await connect(emulated, "/accept")
    main = emulated.emulator.config.main
    assert main is not None
    main.write_text(main.read_text("utf-8").replace("one {message}", "two {message}"), "utf-8")
    await emulated.emulator.reload()
    assert await answer(emulated, kept, "hello") == "two hello"
    assert await closed.receive() == Lost()


async def test_a_worker_uses_the_socket_of_an_object(start: Start) -> None:
    emulated = await start(
        _ROOM
        + """
import asyncio
from pyodide.ffi import create_proxy
class Obj(Obj):
    async def webSocketMessage(self, ws, message):
        ws.send(f"echo {message}")
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        stub = self.env.OBJ.getByName("one")
        response = await stub.fetch("http://object/", headers={"Upgrade": "websocket"})
        socket = response.js_object.webSocket
        socket.accept()
        heard = asyncio.Queue()
        socket.addEventListener("message", create_proxy(lambda event: heard.put_nowait(event.data)))
        socket.send("hello")
        return Response(" ".join([await heard.get(), await heard.get()]))
""",
        **_OBJECTS,
    )
    assert await emulated.get() == "welcome echo hello"
    await emulated.clock.idle()
    (closed,) = [
        event
        for event in emulated.events(InvocationFinished)
        if event.subject.endswith("webSocketClose")
    ]
    assert closed.outcome == "exception"


async def test_an_object_hears_a_message_before_a_later_call(start: Start) -> None:
    emulated = await start(
        _ROOM
        + """
class Obj(Obj):
    heard = ()
    async def webSocketMessage(self, ws, message):
        self.heard = (*self.heard, message)
    async def count(self):
        return len(self.heard)
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        stub = self.env.OBJ.getByName("one")
        response = await stub.fetch("http://object/", headers={"Upgrade": "websocket"})
        socket = response.js_object.webSocket
        socket.accept()
        socket.send("one")
        first = await stub.count()
        socket.send("two")
        return Response(f"{first} {await stub.count()}")
""",
        **_OBJECTS,
    )
    assert await emulated.get() == "1 2"
