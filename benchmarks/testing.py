"""How fast tests are: `python benchmarks/testing.py [--year]`.

Measures whole runs of pytest from the shell, each in a process of its own: one test and 200 tests
that each use KV, a Durable Object and a queue batch with fresh state, and what the plugin adds to
a run of a project that does not use it. Of plugins there are pytest-asyncio and this one, whatever
else is installed. The runs alternate; printed are medians of wall time, and the least CPU time,
which other work on the machine disturbs less. `--year` simulates a year of a Worker, twice.

Cloudflare's Vitest integration on the same work, on an idle machine: 2.6 s for one test, 20 ms for
each further one without and 33 ms with a reset, 84 ms with fresh state per file.
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
from pathlib import Path

RUNS = 5
TESTS = 200
MESSAGES = 10_000
DAYS = 365

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


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--year", action="store_true", help="simulate a year, twice")
    with tempfile.TemporaryDirectory() as directory:
        project = Path(directory).resolve()
        (project / "src").mkdir()
        (project / "src" / "entry.py").write_text(WORKER, "utf-8")
        (project / "wrangler.jsonc").write_text(WRANGLER, "utf-8")
        (project / "pyproject.toml").write_text(PYPROJECT, "utf-8")
        if arguments.parse_args().year:
            years(project)
        else:
            tests(project)


def tests(project: Path) -> None:
    """Print how long runs of pytest take."""
    one, many = project / "test_one.py", project / "test_many.py"
    one.write_text(TEST.format(number=0), "utf-8")
    many.write_text("\n".join(TEST.format(number=n) for n in range(TESTS)), "utf-8")
    plain = project / "plain"
    plain.mkdir()
    (plain / "pyproject.toml").write_text(PYPROJECT, "utf-8")
    (plain / "test_plain.py").write_text("def test_it(): ...\n", "utf-8")
    single, whole, other, bare = measured(
        (project, "-p", "flarelocal", "test_one.py"),
        (project, "-p", "flarelocal", "test_many.py"),
        (plain, "-p", "flarelocal"),
        (plain,),
    )
    print("                        wall       CPU")
    print(f"one test              {single[0]:6.2f} s  {single[1]:6.2f} s")
    further = [(many - one) / (TESTS - 1) * 1000 for one, many in zip(single, whole, strict=True)]
    print(f"each further test     {further[0]:6.2f} ms {further[1]:6.2f} ms")
    added = [(with_it - without) * 1000 for with_it, without in zip(other, bare, strict=True)]
    print(f"added to other runs   {added[0]:6.1f} ms {added[1]:6.1f} ms")


def measured(*runs: tuple[Path | str, ...]) -> list[tuple[float, float]]:
    """How many seconds runs of pytest take, each with a directory and arguments: wall, CPU."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "asyncio"]
    environment = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    # What is compiled once stays compiled, as from any shell.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    times: list[list[tuple[float, float]]] = [[] for _ in runs]
    for _ in range(RUNS + 1):
        for found, (directory, *arguments) in zip(times, runs, strict=True):
            began, busy = time.perf_counter(), busy_s()
            subprocess.run(
                [*command, *map(str, arguments)],
                cwd=directory,
                env=environment,
                check=True,
                stdout=subprocess.DEVNULL,
            )
            found.append((time.perf_counter() - began, busy_s() - busy))
    return [
        (statistics.median(wall for wall, _ in found[1:]), min(busy for _, busy in found[1:]))
        for found in times
    ]


def busy_s() -> float:
    """The CPU time of all processes that have run from here."""
    times = os.times()
    return times.children_user + times.children_system


def years(project: Path) -> None:
    """Print how long a year takes, and whether two are the same to the byte."""
    from flarelocal.config import load_config
    from flarelocal.testing import TestLoop
    from flarelocal.testing.project import Project

    worker = Project(load_config(project / "wrangler.jsonc", process_env={}).config)
    journals = []
    for _ in range(2):
        began, busy = time.perf_counter(), time.process_time()
        with asyncio.Runner(loop_factory=TestLoop) as runner:
            journals.append(runner.run(year(worker)))
        lines = journals[-1].count(b"\n")
        print(
            f"a year                {time.perf_counter() - began:6.1f} s, "
            f"{time.process_time() - busy:.1f} s of CPU, {lines} entries"
        )
    print("the journals are", "equal" if journals[0] == journals[1] else "DIFFERENT")
    worker.close()


async def year(worker: object) -> bytes:
    """A year with five crons, an alarm each hour and 10,000 messages with delays."""
    from flarelocal.testing import Flare

    flare = Flare(worker, seed=1)  # type: ignore[arg-type]
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
    journal = flare.journal.dump()
    await flare.stop()
    return journal


if __name__ == "__main__":
    main()
