"""The servers that the benchmarks ask over HTTP: flarelocal and, where npm has them, its peers."""

from __future__ import annotations

import argparse
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PATIENCE_S = 300

Command = Callable[[Path, int], list[str]]
"""Puts the Worker into a directory and gives the command that serves it on a port."""


class Client:
    """One connection that is kept open."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)

    def get(self, path: str) -> dict[str, int]:
        self._connection.request("GET", path)
        response = self._connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise OSError(f"{path}: {response.status} {body[:200]!r}")
        counts: dict[str, int] = json.loads(body)
        return counts

    def until(self, name: str, count: int) -> None:
        """Return when the Worker has counted so many."""
        end = time.monotonic() + PATIENCE_S
        while (seen := self.get("/")[name]) < count:
            if time.monotonic() > end:
                raise OSError(f"{seen} of {count} arrived")
            time.sleep(0.01)


def add_options(parser: argparse.ArgumentParser) -> None:
    """What says which peers there are."""
    parser.add_argument("--node-modules", type=Path, help="where npm installed the peers")
    parser.add_argument("--node", default="node", help="the Node that runs them")
    parser.add_argument("--peers", default="miniflare,wrangler")


def commands(
    options: argparse.Namespace, workers: Path, bindings: dict[str, Any], *, reload: bool = False
) -> dict[str, Command]:
    """How flarelocal and the peers that were asked for are started.

    Args:
        workers: has the workload as `bench.py` and as `bench.mjs`.
        bindings: of the configuration.
        reload: whether flarelocal looks for changes; wrangler always does.
    """
    ours = [] if reload else ["--no-reload"]
    found: dict[str, Command] = {"flarelocal": partial(_flarelocal, workers, bindings, ours)}
    if options.node_modules:
        modules = options.node_modules.resolve()
        peers = {
            "miniflare": [options.node, str(HERE / "miniflare.mjs"), "wrangler.json"],
            "wrangler": [
                options.node,
                str(modules / "wrangler" / "bin" / "wrangler.js"),
                *("dev", "--log-level", "error", "--show-interactive-dev-session=false", "--port"),
            ],
        }
        for name in options.peers.split(","):
            found[name] = partial(_peer, workers, bindings, peers[name])
    return found


def _flarelocal(
    workers: Path, bindings: dict[str, Any], extra: list[str], directory: Path, port: int
) -> list[str]:
    _project(directory, workers / "bench.py", ["python_workers"], bindings)
    command = [sys.executable, "-m", "flarelocal", "dev", "--log-level", "warn", *extra]
    return [*command, "--port", str(port)]


def _peer(
    workers: Path, bindings: dict[str, Any], command: list[str], directory: Path, port: int
) -> list[str]:
    _project(directory, workers / "bench.mjs", [], bindings)
    return [*command, str(port)]


def _project(directory: Path, main: Path, flags: list[str], bindings: dict[str, Any]) -> None:
    shutil.copy(main, directory)
    config = {
        "name": "bench",
        "main": main.name,
        "compatibility_date": "2026-04-01",
        "compatibility_flags": flags,
        **bindings,
    }
    (directory / "wrangler.json").write_text(json.dumps(config))


@dataclass(frozen=True, slots=True)
class Server:
    """A process that was just started, and where its Worker is."""

    process: subprocess.Popen[bytes]
    port: int
    directory: Path

    def runs(self) -> bool:
        """Whether it has not ended; most likely it does not listen yet."""
        return self.process.poll() is None


@contextmanager
def serving(command: Command, modules: Path | None) -> Iterator[Client]:
    """Run a server in a new directory, and connect to it."""
    with starting(command, modules) as server:
        yield _connected(server)


@contextmanager
def starting(command: Command, modules: Path | None) -> Iterator[Server]:
    """Run a server in a new directory."""
    port = free_port()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        directory = Path(scratch)
        environment = os.environ | {
            "NODE_MODULES": str((modules or Path()).resolve()),
            "WRANGLER_SEND_METRICS": "false",
            "WRANGLER_SEND_ERROR_REPORTS": "false",
            "WRANGLER_HIDE_BANNER": "true",
            "CLOUDFLARE_CF_FETCH_ENABLED": "false",
            "XDG_CONFIG_HOME": str(directory),
            "CI": "1",
        }
        process = subprocess.Popen(
            command(directory, port),
            cwd=directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            yield Server(process, port, directory)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _connected(server: Server) -> Client:
    while server.runs():
        try:
            client = Client(server.port)
            client.get("/")
            return client
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
    raise SystemExit("the server did not start")


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port
