"""What a put acknowledged is there after the process was killed."""

import subprocess
import sys
from pathlib import Path

from flarelocal.clock import VirtualClock
from flarelocal.database import Database
from flarelocal.storage.kv import SCHEMA, KvStore

WRITER = """
import asyncio, sys
from pathlib import Path
from flarelocal.clock import SystemClock
from flarelocal.database import Database
from flarelocal.storage.kv import SCHEMA, KvStore

async def main():
    clock = SystemClock()
    kv = KvStore(await Database.open(Path(sys.argv[1]), SCHEMA, clock), "n", clock)
    number = 0
    while True:
        size = 300_000 if number % 10 == 0 else 100
        await kv.put(f"{number}", b"x" * size)
        print(number, flush=True)
        number += 1

asyncio.run(main())
"""


def write_until_killed(path: Path) -> set[str]:
    """Put entries in another process, kill it, and tell what it had acknowledged."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    acknowledged = [writer.stdout.readline() for _ in range(50)]
    writer.kill()
    acknowledged += writer.stdout.readlines()
    writer.stdout.close()
    writer.wait()
    return {line.strip() for line in acknowledged if line.endswith("\n")}


async def test_no_acknowledged_put_is_lost_by_kill(tmp_path: Path) -> None:
    acknowledged = write_until_killed(tmp_path / "kv.sqlite")
    clock = VirtualClock()
    database = await Database.open(tmp_path / "kv.sqlite", SCHEMA, clock)
    kv = KvStore(database, "n", clock)
    for key in acknowledged:
        assert await kv.get(key) is not None
    await database.close()
