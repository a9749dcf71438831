"""How long `flarelocal dev` takes to answer, and how much memory it takes when it rests.

Starts the server on a hello Worker, again and again: from the spawn of the process to the first
status 200, the CPU seconds until then, and the resident memory after two quiet seconds.

    python benchmarks/start.py [--runs 9]
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

CONFIG = """{
  "name": "hello",
  "main": "src/entry.py",
  "compatibility_date": "2026-06-01",
  "compatibility_flags": ["python_workers"]
}"""
WORKER = """\
from workers import Response, WorkerEntrypoint


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response("hello")
"""
REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
LIMITS = {"ready": 0.45, "memory": 60.0}


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds to the first 200, CPU seconds until then, resident MB at rest."""

    ready: float
    cpu: float
    memory: float


def measure(directory: Path, port: int) -> Run:
    command = [sys.executable, "-m", "flarelocal", "dev", "--port", str(port)]
    # As it is once installed: with byte code.
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(directory / "bytecode")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=directory, env=environment, stdout=subprocess.DEVNULL)
    try:
        while not answers(port):
            if process.poll() is not None:
                raise SystemExit("the server did not start")
            time.sleep(0.002)
        ready, cpu = time.perf_counter() - began, cpu_seconds(process.pid)
        time.sleep(2)
        return Run(ready, cpu, resident_mb(process.pid))
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(REQUEST)
            return connection.recv(64).startswith(b"HTTP/1.1 200")
    except OSError:
        return False


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise SystemExit("the memory of a process cannot be read on this system")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=9)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        (directory / "wrangler.json").write_text(CONFIG)
        (directory / "src").mkdir()
        (directory / "src" / "entry.py").write_text(WORKER)
        measure(directory, free_port())
        found = [measure(directory, free_port()) for _ in range(runs)]
    for unit, field in (("s", "ready"), ("s", "cpu"), ("MB", "memory")):
        values = sorted(getattr(run, field) for run in found)
        limit = f" (at most {LIMITS[field]:g})" if field in LIMITS else ""
        print(
            f"{field:7} median {statistics.median(values):6.2f} {unit}{limit},"
            f" best {values[0]:.2f}, worst {values[-1]:.2f}, {runs} runs"
        )


if __name__ == "__main__":
    main()
