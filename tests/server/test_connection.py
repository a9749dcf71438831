"""Connections that are kept open."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
import uvicorn

from flarelocal.server.connection import Connection
from flarelocal.server.exchange import Message, Receive, Send

KEPT_S = 1
REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
HEADERS = [(b"content-length", b"5")]


async def hello(scope: Message, _receive: Receive, send: Send) -> None:
    if scope["path"] == "/slow":
        await asyncio.sleep(0.01)
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": b"hello"})


@pytest.fixture
async def port() -> AsyncIterator[int]:
    config = uvicorn.Config(
        hello,
        port=0,
        http=Connection,
        lifespan="off",
        log_config=None,
        timeout_keep_alive=KEPT_S,
    )
    server = uvicorn.Server(config)
    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    yield server.servers[0].sockets[0].getsockname()[1]
    await server.shutdown()


@contextlib.asynccontextmanager
async def connected(
    port: int,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    yield reader, writer
    writer.close()
    await writer.wait_closed()


async def test_several_requests_are_answered_on_one_connection(port: int) -> None:
    async with connected(port) as (reader, writer):
        for _ in range(3):
            writer.write(REQUEST)
            assert (await reader.readuntil(b"hello")).startswith(b"HTTP/1.1 200")


async def test_requests_sent_at_once_are_answered_in_turn(port: int) -> None:
    async with connected(port) as (reader, writer):
        writer.write(3 * REQUEST)
        for _ in range(3):
            assert (await reader.readuntil(b"hello")).startswith(b"HTTP/1.1 200")


async def test_any_number_of_requests_can_wait_for_one(port: int) -> None:
    async with connected(port) as (reader, writer):
        writer.write(REQUEST.replace(b"/ ", b"/slow ", 1) + 500 * REQUEST)
        for _ in range(501):
            assert (await reader.readuntil(b"hello")).startswith(b"HTTP/1.1 200")


async def test_a_connection_is_closed_once_it_was_idle_for_long(port: int) -> None:
    async with connected(port) as (reader, writer):
        writer.write(REQUEST)
        await reader.readuntil(b"hello")
        await asyncio.sleep(0.6 * KEPT_S)
        writer.write(REQUEST)
        await reader.readuntil(b"hello")
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(reader.read(), 0.7 * KEPT_S)
        assert await reader.read() == b""
