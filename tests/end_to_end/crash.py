"""Kill a server under load again and again, and account for every message.

`python -m tests.end_to_end.crash --rounds 50` does it as long as it is told to.
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
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from tests.end_to_end.process import DevProcess, wait_until
from tests.end_to_end.project import Project

__all__ = ["Account", "crash"]

_BATCH = 10
_CONCURRENCY = 2
_LONGEST_LIFE_S = 0.5
_CONFIG = {
    "queues": {
        "producers": [{"binding": "QUEUE", "queue": "work"}],
        "consumers": [
            {
                "queue": "work",
                "max_batch_size": _BATCH,
                "max_batch_timeout": 0,
                "max_concurrency": _CONCURRENCY,
                "max_retries": 4,
                "dead_letter_queue": "dead",
            }
        ],
    }
}
# Of ten messages one is delayed, one is retried once, and one never succeeds.
_WORKER = """
    from urllib.parse import urlsplit

    from workers import Response, WorkerEntrypoint


    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            start, count = map(int, urlsplit(request.url).path[1:].split("/"))
            await self.env.QUEUE.sendBatch(
                [
                    {"body": number, "delaySeconds": 1 if number % 10 == 1 else 0}
                    for number in range(start, start + count)
                ]
            )
            return Response("sent")

        async def queue(self, batch, env, ctx):
            seen = []
            for message in batch.messages:
                number = message.body
                done = not (number % 10 == 2 and message.attempts == 1 or number % 10 == 3)
                if not done:
                    message.retry()
                seen.append(f"{self.env.RUN} {number} {message.attempts} {int(done)}\\n")
            with open(self.env.SEEN, "a") as file:
                file.write("".join(seen))
"""


@dataclass(slots=True)
class Account:
    """What became of the messages."""

    tried: int = 0
    """how many were sent, answered or not"""
    accepted: set[int] = field(default_factory=set)
    """whose sending was answered"""
    deliveries: dict[int, list[tuple[int, int, bool]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """by message: in which run, which attempt, and whether it was acknowledged"""
    dead: list[int] = field(default_factory=list)

    def check(self) -> None:
        """Raise `AssertionError` if a message is missing, or was delivered when it must not be."""
        acked = {n for n, seen in self.deliveries.items() if any(done for *_, done in seen)}
        assert not self.accepted - acked - set(self.dead), "lost"
        assert {*acked, *self.dead} <= set(range(self.tried)), "made up"
        assert not [n for n, count in Counter(self.dead).items() if count > 1], "dead twice"
        assert not [n for n in acked if n % 10 == 3], "acknowledged by nobody"
        again: Counter[int] = Counter()
        for number, seen in self.deliveries.items():
            attempts = [attempt for _, attempt, _ in seen]
            assert attempts == sorted(set(attempts)), f"attempts of {number}: {attempts}"
            runs = [run for run, _, done in seen if done]
            assert len(runs) == len(set(runs)), f"{number} was acknowledged, and came again: {seen}"
            again.update(runs[:-1])
        # A batch begins only when what became of the one before it is on disk.
        assert all(count <= _BATCH * _CONCURRENCY for count in again.values()), again


class _Sender(threading.Thread):
    """Sends batches until nobody answers."""

    def __init__(self, url: str, account: Account) -> None:
        super().__init__()
        self._url = url
        self._account = account

    def run(self) -> None:
        account = self._account
        with httpx2.Client(base_url=self._url) as client:
            while True:
                first = account.tried
                account.tried += _BATCH
                try:
                    answer = client.get(f"/{first}/{_BATCH}")
                except httpx2.TransportError:
                    return
                assert answer.text == "sent", answer.text
                account.accepted.update(range(first, first + _BATCH))


def crash(directory: Path, rounds: int, chance: random.Random) -> Account:
    """Kill a server `rounds` times; gives what became of all messages in the end."""
    project = Project(directory)
    project.configure(**_CONFIG)
    project.write(_WORKER)
    seen = directory / "seen"
    account = Account()

    def serve(run: int) -> DevProcess:
        variables = ("--var", f"RUN:{run}", "--var", f"SEEN:{seen}")
        return DevProcess(directory, "--no-reload", "--log-level", "warn", *variables)

    for run in range(rounds):
        process = serve(run)
        sender = _Sender(process.url, account)
        sender.start()
        time.sleep(chance.uniform(0, _LONGEST_LIFE_S))
        process.kill()
        sender.join()
        process.close()
    process = serve(rounds)
    try:
        wait_until(lambda: _at_rest(process), lambda: process.log)
    finally:
        process.close()
    for line in seen.read_text().splitlines():
        ran, number, attempt, done = map(int, line.split())
        account.deliveries[number].append((ran, attempt, bool(done)))
    account.dead = _dead_letters(directory)
    return account


def _at_rest(process: DevProcess) -> bool:
    queue = process.client.get("/client/v4/accounts/any/queues/work").json()["result"]["local"]
    return not (queue["ready"] or queue["delayed"] or queue["in_flight"])


def _dead_letters(directory: Path) -> list[int]:
    found: list[Any] = []
    while True:
        arguments = ["peek", "dead", "--json", "--limit", "100", "--offset", str(len(found))]
        page = subprocess.run(
            [sys.executable, "-m", "flarelocal", "queues", *arguments],
            cwd=directory,
            capture_output=True,
            check=True,
        )
        messages = json.loads(page.stdout)
        if not messages:
            return [message["body"] for message in found]
        found += messages


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    options = parser.parse_args()
    sys.stdout.write(f"seed {options.seed}\n")
    with tempfile.TemporaryDirectory() as directory:
        account = crash(Path(directory), options.rounds, random.Random(options.seed))
    account.check()
    deliveries = sum(map(len, account.deliveries.values()))
    sys.stdout.write(
        f"{options.rounds} kills: {account.tried} messages sent, {len(account.accepted)} accepted, "
        f"{deliveries} deliveries, {len(account.dead)} dead letters; none was lost.\n"
    )


if __name__ == "__main__":
    _main()
