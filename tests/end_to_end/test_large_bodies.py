"""A hundred megabytes in each direction pass through a Worker that holds little of them."""

import socket
import threading
from collections.abc import Iterator

import pytest

from tests.end_to_end.process import DevProcess
from tests.end_to_end.project import Project

_WORKER = """
    import resource

    from js import TransformStream
    from pyodide.ffi import to_js
    from workers import Response, WorkerEntrypoint


    async def write(writer):
        chunk = to_js(b"x" * 65_536)
        for _ in range(1600):
            await writer.write(chunk)
        await writer.close()


    async def size(body):
        reader = body.getReader()
        count = 0
        while not (part := await reader.read()).done:
            count += part.value.byteLength
        return count


    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            if request.url.endswith("/memory"):
                return Response(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))
            if request.url.endswith("/up"):
                return Response(str(await size(request.js_object.body)))
            if request.url.endswith("/echo"):
                return Response(request.body)
            stream = TransformStream.new()
            self.ctx.waitUntil(write(stream.writable.getWriter()))
            return Response(stream.readable)
"""
_CHUNK = b"y" * 65_536
_SIZE = 1600 * len(_CHUNK)
_MORE_MEMORY = 1.3


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DevProcess]:
    project = Project(tmp_path_factory.mktemp("large"))
    project.write(_WORKER)
    project.configure(r2_buckets=[{"binding": "FILES", "bucket_name": "files"}])
    process = DevProcess(project.directory, "--no-reload")
    process.client.post("/echo", content=_CHUNK)
    yield process
    process.close()


@pytest.fixture
def flat_memory(server: DevProcess) -> Iterator[None]:
    """What the test does may take no memory worth speaking of."""
    before = int(server.client.get("/memory").text)
    yield
    assert int(server.client.get("/memory").text) < before * _MORE_MEMORY


@pytest.mark.usefixtures("flat_memory")
def test_they_come_up(server: DevProcess) -> None:
    content = (_CHUNK for _ in range(1600))

    assert server.client.post("/up", content=content).text == str(_SIZE)


@pytest.mark.usefixtures("flat_memory")
def test_they_go_down(server: DevProcess) -> None:
    with server.client.stream("GET", "/down") as response:
        assert sum(map(len, response.iter_raw())) == _SIZE


@pytest.mark.usefixtures("flat_memory")
def test_they_go_through(server: DevProcess) -> None:
    with socket.create_connection((server.host, server.port), timeout=20) as made:
        made.sendall(b"POST /echo HTTP/1.0\r\nContent-Length: %d\r\n\r\n" % _SIZE)

        def send() -> None:
            for _ in range(1600):
                made.sendall(_CHUNK)

        sending = threading.Thread(target=send)
        sending.start()
        received = 0
        while part := made.recv(1_048_576):
            received += len(part)
        sending.join()

    assert received > _SIZE


@pytest.mark.usefixtures("flat_memory")
def test_a_client_that_does_not_read_holds_the_worker_up(server: DevProcess) -> None:
    with socket.create_connection((server.host, server.port), timeout=20) as made:
        made.sendall(b"GET /down HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert made.recv(1).startswith(b"H")
        for _ in range(20):
            server.client.get("/memory")


@pytest.mark.usefixtures("flat_memory")
def test_they_become_an_object_and_come_back(server: DevProcess) -> None:
    path = "/client/v4/accounts/any/r2/buckets/files/objects/large"
    stored = server.client.put(path, content=(_CHUNK for _ in range(1600)))
    assert stored.json()["result"]["size"] == _SIZE

    with server.client.stream("GET", path) as response:
        assert response.headers["content-length"] == str(_SIZE)
        assert sum(map(len, response.iter_raw())) == _SIZE
