"""Signals: what is going on is finished first."""

import signal
import socket
import threading

import pytest

from tests.end_to_end.conftest import Serve
from tests.end_to_end.project import Project

_SLOW = """
    import asyncio

    from workers import Response, WorkerEntrypoint


    async def later():
        await asyncio.sleep(0.5)
        print("the background task has finished")


    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            if request.url.endswith("/background"):
                self.ctx.waitUntil(later())
                return Response("answered")
            print("the request has begun")
            await asyncio.sleep(60 if request.url.endswith("/endless") else 0.5)
            return Response("finished")
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_request_in_flight_is_answered(
    project: Project, serve: Serve, number: signal.Signals
) -> None:
    project.write(_SLOW)
    server = serve()
    answers: list[str] = []
    asking = threading.Thread(target=lambda: answers.append(server.client.get("/").text))
    asking.start()
    server.wait_for("the request has begun")

    server.signal(number)

    assert server.wait() == 0
    asking.join()
    assert answers == ["finished"]
    assert server.log.rstrip().endswith("Stopped.")


def test_a_background_task_is_finished(project: Project, serve: Serve) -> None:
    project.write(_SLOW)
    server = serve()
    server.client.get("/background")

    assert server.stop() == 0

    assert "the background task has finished" in server.log


def test_the_second_signal_ends_at_once(project: Project, serve: Serve) -> None:
    project.write(_SLOW)
    server = serve()
    with socket.create_connection((server.host, server.port)) as connection:
        connection.sendall(b"GET /endless HTTP/1.1\r\nHost: localhost\r\n\r\n")
        server.wait_for("the request has begun")
        server.signal(signal.SIGINT)
        server.wait_for("Stopping")

        server.signal(signal.SIGINT)

        assert server.wait() == 0


def test_an_idle_connection_does_not_keep_it(project: Project, serve: Serve) -> None:
    project.write(_SLOW)
    server = serve()
    with socket.create_connection((server.host, server.port)):
        assert server.stop() == 0
