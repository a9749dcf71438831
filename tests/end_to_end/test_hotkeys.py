"""The keys of `flarelocal dev`, on a pseudo-terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Serve
from tests.end_to_end.process import wait_until
from tests.end_to_end.project import Project

_WORKER = """
from workers import Response, WorkerEntrypoint


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response("fine")

    async def scheduled(self, controller, env, ctx):
        print("fired", controller.cron)
"""
_HELP = "[b] browser  [f] fire cron  [q] queues"
# Makes the pseudo-terminal the one that the process is controlled from, as a shell does.
_START = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.executable, [sys.executable, "-m", "flarelocal", "dev", "--port", "0", *sys.argv[1:]])
"""


class Session:
    """A server on a terminal, with somebody who types."""

    def __init__(self, directory: Path) -> None:
        self._file, theirs = pty.openpty()
        self._process = subprocess.Popen(
            [sys.executable, "-c", _START],
            cwd=directory,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self._shown = b""
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        try:
            while data := os.read(self._file, 4096):
                self._shown += data
        except OSError:
            # Linux says so when the other end is closed.
            return

    @property
    def shown(self) -> str:
        return self._shown.decode(errors="replace")

    def type(self, keys: str) -> None:
        os.write(self._file, keys.encode())

    def wait_for(self, text: str) -> None:
        wait_until(lambda: text in self.shown, lambda: f"{text!r} in:\n{self.shown}")

    def wait(self) -> int:
        return self._process.wait(20)

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._reader.join(20)
        os.close(self._file)


@pytest.fixture
def session(project: Project) -> Iterator[Session]:
    project.configure(
        triggers={"crons": ["0 1 1 1 *", "0 2 1 1 *"]},
        queues={"producers": [{"binding": "JOBS", "queue": "jobs"}]},
    )
    project.write(_WORKER)
    session = Session(project.directory)
    session.wait_for(_HELP)
    yield session
    session.close()


def test_a_cron_is_chosen_and_fired(session: Session) -> None:
    session.type("f")
    session.wait_for("Fire which one: ")
    session.type("2\n")
    session.wait_for("fired 0 2 1 1 *")


def test_queues_are_listed(session: Session) -> None:
    session.type("q")
    session.wait_for("jobs: 0 ready, 0 delayed, 0 in flight")


def test_the_clock_jumps_to_what_fires_next(session: Session) -> None:
    session.type("j")
    session.wait_for("Jump by")
    session.type("\n")
    session.wait_for("fired 0 1 1 1 *")
    session.wait_for("-01-01 01:00")


def test_an_answer_can_be_corrected_and_a_wrong_one_is_told(session: Session) -> None:
    session.type("jsoom\x7fn\n")
    session.wait_for("'soon' is no time span")


def test_a_question_can_be_left(session: Session) -> None:
    session.type("f\x1bq")
    session.wait_for("jobs: 0 ready")


def test_the_screen_is_cleared(session: Session) -> None:
    session.type("c")
    session.wait_for("\x1b[2J")


def test_x_ends_the_server(session: Session) -> None:
    session.type("x")
    assert session.wait() == 0
    session.wait_for("Stopped.")


def test_there_are_no_keys_without_a_terminal(project: Project, serve: Serve) -> None:
    project.write(_WORKER)

    server = serve()

    assert _HELP not in server.log
