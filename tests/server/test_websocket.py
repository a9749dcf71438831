"""WebSockets over the network; what clients see was recorded with workerd."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from uvicorn.server import ServerState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.frames import Close, Frame, Opcode

from flarelocal.server.websocket import WebSocketProtocol
from flarelocal.worker.events import Logged
from tests.emulated import Emulated, write_project
from tests.loops import pytest_asyncio_loop_factories

__all__ = ["pytest_asyncio_loop_factories"]

_SOURCE = """
from js import WebSocketPair
from pyodide.ffi import create_proxy

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        path = request.url.rpartition("/")[2]
        if path == "plain":
            return Response("no socket here", status=418, headers={"x-a": "b"})
        if path == "raise":
            raise ValueError("no")
        client, server = WebSocketPair.new().object_values()
        server.accept()
        server.binaryType = "arraybuffer"
        def message(event):
            print(event.data if isinstance(event.data, str) else event.data.constructor.name)
            if event.data == "close":
                server.close(4001, "from the Worker")
            elif event.data == "headers":
                server.send(" ".join(request.headers.get(name) or "-" for name in
                                     ("upgrade", "cf-connecting-ip", "x-mine")))
            else:
                server.send(event.data)
        def closed(event):
            print("closed", event.code, event.reason)
            if path == "reply":
                server.send("last words")
                server.close(4002, "reply")
        server.addEventListener("message", create_proxy(message))
        server.addEventListener("close", create_proxy(closed))
        server.addEventListener("error", create_proxy(lambda event: print(event.message)))
        headers = {"Sec-WebSocket-Protocol": "b"} if path == "protocol" else {}
        return Response(None, status=101, web_socket=client, headers=headers)
