"""Connections: they are kept, requests may follow each other at once, and clients may leave."""

import socket
from collections.abc import Iterator

import pytest

from tests.end_to_end.process import DevProcess
from tests.end_to_end.project import Project

_WORKER = """
    import asyncio

    from js import TransformStream
    from pyodide.ffi import create_proxy, to_js
    from workers import Response, WorkerEntrypoint


    async def tick(writer):
        while True:
            await writer.write(to_js(b"tick "))
            await asyncio.sleep(0.02)


    async def later():
        await asyncio.sleep(0.1)
        print("the background task has finished")


    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            path = request.url.rpartition("/")[2]
            signal = request.js_object.signal
            told = create_proxy(lambda event: print(path, "aborted:", signal.reason))
            signal.addEventListener("abort", told)
            if path == "stream":
                stream = TransformStream.new()
                self.ctx.waitUntil(tick(stream.writable.getWriter()))
                return Response(stream.readable)
            if path.startswith("endless"):
                self.ctx.waitUntil(later())
                print(path, "begins")
                await asyncio.sleep(60)
            await asyncio.sleep(0.05 if path == "slow" else 0)
            return Response(path)
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DevProcess]:
    project = Project(tmp_path_factory.mktemp("connections"))
    project.configure(compatibility_flags=["python_workers", "enable_request_signal"])
    project.write(_WORKER)
    process = DevProcess(project.directory, "--no-reload")
    yield process
    process.close()


def test_one_connection_serves_many_requests(server: DevProcess) -> None:
    with socket.create_connection((server.host, server.port), timeout=20) as made:
        for name in (b"one", b"two", b"three"):
            made.sendall(b"GET /%s HTTP/1.1\r\nHost: localhost\r\n\r\n" % name)
            assert made.recv(65_536).endswith(name)


def test_pipelined_requests_are_answered_in_order(server: DevProcess) -> None:
    names = (b"slow", b"quick", b"last")
    with socket.create_connection((server.host, server.port), timeout=20) as made:
        made.sendall(b"".join(b"GET /%s HTTP/1.1\r\nHost: x\r\n\r\n" % name for name in names))
        received = b""
        while received.count(b"HTTP/1.1 200") < 3 or not received.endswith(b"last"):
            received += made.recv(65_536)

    places = [received.index(b"\r\n\r\n" + name) for name in names]
    assert places == sorted(places)


def test_a_handler_ends_when_its_client_leaves_but_not_its_background_tasks(
    server: DevProcess,
) -> None:
    with socket.create_connection((server.host, server.port), timeout=20) as made:
        made.sendall(b"GET /endless-1 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        server.wait_for("endless-1 begins")

    server.wait_for("GET /endless-1 canceled")
    server.wait_for("the background task has finished")


def test_the_signal_of_the_request_tells_that_the_client_left(server: DevProcess) -> None:
    with socket.create_connection((server.host, server.port), timeout=20) as made:
        made.sendall(b"GET /endless-2 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        server.wait_for("endless-2 begins")

    server.wait_for("endless-2 aborted: AbortError: The client has disconnected")


def test_the_signal_also_tells_it_while_the_answer_streams(server: DevProcess) -> None:
    with server.client.stream("GET", "/stream") as response:
        next(response.iter_raw())

    server.wait_for("stream aborted: AbortError: The client has disconnected")


def test_an_answer_in_time_aborts_nothing(server: DevProcess) -> None:
    assert server.client.get("/quiet").text == "quiet"
    server.client.get("/one")
    assert "quiet aborted" not in server.log
