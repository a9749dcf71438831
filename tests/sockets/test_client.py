"""Connections to WebSocket servers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.http11 import Request, Response

from flarelocal.sockets.client import Answer, connect
from flarelocal.sockets.connection import Broken, Close, Lost


async def _handle(connection: ServerConnection) -> None:
    request = connection.request
    assert request is not None
    async for message in connection:
        if message == "close":
            await connection.close(4000, "from the server")
        elif message == "vanish":
            connection.transport.abort()
        elif message == "headers":
            await connection.send(" ".join(request.headers.get(n, "-") for n in ("host", "x-a")))
        else:
            await connection.send(message)


def _refuse(connection: ServerConnection, request: Request) -> Response | None:
    return connection.respond(403, "go away") if request.path == "/refused" else None


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with serve(
        _handle,
        "127.0.0.1",
        0,
        process_request=_refuse,
        select_subprotocol=lambda _, offered: offered[-1] if offered else None,
    ) as server:
        yield server


def address(server: Server) -> str:
    return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def shake_hands(server: Server, path: str = "/", *headers: tuple[str, str]) -> Answer:
    return await connect(address(server) + path, list(headers), largest=1000, compress=True)


async def test_messages_go_both_ways(server: Server) -> None:
    end = (await shake_hands(server)).end
    assert end is not None
    for message in ("héllo", b"\x00\xff", ""):
        end.send(message)
        assert await end.receive() == message
    end.send(Close(1000, "bye"))
    assert await end.receive() == Close(1000, "bye")


async def test_the_handshake_has_headers_of_its_own_and_those_given(server: Server) -> None:
    answer = await shake_hands(
        server,
        "/?q#fragment",
        ("x-a", "1"),
        ("host", "elsewhere"),
        ("sec-websocket-key", "no"),
        ("sec-websocket-protocol", "a, b"),
    )
    assert (answer.status, answer.reason) == (101, "Switching Protocols")
    assert dict(answer.headers)["sec-websocket-protocol"] == "b"
    assert answer.end is not None
    answer.end.send("headers")
    assert await answer.end.receive() == f"{address(server).removeprefix('http://')} 1"


async def test_the_server_closes(server: Server) -> None:
    end = (await shake_hands(server)).end
    assert end is not None
    end.send("close")
    assert await end.receive() == Close(4000, "from the server")
    end.send(Close(4000, "from the server"))


async def test_the_server_vanishes(server: Server) -> None:
    end = (await shake_hands(server)).end
    assert end is not None
    end.send("vanish")
    assert await end.receive() == Lost()


async def test_messages_that_are_too_large_break_the_connection(server: Server) -> None:
    end = (await shake_hands(server)).end
    assert end is not None
    end.send(bytes(range(256)) * 4)
    frame = await end.receive()
    assert isinstance(frame, Broken)
    assert frame.message.startswith(
        "WebSocket protocol error; protocolError.statusCode = 1009; "
        "protocolError.description = Message is too large"
    )


async def test_an_end_that_is_dropped_ends_the_connection(server: Server) -> None:
    end = (await shake_hands(server)).end
    (connection,) = server.connections
    del end
    await connection.wait_closed()
    assert connection.close_code == 1006


async def test_a_server_may_refuse(server: Server) -> None:
    answer = await shake_hands(server, "/refused")
    assert (answer.status, answer.body, answer.end) == (403, b"go away", None)


async def test_nobody_listens() -> None:
    with pytest.raises(OSError, match="Connect call failed"):
        await connect("http://127.0.0.1:1/", [], largest=1000, compress=True)


async def test_a_server_that_speaks_something_else() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail\r\n")
        writer.close()

    async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(OSError, match="valid HTTP response"):
            await connect(f"http://127.0.0.1:{port}/", [], largest=1000, compress=True)


async def test_a_handshake_can_be_given_up() -> None:
    asked, gone = asyncio.Event(), asyncio.Event()

    async def stay_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        asked.set()
        with suppress(ConnectionError):
            await reader.read()
        writer.close()
        gone.set()

    async with await asyncio.start_server(stay_silent, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        work = asyncio.ensure_future(
            connect(f"http://127.0.0.1:{port}/", [], largest=1000, compress=True)
        )
        await asked.wait()
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
        await gone.wait()
