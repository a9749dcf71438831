"""`breakpoint()` in a handler, at a terminal."""

import os
import pty
import signal
import threading
from collections.abc import Iterator

import pytest

from tests.end_to_end.process import DevProcess
from tests.end_to_end.project import Project

_WORKER = """
    from workers import Response, WorkerEntrypoint


    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            answer = 41
            breakpoint()
            return Response(str(answer))
"""


class Terminal:
    """Somebody at a terminal."""

    def __init__(self) -> None:
        self._keyboard, self.device = pty.openpty()

    def type(self, line: str) -> None:
        os.write(self._keyboard, line.encode() + b"\n")

    def read_until(self, text: str) -> str:
        shown = ""
        while text not in shown:
            shown += os.read(self._keyboard, 4096).decode()
        return shown

    def close(self) -> None:
        os.close(self.device)
        os.close(self._keyboard)


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    made = Terminal()
    yield made
    made.close()


@pytest.fixture
def server(project: Project, terminal: Terminal) -> Iterator[DevProcess]:
    project.write(_WORKER)
    process = DevProcess(project.directory, "--no-reload", terminal=terminal.device)
    yield process
    process.close()


def test_the_handler_can_be_looked_at_and_goes_on(server: DevProcess, terminal: Terminal) -> None:
    answers: list[str] = []
    asking = threading.Thread(target=lambda: answers.append(server.client.get("/").text))
    asking.start()

    terminal.read_until("(Pdb)")
    terminal.type("p answer + 1")
    assert "42" in terminal.read_until("(Pdb)")
    terminal.type("answer = 7")
    terminal.type("c")

    asking.join()
    assert answers == ["7"]
    server.signal(signal.SIGINT)
    assert server.wait() == 0
    assert "Stopped." in terminal.read_until("Stopped.")
