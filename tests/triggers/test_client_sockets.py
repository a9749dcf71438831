"""WebSockets that a Worker opens to servers outside."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from websockets.asyncio.server import Server, ServerConnection, serve

from flarelocal.durable_objects.events import ObjectEvicted
from flarelocal.worker.events import Logged
from tests.triggers.conftest import Start

_HEAD = """
import asyncio
import js
from pyodide.ffi import create_proxy
from workers import fetch

def queue_of(socket):
    heard = asyncio.Queue()
    socket.addEventListener("message", create_proxy(lambda event: heard.put_nowait(event.data)))
    return heard
"""


async def _talk(connection: ServerConnection) -> None:
    async for message in connection:
        assert isinstance(message, str)
        # Longer than it takes to find out that a handler hangs.
        await asyncio.sleep(0.4 if message == "slow" else 0)
        await connection.send(f"echo {message}")


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with serve(_talk, "127.0.0.1", 0) as server:
        yield server


def port(server: Server) -> int:
    number: int = server.sockets[0].getsockname()[1]
    return number


async def test_a_worker_talks_to_a_server(start: Start, server: Server) -> None:
    emulated = await start(
        _HEAD
        + f"""
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        socket = js.WebSocket.new("ws://127.0.0.1:{port(server)}/")
        heard = queue_of(socket)
        async def opened(event):
            socket.send("slow")
        socket.addEventListener("open", create_proxy(opened))
        return Response(await heard.get())
"""
    )
    assert await emulated.get() == "echo slow"


async def test_the_connection_ends_with_the_event(start: Start, server: Server) -> None:
    emulated = await start(
        _HEAD
        + f"""
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        socket = js.WebSocket.new("ws://127.0.0.1:{port(server)}/")
        opened = asyncio.Event()
        socket.onopen = create_proxy(lambda event: opened.set())
        await opened.wait()
        return Response("open")
"""
    )
    assert await emulated.get() == "open"
    for connection in list(server.connections):
        await connection.wait_closed()
        assert connection.close_code == 1006


async def test_fetch_gives_the_socket_of_an_upgrade(start: Start, server: Server) -> None:
    emulated = await start(
        _HEAD
        + f"""
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        url = "http://127.0.0.1:{port(server)}/"
        response = await fetch(url, headers={{"Upgrade": "websocket"}})
        socket = response.js_object.webSocket
        socket.accept()
        heard = queue_of(socket)
        socket.send("hello")
        return Response(f"{{response.status}} {{await heard.get()}}")
"""
    )
    assert await emulated.get() == "101 echo hello"


async def test_an_object_that_has_a_connection_stays_in_memory(
    start: Start, server: Server
) -> None:
    config: dict[str, Any] = {
        "durable_objects": {"bindings": [{"name": "OBJ", "class_name": "Obj"}]},
        "migrations": [{"tag": "v1", "new_sqlite_classes": ["Obj"]}],
    }
    emulated = await start(
        _HEAD
        + f"""
class Obj(DurableObject):
    async def join(self):
        self.socket = js.WebSocket.new("ws://127.0.0.1:{port(server)}/")
        self.heard = queue_of(self.socket)
        opened = asyncio.Event()
        self.socket.onopen = create_proxy(lambda event: opened.set())
        await opened.wait()
    async def ask(self):
        self.socket.send("hello")
        return await self.heard.get()
    async def leave(self):
        self.socket.close()
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        stub = self.env.OBJ.getByName("one")
        name = request.url.rpartition("/")[2]
        return Response(str(await getattr(stub, name)()))
""",
        **config,
    )
    await emulated.get("/join")
    await emulated.clock.advance(60_000)
    assert emulated.events(ObjectEvicted) == []
    assert await emulated.get("/ask") == "echo hello"
    await emulated.get("/leave")
    for connection in list(server.connections):
        await connection.wait_closed()
        assert connection.close_code == 1005
    await emulated.clock.advance(10_000)
    assert len(emulated.events(ObjectEvicted)) == 1


async def test_a_socket_cannot_be_opened_while_the_code_is_loaded(start: Start) -> None:
    with pytest.raises(Exception, match="Disallowed operation called within global scope"):
        await start("import js\njs.WebSocket.new('ws://127.0.0.1/')\n")


async def test_a_server_that_is_not_there(start: Start) -> None:
    emulated = await start(
        _HEAD
        + """
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        socket = js.WebSocket.new("ws://127.0.0.1:1/")
        closed = asyncio.Queue()
        socket.onerror = create_proxy(lambda event: print(event.message))
        socket.onclose = create_proxy(lambda event: closed.put_nowait(event))
        event = await closed.get()
        return Response(f"{event.code} {event.reason}")
"""
    )
    assert await emulated.get() == "1006 Failed to establish websocket connection"
    (line,) = emulated.events(Logged)
    assert line.text.startswith("Uncaught Error: Network connection lost.")
