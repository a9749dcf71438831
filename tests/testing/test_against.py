"""`--flarelocal-against`: the same tests against a server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.testing.test_plugin import OPTIONS, write


class Peer(BaseHTTPRequestHandler):
    """Answers as the Worker of these tests does to `/echo`."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("x-method", "POST")
        self.send_header("x-path", self.path)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Nobody wants to know."""


@pytest.fixture
def url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Peer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_requests_go_to_the_server_and_the_rest_is_skipped(
    pytester: pytest.Pytester, url: str
) -> None:
    write(pytester)
    pytester.makepyfile(
        """
        async def test_a_request(flare):
            response = await flare.fetch("/echo?a=b", json={"n": 1})
            assert response.headers["x-path"] == "/echo?a=b"
            assert await response.json() == {"n": 1}

        def test_a_blocking_request(flare_sync):
            assert flare_sync.fetch("/echo", body="x").text() == "x"

        async def test_the_clock(flare):
            await flare.clock.advance(1)

        def test_env(flare_sync):
            flare_sync.env.KV.put("a", "b")
        """
    )
    result = pytester.runpytest_inprocess(*OPTIONS, "--flarelocal-against", url)
    result.assert_outcomes(passed=2, skipped=2)
