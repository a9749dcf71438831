"""`flarelocal dev` as a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import httpx2

__all__ = ["DevProcess", "run_dev", "wait_until"]

_PATIENCE_S = 20.0


def wait_until(condition: Callable[[], object], what: Callable[[], str]) -> None:
    """Return when the condition holds; fail when it does not for long."""
    end = time.monotonic() + _PATIENCE_S
    while not condition():
        assert time.monotonic() < end, f"waited in vain for {what()}"
        time.sleep(0.02)


def _environment() -> dict[str, str]:
    """As users have it: with byte code, without which each start takes a second longer."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _command(*options: str) -> list[str]:
    return [sys.executable, "-m", "flarelocal", "dev", "--port", "0", *options]


def run_dev(directory: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run a server that is expected not to start."""
    return subprocess.run(
        _command(*options),
        cwd=directory,
        env=_environment(),
        capture_output=True,
        text=True,
        timeout=_PATIENCE_S,
        check=False,
    )


class DevProcess:
    """A running server.

    Args:
        options: of the command line.
        terminal: a file descriptor to use in place of the log.

    Attributes:
        url: where it answers; `host` and `port` are of it.
        client: an HTTP client whose paths are relative to that.
    """

    def __init__(self, directory: Path, *options: str, terminal: int | None = None) -> None:
        self._log = directory / f"dev-{time.monotonic_ns()}.log"
        ready = self._log.with_suffix(".ready")
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                _command("--ready-file", str(ready), *options),
                cwd=directory,
                env=_environment(),
                stdin=subprocess.DEVNULL if terminal is None else terminal,
                stdout=log if terminal is None else terminal,
                stderr=subprocess.STDOUT,
            )
        wait_until(lambda: ready.exists() or self._process.poll() is not None, lambda: self.log)
        assert ready.exists(), self.log
        announced = json.loads(ready.read_text())
        assert announced["pid"] == self._process.pid
        self.url: str = announced["url"]
        address = urlsplit(self.url)
        self.host = address.hostname or ""
        self.port = address.port or 0
        self.client = httpx2.Client(base_url=self.url, timeout=_PATIENCE_S)

    @property
    def log(self) -> str:
        """All that the terminal showed."""
        return self._log.read_text(encoding="utf-8")

    def wait_for(self, text: str, times: int = 1) -> None:
        """Return when the terminal showed a text."""
        wait_until(lambda: self.log.count(text) >= times, lambda: f"{text!r} in:\n{self.log}")

    def signal(self, number: signal.Signals) -> None:
        os.kill(self._process.pid, number)

    def wait(self) -> int:
        """The exit status, once the process ended."""
        return self._process.wait(_PATIENCE_S)

    def stop(self) -> int:
        """End it as Ctrl-C does."""
        self.signal(signal.SIGINT)
        return self.wait()

    def kill(self) -> None:
        """End it without a warning."""
        self.signal(signal.SIGKILL)
        self.wait()

    def close(self) -> None:
        self.client.close()
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
