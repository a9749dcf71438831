"""The Worker, served by `flarelocal dev`, and people who talk to it."""

import json
import shutil
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import httpx2
import pytest
from websockets.sync.client import connect

EXAMPLE = Path(__file__).parent.parent


class Person:
    """Somebody in a room."""

    def __init__(self, socket):
        self.socket = socket

    def say(self, text):
        self.socket.send(text)

    def hears(self):
        """The next event."""
        return json.loads(self.socket.recv(timeout=20))

    def leave(self):
        self.socket.close(1000, "bye")


class Server:
    """`flarelocal dev` on a copy of the example."""

    def __init__(self, directory):
        for part in ("src", "public"):
            shutil.copytree(EXAMPLE / part, directory / part)
        shutil.copy(EXAMPLE / "wrangler.jsonc", directory)
        ready = directory / "ready.json"
        self._log = directory / "dev.log"
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "flarelocal", "dev", "--port=0", f"--ready-file={ready}"],
                cwd=directory,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        end = time.monotonic() + 20
        while not ready.exists():
            assert self._process.poll() is None, self._log.read_text()
            assert time.monotonic() < end, self._log.read_text()
            time.sleep(0.02)
        self.http = httpx2.Client(base_url=json.loads(ready.read_text())["url"])
        self._people = ExitStack()

    def enter(self, name, room="lobby"):
        """Somebody enters a room; what they hear first is that."""
        url = str(self.http.base_url).replace("http", "ws", 1)
        socket = connect(f"{url}/rooms/{quote(room)}?name={quote(name)}", ping_interval=None)
        return Person(self._people.enter_context(socket))

    def room(self, room="lobby"):
        """What a room tells those who ask by HTTP."""
        return self.http.get(f"/rooms/{room}").json()

    def later(self, ms):
        """Let time pass."""
        self.http.post("/cdn-cgi/local/clock/jump", json={"by": ms}).raise_for_status()

    def close(self):
        self._people.close()
        self.http.close()
        self._process.terminate()
        self._process.wait(20)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("chat"))
    yield server
    server.close()
