"""What an object acknowledged is there after the process was killed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from flarelocal.durable_objects import ListOptions
from tests.durable_objects.stage import Instance, Stage

WRITER = """
import asyncio, sys
from pathlib import Path
from tests.durable_objects.stage import Stage

async def write(instance, number):
    storage = instance.storage
    storage.sql.exec("CREATE TABLE IF NOT EXISTS t(n)")
    storage.sql.exec("INSERT INTO t VALUES (?)", float(number))
    storage.kv.put(f"{number:06}", b"x" * (50_000 if number % 10 == 0 else 10))
    storage.kv.put("last", str(number).encode())
    instance.actor.set_alarm(4_000_000_000_000 + number)

async def main():
    stage = Stage(Path(sys.argv[1]))
    objects = int(sys.argv[2])
    async def ring(instance, info): pass
    stage.ringing = ring
    number = 0
    while True:
        channel = stage.object(f"object {number % objects}")
        await channel.run(lambda instance: write(instance, number))
        print(number, flush=True)
        number += 1

asyncio.run(main())
"""


def write_until_killed(directory: Path, lines: int, objects: int = 1) -> int:
    """Let another process write, kill it, and tell the last number it acknowledged."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(directory), str(objects)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert writer.stdout is not None
    acknowledged = [writer.stdout.readline() for _ in range(lines)]
    writer.kill()
    acknowledged += writer.stdout.readlines()
    writer.stdout.close()
    writer.wait()
    return max(int(line) for line in acknowledged if line.endswith("\n"))


@pytest.mark.parametrize("lines", [1, 7, 40])
async def test_nothing_acknowledged_is_lost_by_kill(tmp_path: Path, lines: int) -> None:
    acknowledged = write_until_killed(tmp_path, lines)

    def read(instance: Instance) -> tuple[int, int, int, int | None]:
        keys = instance.storage.kv.list(ListOptions(end="l"))
        [(rows,)] = instance.storage.sql.exec("SELECT count(*) FROM t").all()
        last = instance.storage.kv.get("last")
        assert last is not None
        return len(keys), int(str(rows)), int(last) + 1, instance.storage.alarm.get()

    stage = Stage(tmp_path)
    keys, rows, last, alarm = await stage.do(read, "object 0")
    assert last > acknowledged
    assert keys == rows == last
    assert alarm == 4_000_000_000_000 + last - 1
    assert [info.alarm_ms for info in stage.namespace.list()] == [alarm]
    await stage.end()


@pytest.mark.parametrize("objects", [30, 1000])
async def test_nothing_acknowledged_is_lost_of_many_objects(tmp_path: Path, objects: int) -> None:
    acknowledged = write_until_killed(tmp_path, 300, objects)
    stage = Stage(tmp_path)
    for number in range(min(objects, acknowledged + 1)):

        def read(instance: Instance) -> tuple[int, int | None]:
            last = instance.storage.kv.get("last")
            assert last is not None
            return int(last), instance.storage.alarm.get()

        last, alarm = await stage.do(read, f"object {number}")
        assert last % objects == number
        assert last > acknowledged - objects
        assert alarm == 4_000_000_000_000 + last
    await stage.end()
