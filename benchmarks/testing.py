"""How fast tests are: `python benchmarks/testing.py [--node-modules DIR] [--node PATH] [--year]`.

Measures whole runs of pytest from the shell, each in a process of its own: one test and 200 tests
that each use KV, a Durable Object and a queue batch with fresh state, and what the plugin adds to
a run of a project that does not use it. Of plugins there are pytest-asyncio and this one, whatever
else is installed. The runs alternate; printed are medians of wall time, and the least CPU time,
which other work on the machine disturbs less. `--year` simulates a year of a Worker, twice.

Where npm has installed `vitest` and `@cloudflare/vitest-plugin`, the same work runs on them in
turn, in JavaScript, with a reset after each test.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vitest import write_vitest

if TYPE_CHECKING:
    from flarelocal.testing import Flare

RUNS = 5
TESTS = 200
MESSAGES = 10_000
DAYS = 365
PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "asyncio")

PYPROJECT = """
[tool.pytest.ini_options]
asyncio_mode = "auto"
asyncio_default_fixture_loop_scope = "function"
"""

WRANGLER = """
{
  "name": "bench",
  "main": "src/entry.py",
  "compatibility_date": "2026-06-01",
  "compatibility_flags": ["python_workers"],
  "triggers": {
    "crons": ["0 * * * *", "30 */6 * * *", "0 3 * * *", "0 9 * * MON-FRI", "0 0 1 * *"]
  },
  "kv_namespaces": [{ "binding": "KV", "id": "kv" }],
  "durable_objects": { "bindings": [{ "name": "COUNTER", "class_name": "Counter" }] },
  "migrations": [{ "tag": "v1", "new_sqlite_classes": ["Counter"] }],
  "queues": {
    "producers": [{ "binding": "JOBS", "queue": "jobs" }],
    "consumers": [{ "queue": "jobs" }]
  }
}
"""

WORKER = """
from js import Date
from workers import DurableObject, WorkerEntrypoint


class Counter(DurableObject):
    async def add(self):
        total = (await self.ctx.storage.get("total") or 0) + 1
        await self.ctx.storage.put("total", total)
        return total

    async def alarm(self):
        await self.add()
        await self.ctx.storage.setAlarm(Date.now() + 3600 * 1000)


class Default(WorkerEntrypoint):
    async def queue(self, batch, env, ctx):
        for message in batch.messages:
            await self.env.KV.put("seen", str(message.body))
            message.ack()

    async def scheduled(self, controller, env, ctx):
        await self.env.KV.put("ran", str(controller.scheduledTime))
"""

TEST = """
async def test_{number}(flare):
    await flare.env.KV.put("key", "value")
    assert await flare.env.COUNTER.getByName("x").add() == 1
    assert (await flare.queue("jobs", ["hello"])).ok
    assert await flare.env.KV.get("seen") == "hello"
