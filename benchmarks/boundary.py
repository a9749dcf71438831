"""What the way through the SDK and the JavaScript boundary costs, beside the engines themselves.

Each operation runs in a Worker and, in the same run and in turns, on the engine below. CPU time is
measured, of all threads; the difference is what the boundary takes.

    python benchmarks/boundary.py [--scale 1] [--rounds 9]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import textwrap
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from durable_objects import opened

from flarelocal.config import load_config
from flarelocal.durable_objects import Storage
from flarelocal.emulator import Emulator
from flarelocal.javascript.clone import serialize
from flarelocal.javascript.web.request import Request
from flarelocal.pyodide.webloop import WebLoop
from flarelocal.queues import ContentType, OutgoingMessage

SMALL = {"key": "value", "number": 42}
LARGE = {
    f"key{n}": {"n": n, "text": "x" * 10, "list": [n, n + 1], "more": {"a": True, "b": None}}
    for n in range(50)
}
WORKER = """
    import time
    from workers import DurableObject, Response, WorkerEntrypoint, python_to_rpc

    SMALL, LARGE = @small@, @large@


    async def seconds(count, work):
        started = time.process_time()
        for _ in range(count):
            await work()
        return time.process_time() - started


    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            name, _, count = request.url.rpartition("/")[2].partition("?")
            if not count:
                return Response("x")
            return Response(str(await self.run(name, int(count))))

        async def run(self, name, count):
            jobs = self.env.JOBS

            async def make():
                Response("x")

            async def convert():
                python_to_rpc(LARGE)

            match name:
                case "send":
                    return await seconds(count, lambda: jobs.send(SMALL))
                case "send-large":
                    return await seconds(count, lambda: jobs.send(LARGE))
                case "response":
                    return await seconds(count, make)
                case "convert":
                    return await seconds(count, convert)
                case _:
                    return await self.env.STORE.getByName("one").run(count)


    class Store(DurableObject):
        async def run(self, count):
            storage = self.ctx.storage
            await storage.put("key", 1)
            return await seconds(count, lambda: storage.get("key"))
"""
CONFIG = {
    "name": "boundary",
    "main": "worker.py",
    "compatibility_date": "2026-11-17",
    "compatibility_flags": ["python_workers"],
    "queues": {"producers": [{"binding": "JOBS", "queue": "jobs"}]},
    "durable_objects": {"bindings": [{"name": "STORE", "class_name": "Store"}]},
    "migrations": [{"tag": "v1", "new_sqlite_classes": ["Store"]}],
}


@dataclass(frozen=True, slots=True)
class Operation:
    """What is measured.

    Attributes:
        name: as the Worker knows it.
        count: how often it runs each time.
        limit_us: what the boundary may take of an operation.
    """

    name: str
    text: str
    count: int
    limit_us: float | None = None


OPERATIONS = (
    Operation("send", "queue.send(small dict)", 300, 60),
    Operation("get", "storage.get", 2_000, 20),
    Operation("response", 'Response("x")', 5_000, 12),
    Operation("dispatch", "dispatch of a request", 1_000, 90),
    Operation("send-large", "queue.send(50 keys, nested)", 50),
    Operation("convert", "  of that, python_to_rpc", 50),
)


class Bench:
    """A Worker and the engines that it uses."""

    def __init__(self, emulator: Emulator, storage: Storage) -> None:
        self._emulator = emulator
        self._storage = storage

    async def through_the_boundary(self, operation: Operation) -> float:
        """CPU seconds that the operations take in the Worker."""
        if operation.name == "dispatch":
            return await _seconds(operation.count, lambda: self._fetch("/"))
        return float(await self._fetch(f"/{operation.name}?{operation.count}"))

    async def engine(self, operation: Operation) -> float:
        """CPU seconds that they take below."""
        if operation.name == "get":
            keys = self._storage.kv
            started = time.process_time()
            for _ in range(operation.count):
                keys.get("key")
            return time.process_time() - started
        if operation.name.startswith("send"):
            body = json.dumps(SMALL if operation.name == "send" else LARGE).encode()
            message = OutgoingMessage(body, ContentType.JSON)
            return await _seconds(
                operation.count, lambda: self._emulator.broker.send("jobs", [message])
            )
        return 0.0

    async def _fetch(self, path: str) -> str:
        request = Request.incoming("GET", f"http://localhost{path}", [], None)
        response = await self._emulator.fetch(request)
        return (await response.read()).decode()


async def _seconds(count: int, work: Callable[[], Awaitable[object]]) -> float:
    started = time.process_time()
    for _ in range(count):
        await work()
    return time.process_time() - started


async def compare(directory: Path, scale: float, rounds: int) -> None:
    """Print what each operation takes through the boundary and below it."""
    source = textwrap.dedent(WORKER).replace("@small@", repr(SMALL)).replace("@large@", repr(LARGE))
    (directory / "worker.py").write_text(source, "utf-8")
    config = directory / "wrangler.json"
    config.write_text(json.dumps(CONFIG), "utf-8")
    storage = opened(directory / "engine.sqlite")
    storage.kv.put("key", serialize(1))
    print(f"{'us of CPU time per operation':30} {'all':>8} {'engine':>8} {'boundary':>9}  limit")
    async with Emulator(load_config(config).config, state=directory / "state") as emulator:
        bench = Bench(emulator, storage)
        for operation in OPERATIONS:
            scaled = Operation(operation.name, operation.text, int(operation.count * scale))
            taken = []
            for _ in range(rounds):
                through = await bench.through_the_boundary(scaled)
                below = await bench.engine(scaled)
                taken.append((through - below, through, below))
            us = [1e6 * each / scaled.count for each in sorted(taken)[rounds // 2]]
            limit = "" if operation.limit_us is None else f"{operation.limit_us:5.0f}"
            print(f"{operation.text:30} {us[1]:8.1f} {us[2]:8.1f} {us[0]:9.1f}  {limit}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--scale", type=float, default=1, help="part of the workload")
    parser.add_argument("--rounds", type=int, default=9, help="the median counts")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch, asyncio.Runner(loop_factory=WebLoop) as runner:
        runner.run(compare(Path(scratch), options.scale, options.rounds))


if __name__ == "__main__":
    main()
