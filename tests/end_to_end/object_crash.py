"""Kill a server under load again and again, and account for what its Durable Objects stored.

`python -m tests.end_to_end.object_crash --rounds 50` does it as long as it is told to.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from tests.end_to_end.process import DevProcess, wait_until
from tests.end_to_end.project import Project

__all__ = ["Account", "crash"]

_LONGEST_LIFE_S = 0.4
_PARTS = 3
_LEDGERS = 2
_CONFIG = {
    "durable_objects": {
        "bindings": [
            {"name": "LEDGER", "class_name": "Ledger"},
            {"name": "BELL", "class_name": "Bell"},
        ]
    },
    "migrations": [{"tag": "v1", "new_sqlite_classes": ["Ledger", "Bell"]}],
}
# A number is written in several parts: in one turn, with awaits, or in a transaction that waits.
_WORKER = """
    import asyncio
    from urllib.parse import urlsplit

    import js
    from pyodide.ffi import create_proxy
    from workers import DurableObject, Response, WorkerEntrypoint

    PARTS = 3


    class Ledger(DurableObject):
        def __init__(self, ctx, env):
            super().__init__(ctx, env)
            ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS parts(number, part)")

        async def write(self, number):
            if number % 3 == 2:
                await self.ctx.storage.transaction(create_proxy(lambda _: self.parts(number, True)))
            else:
                await self.parts(number, False)

        async def parts(self, number, waits):
            storage = self.ctx.storage
            for part in range(PARTS):
                storage.sql.exec("INSERT INTO parts VALUES (?, ?)", number, part)
                await storage.put(f"{number}/{part}", "x" * (30_000 if number % 10 == 0 else 10))
                if waits:
                    await asyncio.sleep(0)


    class Bell(DurableObject):
        async def set(self):
            await self.ctx.storage.setAlarm(js.Date.now() + 200)

        async def alarm(self, info):
            with open(self.env.RUNG, "a") as file:
                file.write(f"{self.ctx.id.name}\\n")


    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            kind, name, number = urlsplit(request.url).path[1:].split("/")
            if kind == "bell":
                await self.env.BELL.getByName(number).set()
            else:
                await self.env.LEDGER.getByName(name).write(int(number))
            return Response("done")
"""


@dataclass(slots=True)
class Account:
    """What became of the writes and of the alarms."""

    written: dict[str, set[int]] = field(default_factory=dict)
    """by ledger, the numbers whose writing was answered"""
    parts: dict[str, Counter[int]] = field(default_factory=dict)
    """by ledger and number, how many keys and rows are there"""
    armed: set[int] = field(default_factory=set)
    """the bells whose setting was answered"""
    rung: set[int] = field(default_factory=set)

    def check(self) -> None:
        """Raise `AssertionError` if a write is missing or not whole, or an alarm was lost."""
        for name, numbers in self.written.items():
            parts = self.parts[name]
            assert not numbers - parts.keys(), f"lost in {name}: {numbers - parts.keys()}"
            torn = {number: count for number, count in parts.items() if count != 2 * _PARTS}
            assert not torn, f"not whole in {name}: {torn}"
        assert not self.armed - self.rung, f"never rang: {self.armed - self.rung}"


class _Sender(threading.Thread):
    """Sends numbers, one after the other, until nobody answers."""

    def __init__(self, url: str, path: str, first: int, answered: set[int]) -> None:
        super().__init__()
        self._client = httpx2.Client(base_url=url)
        self._path = path
        self._answered = answered
        self.next = first

    def run(self) -> None:
        with self._client as client:
            while True:
                number = self.next
                self.next += 1
                try:
                    answer = client.get(f"{self._path}/{number}")
                except httpx2.TransportError:
                    return
                assert answer.text == "done", answer.text
                self._answered.add(number)


def crash(directory: Path, rounds: int, chance: random.Random) -> Account:
    """Kill a server `rounds` times; gives what is there in the end."""
    project = Project(directory)
    project.configure(**_CONFIG)
    project.write(_WORKER)
    rung = directory / "rung"
    account = Account({f"ledger{n}": set() for n in range(_LEDGERS)})
    answered = {f"ledger/{name}": numbers for name, numbers in account.written.items()}
    answered["bell/any"] = account.armed
    next_numbers = dict.fromkeys(answered, 0)

    def serve() -> DevProcess:
        return DevProcess(directory, "--no-reload", "--log-level", "none", "--var", f"RUNG:{rung}")

    for _ in range(rounds):
        process = serve()
        senders = {
            path: _Sender(process.url, path, next_numbers[path], numbers)
            for path, numbers in answered.items()
        }
        for sender in senders.values():
            sender.start()
        time.sleep(chance.uniform(0, _LONGEST_LIFE_S))
        process.kill()
        for path, sender in senders.items():
            sender.join()
            next_numbers[path] = sender.next
        process.close()
    process = serve()
    try:
        wait_until(lambda: _silent(process), lambda: process.log)
    finally:
        process.close()
    account.rung = {int(line) for line in rung.read_text().splitlines()}
    account.parts = {name: _parts(directory, name) for name in account.written}
    return account


def _silent(process: DevProcess) -> bool:
    bells = process.client.get("/cdn-cgi/local/objects?class=Bell").json()
    return not any(bell["alarm"] for bell in bells)


def _parts(directory: Path, ledger: str) -> Counter[int]:
    """How many keys and rows there are of each number."""
    found: Counter[int] = Counter()
    keys = _command(directory, "storage", "Ledger", ledger, "--limit", "1000000")["entries"]
    found.update(int(entry["key"].partition("/")[0]) for entry in keys)
    rows = _command(directory, "sql", "Ledger", ledger, "SELECT number FROM parts")["rows"]
    found.update(number for (number,) in rows)
    return found


def _command(directory: Path, *arguments: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "flarelocal", "do", *arguments, "--json"],
        cwd=directory,
        capture_output=True,
        check=True,
    )
    return json.loads(done.stdout)


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    options = parser.parse_args()
    sys.stdout.write(f"seed {options.seed}\n")
    with tempfile.TemporaryDirectory() as directory:
        account = crash(Path(directory), options.rounds, random.Random(options.seed))
    account.check()
    written = sum(map(len, account.written.values()))
    sys.stdout.write(
        f"{options.rounds} kills: {written} writes answered, {len(account.armed)} alarms set, "
        f"{len(account.rung)} rang; nothing was lost or torn.\n"
    )


if __name__ == "__main__":
    _main()
