"""Requests and responses over a real socket."""

import http.client
import socket
from collections.abc import Iterator

import httpx2
import pytest

from tests.end_to_end.process import DevProcess
from tests.end_to_end.project import Project

_WORKER = """
    import asyncio
    import json
    from urllib.parse import parse_qsl, urlsplit

    from js import ReadableStream, TransformStream
    from pyodide.ffi import create_proxy, to_js
    from workers import Response, WorkerEntrypoint


    async def tick(writer):
        try:
            while True:
                await writer.write(to_js(b"tick "))
                await asyncio.sleep(0.02)
        except Exception as error:
            print("nobody reads any more:", type(error).__name__)


    async def fail_late(writer):
        await writer.write(to_js(b"begun "))
        await asyncio.sleep(0.05)
        await writer.abort("out of ink")


    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            url = urlsplit(request.url)
            match url.path:
                case "/":
                    return Response("hello")
                case "/describe":
                    return Response.json({
                        "method": request.method,
                        "url": request.url,
                        "query": parse_qsl(url.query),
                        "header": request.headers.get("x-given"),
                    })
                case "/named":
                    name = request.headers.get("x-name")
                    return Response(name, headers={"x-name": f"{name}!", "date": "today"})
                case "/control":
                    return Response("", headers={"x-name": "\\x01"})
                case "/headers":
                    return Response("", headers=[("set-cookie", "a=1"), ("set-cookie", "b=2")])
                case "/echo":
                    return Response(request.body)
                case "/size":
                    return Response(str(len(await request.bytes())))
                case "/large":
                    return Response(b"x" * 1_048_576)
                case "/endless" | "/failing":
                    stream = TransformStream.new()
                    write = tick if url.path == "/endless" else fail_late
                    self.ctx.waitUntil(write(stream.writable.getWriter()))
                    return Response(stream.readable)
                case "/wrong-length":
                    return Response("hello", headers={"content-length": "99"})
                case "/none":
                    return Response(None, status=204)
            return Response("nothing here", status=404)
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DevProcess]:
    project = Project(tmp_path_factory.mktemp("http"))
    project.write(_WORKER)
    process = DevProcess(project.directory, "--no-reload")
    yield process
    process.close()


@pytest.fixture
def connection(server: DevProcess) -> Iterator[http.client.HTTPConnection]:
    made = http.client.HTTPConnection(server.host, server.port, timeout=20)
    yield made
    made.close()


def test_a_worker_says_hello(server: DevProcess) -> None:
    response = server.client.get("/")

    assert response.status_code == 200
    assert response.text == "hello"
    assert response.headers["content-type"] == "text/plain;charset=UTF-8"


def test_method_url_query_and_headers_reach_the_worker(server: DevProcess) -> None:
    seen = server.client.put("/describe?a=1&b=%20x", headers={"X-Given": "yes"}).json()

    assert seen == {
        "method": "PUT",
        "url": f"{server.url}/describe?a=1&b=%20x",
        "query": [["a", "1"], ["b", " x"]],
        "header": "yes",
    }


def test_each_cookie_has_a_header_of_its_own(server: DevProcess) -> None:
    assert server.client.get("/headers").headers.get_list("set-cookie") == ["a=1", "b=2"]


def test_headers_are_utf_8(server: DevProcess) -> None:
    response = server.client.get("/named", headers=[(b"x-name", "Zoë".encode())])

    assert response.text == "Zoë"
    assert dict(response.headers.raw)[b"x-name"] == "Zoë!".encode()


def test_no_header_is_added_to_those_of_the_worker(server: DevProcess) -> None:
    assert set(server.client.get("/").headers) == {"content-type", "content-length"}
    assert server.client.get("/named").headers["date"] == "today"


def test_a_header_that_cannot_be_sent_is_told(server: DevProcess) -> None:
    with pytest.raises(httpx2.RemoteProtocolError):
        server.client.get("/control")

    server.wait_for("GET /control broke off")
    server.wait_for("Invalid HTTP header value")


def test_the_status_is_the_workers(server: DevProcess) -> None:
    assert server.client.get("/elsewhere").status_code == 404
    empty = server.client.get("/none")
    assert (empty.status_code, empty.content) == (204, b"")


def test_head_has_the_headers_of_get_and_no_body(connection: http.client.HTTPConnection) -> None:
    connection.request("HEAD", "/large")
    response = connection.getresponse()

    assert response.status == 200
    assert response.headers["content-length"] == "1048576"
    assert response.read() == b""
    connection.request("GET", "/")
    assert connection.getresponse().read() == b"hello"


def test_the_length_is_that_of_the_body(server: DevProcess) -> None:
    assert server.client.get("/wrong-length").headers["content-length"] == "5"
    assert "content-length" not in server.client.get("/none").headers


def test_a_stream_ends_when_the_client_goes_away(server: DevProcess) -> None:
    with server.client.stream("GET", "/endless") as response:
        assert next(response.iter_raw()).startswith(b"tick")

    server.wait_for("nobody reads any more")


def test_a_body_that_fails_breaks_off_and_is_shown(server: DevProcess) -> None:
    with (
        pytest.raises(httpx2.RemoteProtocolError),
        server.client.stream("GET", "/failing") as response,
    ):
        for _ in response.iter_raw():
            pass

    server.wait_for("GET /failing broke off")
    server.wait_for("out of ink")


def test_a_megabyte_comes_up_and_goes_down(server: DevProcess) -> None:
    assert server.client.post("/size", content=b"y" * 1_048_576).text == "1048576"
    assert server.client.get("/large").content == b"x" * 1_048_576
    assert server.client.post("/echo", content=b"z" * 1_048_576).content == b"z" * 1_048_576


def test_bodies_stream_in_both_directions_at_once(server: DevProcess) -> None:
    with socket.create_connection((server.host, server.port), timeout=20) as made:
        made.sendall(
            b"POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        received = b""
        for word in (b"first", b"second"):
            made.sendall(b"%x\r\n%s\r\n" % (len(word), word))
            while word not in received:
                received += made.recv(65536)
        assert not received.endswith(b"0\r\n\r\n")
        made.sendall(b"0\r\n\r\n")
        while not received.endswith(b"0\r\n\r\n"):
            received += made.recv(65536)