"""


@dataclass(frozen=True, slots=True)
class Run:
    """A command that runs tests in a directory."""

    directory: Path
    command: tuple[str, ...]

    @classmethod
    def of_pytest(cls, directory: Path, *arguments: str) -> Run:
        return cls(directory, (sys.executable, *PYTEST, *arguments))


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds that something took: the median of wall time, and the least CPU time."""

    wall: float
    cpu: float

    def beyond(self, other: Taken, times: int = 1) -> Taken:
        """By how much it took longer than `other`, for each of so many times."""
        return Taken((self.wall - other.wall) / times, (self.cpu - other.cpu) / times)

    def __str__(self) -> str:
        return f"{self.wall * 1000:8.1f} ms {self.cpu * 1000:8.1f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--year", action="store_true", help="simulate a year, twice")
    parser.add_argument("--node-modules", type=Path, help="where npm installed Vitest")
    parser.add_argument("--node", default="node", help="the Node that runs it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        project = Path(directory).resolve()
        (project / "src").mkdir()
        (project / "src" / "entry.py").write_text(WORKER, "utf-8")
        (project / "wrangler.jsonc").write_text(WRANGLER, "utf-8")
        (project / "pyproject.toml").write_text(PYPROJECT, "utf-8")
        if options.year:
            years(project)
        else:
            tests(project, options.node_modules, options.node)


def tests(project: Path, modules: Path | None, node: str) -> None:
    """Print how long runs of tests take."""
    one, many = project / "test_one.py", project / "test_many.py"
    one.write_text(TEST.format(number=0), "utf-8")
    many.write_text("\n".join(TEST.format(number=n) for n in range(TESTS)), "utf-8")
    plain = project / "plain"
    plain.mkdir()
    (plain / "pyproject.toml").write_text(PYPROJECT, "utf-8")
    (plain / "test_plain.py").write_text("def test_it(): ...\n", "utf-8")
    runs = [
        Run.of_pytest(project, "-p", "flarelocal", "test_one.py"),
        Run.of_pytest(project, "-p", "flarelocal", "test_many.py"),
        Run.of_pytest(plain, "-p", "flarelocal"),
        Run.of_pytest(plain),
    ]
    if modules:
        peer = project / "vitest"
        write_vitest(peer, WRANGLER, modules, (1, TESTS))
        vitest = (node, str(modules.resolve() / "vitest" / "vitest.mjs"), "run")
        runs += [Run(peer, (*vitest, f"{count}.test.mjs")) for count in (1, TESTS)]
    single, whole, other, bare, *peers = measured(runs)
    further = whole.beyond(single, TESTS - 1)
    print("                            wall         CPU")
    print(f"one test            {single}")
    print(f"each further test   {further}")
    print(f"pytest without them {bare}")
    print(f"added to such runs  {other.beyond(bare)}")
    if peers:
        first, all_of_them = peers
        next_ones = all_of_them.beyond(first, TESTS - 1)
        print(f"Vitest, one test    {first}   {first.wall / single.wall:.1f} x")
        print(f"each further test   {next_ones}   {next_ones.wall / further.wall:.1f} x")


def measured(runs: list[Run]) -> list[Taken]:
    """How long runs of tests take, which take turns."""
    environment = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    # What is compiled once stays compiled, as from any shell.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    times: list[list[Taken]] = [[] for _ in runs]
    for _ in range(RUNS + 1):
        for found, run in zip(times, runs, strict=True):
            began, busy = time.perf_counter(), busy_s()
            subprocess.run(
                run.command,
                cwd=run.directory,
                env=environment,
                check=True,
                stdout=subprocess.DEVNULL,
            )
            found.append(Taken(time.perf_counter() - began, busy_s() - busy))
    return [
        Taken(statistics.median(each.wall for each in found), min(each.cpu for each in found))
        for _, *found in times
    ]


def busy_s() -> float:
    """The CPU time of all processes that have run from here."""
    times = os.times()
    return times.children_user + times.children_system


def years(project: Path) -> None:
    """Print how long a year takes, and whether two are the same to the byte."""
    from flarelocal.garbage import without_garbage

    # As the plugin does.
    with without_garbage():
        from flarelocal.config import load_config
        from flarelocal.testing import Flare, TestLoop
        from flarelocal.testing.project import Project

    worker = Project(load_config(project / "wrangler.jsonc", process_env={}).config)
    journals: list[bytes] = []
    for _ in range(2):
        began, busy = time.perf_counter(), time.process_time()
        with asyncio.Runner(loop_factory=TestLoop) as runner:
            runner.run(year(Flare(worker, seed=1), journals))
        lines = journals[-1].count(b"\n")
        print(
            f"a year                {time.perf_counter() - began:6.1f} s, "
            f"{time.process_time() - busy:.1f} s of CPU, {lines} entries"
        )
    print("the journals are", "equal" if journals[0] == journals[1] else "DIFFERENT")
    worker.close()


async def year(flare: Flare, journals: list[bytes]) -> None:
    """A year with five crons, an alarm each hour and 10,000 messages with delays.

    Args:
        journals: gets what happened; of a result asyncio would make a text, and drop it.
    """
    await flare.start()
    draw = random.Random(2)
    counter = flare.durable_objects["COUNTER"].get_by_name("x")
    await counter.storage.setAlarm(flare.clock.now_ms + 3600 * 1000)
    for day in range(DAYS):
        count = MESSAGES * (day + 1) // DAYS - MESSAGES * day // DAYS
        for number in range(count):
            delay_s = draw.randrange(86_400)
            await flare.queues["JOBS"].send({"day": day, "n": number}, delay_seconds=delay_s)
        await flare.clock.advance(days=1)
    assert flare.verdict() is None
    journals.append(flare.journal.dump())
    await flare.stop()


if __name__ == "__main__":
    main()
