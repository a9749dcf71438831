from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Callable

import httpx2
import pytest

from flarelocal.javascript.errors import JsError
from flarelocal.javascript.web.outbound import Network
from flarelocal.javascript.web.readable import ReadableStream
from flarelocal.javascript.web.request import Request

Handler = Callable[[httpx2.Request], httpx2.Response]


def network(handler: Handler) -> Network:
    return Network(httpx2.AsyncClient(transport=httpx2.MockTransport(handler)))


async def test_request_and_response_pass_unchanged() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        assert (request.method, str(request.url)) == ("POST", "http://a/x?y")
        assert request.headers["x-a"] == "1"
        assert request.content == b"body"
        return httpx2.Response(201, headers=[("set-cookie", "a"), ("set-cookie", "b")], text="ok")

    request = Request("http://a/x?y", {"method": "POST", "body": "body", "headers": {"x-a": "1"}})
    response = await network(answer)(request)
    assert (response.status, response.url) == (201, "http://a/x?y")
    assert response.headers.get_set_cookie() == ["a", "b"]
    assert await response.read() == b"ok"


async def test_bodies_stream_both_ways() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while (size := int(await reader.readline(), 16)) > 0:
            data = await reader.readexactly(size + 2)
            writer.write(b"%x\r\n%b" % (size, data))
            await writer.drain()
        writer.write(b"0\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]

    async def chunks() -> AsyncIterator[bytes]:
        for part in (b"one", b"two"):
            yield part
            await asyncio.sleep(0)

    stream = ReadableStream.of_bytes(chunks())
    request = Request(f"http://127.0.0.1:{port}/", {"method": "POST", "body": stream})
    real = Network()
    response = await real(request)
    assert await response.read() == b"onetwo"
    await real.close()
    server.close()
    await server.wait_closed()


async def test_redirects_are_followed() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/":
            return httpx2.Response(302, headers={"location": "/next"})
        return httpx2.Response(200, text=request.method)

    response = await network(answer)(Request("http://a/", {"method": "POST", "body": "x"}))
    assert (response.url, response.redirected) == ("http://a/next", True)
    assert await response.read() == b"GET"


async def test_redirects_can_be_left_to_the_program() -> None:
    response = await network(lambda request: httpx2.Response(302, headers={"location": "/x"}))(
        Request("http://a/", {"redirect": "manual"})
    )
    assert response.status == 302
    assert response.headers.get("location") == "/x"


async def test_endless_redirects() -> None:
    with pytest.raises(JsError, match="Too many redirects"):
        await network(lambda request: httpx2.Response(302, headers={"location": "/"}))(
            Request("http://a/")
        )


async def test_a_stream_is_not_sent_again() -> None:
    stream = ReadableStream.from_([])
    with pytest.raises(JsError, match="one-time-use body"):
        await network(lambda request: httpx2.Response(307, headers={"location": "/"}))(
            Request("http://a/", {"method": "POST", "body": stream})
        )


async def test_compressed_responses_are_unpacked() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(
            200, headers={"content-encoding": "gzip"}, content=gzip.compress(b"text")
        )

    response = await network(answer)(Request("http://a/"))
    assert await response.read() == b"text"
    assert not response.headers.has("content-encoding")


async def test_a_broken_network() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused")

    with pytest.raises(JsError, match="Network connection lost"):
        await network(answer)(Request("http://a/"))


async def test_other_schemes() -> None:
    with pytest.raises(JsError, match="Fetch API cannot load: data:,x"):
        await Network()(Request("data:,x"))
