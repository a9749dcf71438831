"""How fast `flarelocal dev` starts, reloads and answers, and where npm has them, its peers.

Of each server: the time from the spawn of the process to the first status 200, the memory of all
its processes after some quiet seconds, the time from saving the module to the first answer of the
new one, and the requests per s that 32 connections get from a Worker which says hello. The servers
take turns, and the best of their rounds count. Workers are Python on flarelocal, JavaScript on the
peers.

    python benchmarks/server.py [--node-modules DIR] [--node PATH] [--peers miniflare,wrangler]
"""

from __future__ import annotations

import argparse
import re
import selectors
import socket
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

from servers import Command, Server, add_options, commands, starting

WORKERS = Path(__file__).parent / "hello_workers"
REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
ENDS = (b"hello", b"0\r\n\r\n")
CONNECTIONS = 32
RELOADS = 5
QUIET_S = 2
POLLED_S = 0.002
PATIENCE_S = 60


@dataclass(frozen=True, slots=True)
class Figures:
    """What one round measured; None for what the server cannot do."""

    start_s: float | None
    idle_mb: float | None
    reload_ms: float | None
    requests_per_s: float | None


LESS_IS_BETTER = {"start_s", "idle_mb", "reload_ms"}
GOALS = {"start_s": "at most 0.45", "idle_mb": "at most 60", "reload_ms": "at most 150"}


def measure(command: Command, modules: Path | None, seconds: float, *, reloads: bool) -> Figures:
    began = time.perf_counter()
    with starting(command, modules) as server:
        answered(server, b"hello")
        start = time.perf_counter() - began
        time.sleep(QUIET_S)
        memory = memory_mb(server.process.pid)
        load(server.port, 0.5)
        rate = load(server.port, seconds)
        changed = reload_ms(server) if reloads else None
    return Figures(start, memory, changed, rate)


def answered(server: Server, text: bytes) -> None:
    """Return when the Worker answers with a text."""
    end = time.monotonic() + PATIENCE_S
    while text not in answer(server.port):
        if not server.runs() or time.monotonic() > end:
            raise SystemExit(f"the server does not say {text!r}")
        time.sleep(POLLED_S)


def answer(port: int) -> bytes:
    """What the Worker answers over a new connection; nothing if it does not."""
    received = b""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(REQUEST.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
            while part := connection.recv(65_536):
                received += part
    except OSError:
        return b""
    return received if received.startswith(b"HTTP/1.1 200") else b""


def reload_ms(server: Server) -> float:
    """The median time from saving the module to the first answer of the new one."""
    [module] = [*server.directory.glob("bench.py"), *server.directory.glob("bench.mjs")]
    code, taken = module.read_text(), []
    for number in range(RELOADS):
        time.sleep(0.5)
        began = time.perf_counter()
        module.write_text(code.replace("hello", f"changed {number}"))
        answered(server, b"changed %d" % number)
        taken.append(1000 * (time.perf_counter() - began))
    return statistics.median(taken)


def load(port: int, seconds: float) -> float:
    """Requests per s over connections that are kept open, each with one request at a time."""
    selector = selectors.DefaultSelector()
    connections = [socket.create_connection(("127.0.0.1", port)) for _ in range(CONNECTIONS)]
    for connection in connections:
        selector.register(connection, selectors.EVENT_READ, connection)
        connection.sendall(REQUEST)
    received = dict.fromkeys(connections, b"")
    count = 0
    began = time.perf_counter()
    while (now := time.perf_counter()) < began + seconds:
        for key, _ in selector.select(1):
            asking: socket.socket = key.data
            received[asking] += asking.recv(65_536)
            if received[asking].endswith(ENDS):
                assert received[asking].startswith(b"HTTP/1.1 200")
                received[asking] = b""
                count += 1
                asking.sendall(REQUEST)
    for connection in connections:
        connection.close()
    return count / (now - began)


def memory_mb(pid: int) -> float | None:
    """The proportional set size of a process and its descendants, where the system tells it."""
    try:
        texts = [Path(f"/proc/{each}/smaps_rollup").read_text() for each in tree(pid)]
    except OSError:
        return None
    sizes = [int(re.findall(r"^Pss:\s+(\d+)", text, re.MULTILINE)[0]) for text in texts]
    return sum(sizes) / 1024


def tree(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from tree(int(child))


def best(rounds: list[Figures]) -> dict[str, float | None]:
    """The best figures of some rounds."""
    found: dict[str, float | None] = {}
    for field in fields(Figures):
        values = [value for each in rounds if (value := getattr(each, field.name)) is not None]
        choose = min if field.name in LESS_IS_BETTER else max
        found[field.name] = choose(values) if values else None
    return found


def report(name: str, found: dict[str, float | None], ours: dict[str, float | None]) -> None:
    print(name)
    for field, value in found.items():
        mine = ours[field]
        text = "not measured" if value is None else f"{value:10,.2f}"
        if found is ours and field in GOALS:
            text += f"   ({GOALS[field]})"
        elif found is not ours and value and mine:
            ratio = value / mine if field in LESS_IS_BETTER else mine / value
            text += f"   flarelocal: {ratio:.2f} x as good"
        print(f"  {field:15} {text}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    add_options(parser)
    parser.add_argument("--rounds", type=int, default=3, help="how often each server is started")
    parser.add_argument("--seconds", type=float, default=5, help="how long each gets requests")
    options = parser.parse_args()
    servers = commands(options, WORKERS, {}, reload=True)
    rounds: dict[str, list[Figures]] = {name: [] for name in servers}
    for _ in range(options.rounds):
        for name, command in servers.items():
            # Bare miniflare does not look for changes.
            reloads = name != "miniflare"
            rounds[name].append(
                measure(command, options.node_modules, options.seconds, reloads=reloads)
            )
    ours = best(rounds["flarelocal"])
    for name, each in rounds.items():
        report(name, ours if name == "flarelocal" else best(each), ours)


if __name__ == "__main__":
    main()