"""


class Server:
    """A Worker behind a port."""

    def __init__(self, emulated: Emulated, state: ServerState, url: str) -> None:
        self.emulated = emulated
        self.state = state
        self.url = url

    @property
    def printed(self) -> list[str]:
        return [line.text for line in self.emulated.events(Logged)]

    async def prints(self, text: str) -> None:
        """Return when the Worker printed a text."""
        heard = asyncio.Event()

        def hear(_: object) -> None:
            if any(text in line for line in self.printed):
                heard.set()

        stop = self.emulated.emulator.journal.subscribe(hear)
        hear(None)
        await heard.wait()
        stop()


Serve = Callable[..., Awaitable[Server]]


@pytest.fixture
async def serve(tmp_path: Path) -> AsyncIterator[Serve]:
    async with AsyncExitStack() as running:

        async def serve(**config: str) -> Server:
            emulated = Emulated(write_project(tmp_path, _SOURCE, **config))
            await running.enter_async_context(emulated.emulator)
            state = ServerState()
            listening = await asyncio.get_running_loop().create_server(
                lambda: WebSocketProtocol(emulated.emulator, state), "127.0.0.1", 0
            )
            running.callback(listening.close)
            port = listening.sockets[0].getsockname()[1]
            return Server(emulated, state, f"ws://127.0.0.1:{port}/")

        yield serve


async def closed(client: ClientConnection) -> tuple[int | None, str | None]:
    await client.wait_closed()
    return client.close_code, client.close_reason


async def test_messages_go_both_ways(serve: Serve) -> None:
    server = await serve()
    async with connect(server.url) as client:
        await client.send("héllo")
        assert await client.recv() == "héllo"
        await client.send(b"\x00\xff")
        assert await client.recv() == b"\x00\xff"
        await client.send("")
        assert await client.recv() == ""
    assert server.printed == ["héllo", "ArrayBuffer", "", "closed 1000 "]


async def test_fragments_are_one_message(serve: Serve) -> None:
    server = await serve()
    async with connect(server.url) as client:
        await client.send(["one ", "mess", "age"])
        assert await client.recv() == "one message"


@pytest.mark.parametrize("compression", ["deflate", None])
async def test_large_messages(serve: Serve, compression: str | None) -> None:
    server = await serve()
    async with connect(server.url, compression=compression, max_size=None) as client:
        await client.send(b"x" * (3 << 20))
        assert await client.recv() == b"x" * (3 << 20)


async def test_messages_have_at_most_32_mib(serve: Serve) -> None:
    server = await serve()
    async with connect(server.url, compression=None) as client:
        # The head of the frame suffices: nobody waits for the rest of it.
        client.transport.write(b"\x82\xff" + ((32 << 20) + 1).to_bytes(8) + b"mask")
        assert await closed(client) == (1009, "Message is too large")
    await server.prints(
        "Uncaught Error: WebSocket protocol error; protocolError.statusCode = 1009; "
        "protocolError.description = Message is too large: 33554433 > 33554432"
    )


async def test_compression_is_agreed_upon_since_2023(serve: Serve) -> None:
    server = await serve()
    async with connect(server.url) as client:
        assert client.response is not None
        extensions = client.response.headers["Sec-WebSocket-Extensions"]
        assert extensions.startswith("permessage-deflate")


async def test_the_worker_chooses_the_subprotocol(serve: Serve) -> None:
    server = await serve()
    async with connect(server.url + "protocol", subprotocols=["a", "b"]) as client:  # type: ignore[list-item]
        assert client.subprotocol == "b"


async def test_the_worker_sees_the_headers(serve: Serve) -> None:
    server = await serve()
    async with connect(server.url, additional_headers={"X-Mine": "1"}) as client:
        await client.send("headers")
        assert await client.recv() == "websocket 127.0.0.1 1"


async def test_a_close_is_answered(serve: Serve) -> None:
    server = await serve()
    async with connect(server.url) as client:
        await client.close(4000, "from the client")
        assert await closed(client) == (4000, "from the client")
    assert server.printed == ["closed 4000 from the client"]


async def test_once_the_worker_answered_closes(serve: Serve) -> None:
    server = await serve(compatibility_date="2026-01-01")
    async with connect(server.url + "reply") as client:
        # The library waits for the answer; what comes before it is lost to `recv` then.
        client.protocol.send_close(4000, "from the client")
        client.send_data()
        assert await client.recv() == "last words"
        with pytest.raises(ConnectionClosed):
            await client.recv()
        received = client.protocol.close_rcvd
        assert received is not None
        assert (received.code, received.reason) == (4002, "reply")


async def test_the_worker_closes(serve: Serve) -> None:
    server = await serve()
    async with connect(server.url) as client:
        await client.send("close")
        assert await closed(client) == (4001, "from the Worker")
        await server.prints("closed 4001 from the Worker")


async def test_a_close_without_a_code(serve: Serve) -> None:
    server = await serve()
    async with connect(server.url) as client:
        client.protocol.send_frame(Frame(Opcode.CLOSE, b""))
        client.protocol.close_sent = Close(1005, "")
        client.send_data()
        await server.prints("closed 1005")
        assert await closed(client) == (1005, "")


async def test_a_client_that_vanishes(serve: Serve) -> None:
    server = await serve()
    async with connect(server.url) as client:
        client.transport.abort()
        await server.prints("closed 1006 WebSocket disconnected without sending Close frame.")


async def test_pings_are_answered(serve: Serve) -> None:
    server = await serve()
    async with connect(server.url) as client:
        await (await client.ping())


async def test_what_is_no_protocol_is_refused(serve: Serve) -> None:
    server = await serve()
    async with connect(server.url) as client:
        client.transport.write(b"\xff\xff\xff\xff")
        await client.wait_closed()
    await server.prints("protocolError.statusCode = 1002")


async def test_a_worker_may_refuse(serve: Serve) -> None:
    server = await serve()
    with pytest.raises(InvalidStatus) as refusal:
        await connect(server.url + "plain")
    response = refusal.value.response
    assert (response.status_code, response.body) == (418, b"no socket here")
    assert response.headers["x-a"] == "b"


async def test_a_worker_that_fails_answers_with_500(serve: Serve) -> None:
    server = await serve()
    with pytest.raises(InvalidStatus) as refusal:
        await connect(server.url + "raise")
    assert refusal.value.response.status_code == 500
    assert b"ValueError: no" in bytes(refusal.value.response.body or b"")


async def test_a_request_that_is_no_handshake(serve: Serve) -> None:
    server = await serve()
    reader, writer = await asyncio.open_connection("127.0.0.1", int(server.url.split(":")[2][:-1]))
    writer.write(b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
    assert (await reader.readline()).startswith(b"HTTP/1.1 400")
    writer.close()


async def test_a_server_that_stops_says_so(serve: Serve) -> None:
    server = await serve()
    async with connect(server.url) as client:
        for connection in list(server.state.connections):
            connection.shutdown()
        assert await closed(client) == (1012, "")
