"""WebSockets of clients, over the life of a server."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from websockets.exceptions import ConnectionClosed, ConnectionClosedError
from websockets.sync.client import ClientConnection, connect

from tests.end_to_end.conftest import Serve
from tests.end_to_end.process import DevProcess
from tests.end_to_end.project import Project

_CODE = """
    from js import WebSocketPair
    from pyodide.ffi import create_proxy
    from workers import DurableObject, Response, WorkerEntrypoint, asgi

    async def app(scope, receive, send):
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            await send({"type": "websocket.send", "text": f"asgi {message['text']}"})
        print("left with", message["code"])

    class Room(DurableObject):
        async def fetch(self, request):
            client, server = WebSocketPair.new().object_values()
            if request.url.endswith("/accept"):
                server.accept()
                server.onmessage = create_proxy(lambda event: server.send(event.data))
            else:
                self.ctx.acceptWebSocket(server)
            return Response(None, status=101, web_socket=client)
        async def webSocketMessage(self, ws, message):
            self.ctx.storage.kv.put("last", message)
            ws.send(f"heard {message}")
        async def webSocketClose(self, ws, code, reason, was_clean):
            ws.close(1000, "bye")
        async def last(self):
            return self.ctx.storage.kv.get("last")

    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            room = self.env.ROOMS.getByName("a")
            if request.url.endswith("/last"):
                return Response(await room.last())
            if request.url.endswith("/asgi"):
                return await asgi.websocket(app, request, self.env)
            return await room.fetch(request)
"""


@pytest.fixture
def project(project: Project) -> Project:
    project.configure(
        durable_objects={"bindings": [{"name": "ROOMS", "class_name": "Room"}]},
        migrations=[{"tag": "v1", "new_sqlite_classes": ["Room"]}],
    )
    project.write(_CODE)
    return project


Enter = Callable[..., ClientConnection]


@pytest.fixture
def enter() -> Iterator[Enter]:
    """Connects to a server, until the end of the test."""
    with ExitStack() as sockets:

        def enter(server: DevProcess, path: str = "/") -> ClientConnection:
            url = f"ws://{server.host}:{server.port}{path}"
            return sockets.enter_context(connect(url, ping_interval=None))

        yield enter


def test_sockets_of_objects_outlive_a_reload_and_others_do_not(
    project: Project, serve: Serve, enter: Enter
) -> None:
    server = serve()
    kept, lost = enter(server), enter(server, "/accept")
    kept.send("one")
    assert kept.recv(20) == "heard one"

    project.write(_CODE.replace("heard {message}", "HEARD {message}"))
    server.wait_for("Reloaded")

    kept.send("two")
    assert kept.recv(20) == "HEARD two"
    with pytest.raises(ConnectionClosedError):
        lost.recv(20)
    kept.close()
    assert (kept.close_code, kept.close_reason) == (1000, "bye")


def test_ctrl_c_closes_the_sockets(project: Project, serve: Serve, enter: Enter) -> None:
    server = serve()
    sockets = [enter(server), enter(server, "/accept"), enter(server, "/asgi")]

    server.signal(signal.SIGINT)

    for socket in sockets:
        with pytest.raises(ConnectionClosed) as closed:
            socket.recv(20)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1012
    assert server.wait() == 0


def test_what_a_client_was_told_is_stored_when_the_process_dies(
    project: Project, serve: Serve, enter: Enter
) -> None:
    server = serve()
    socket = enter(server)
    socket.send("remember")
    assert socket.recv(20) == "heard remember"

    server.kill()

    with pytest.raises(ConnectionClosedError):
        socket.recv(20)
    assert serve().client.get("/last").text == "remember"


def test_an_asgi_application_talks_to_a_client(
    project: Project, serve: Serve, enter: Enter
) -> None:
    server = serve()
    socket = enter(server, "/asgi")
    socket.send("hello")
    assert socket.recv(20) == "asgi hello"
    socket.close(4000)
    server.wait_for("left with 4000")
