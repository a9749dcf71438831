"""What a put acknowledged is there, whole, after the process was killed."""

import random
import subprocess
import sys
from pathlib import Path

from flarelocal.clock import VirtualClock
from flarelocal.storage.r2 import R2Storage
from tests.storage.r2.using import blobs, get

WRITER = """
import asyncio, random, sys
from pathlib import Path
from flarelocal.clock import SystemClock
from flarelocal.storage.r2 import R2Metadata, R2Storage

async def main():
    storage = await R2Storage.open(Path(sys.argv[1]), SystemClock(), random.Random(1))
    bucket = storage.bucket("files")
    number = 0
    while True:
        draft = bucket.draft()
        draft.write(b"%d " % number * (50_000 if number % 3 == 0 else 10))
        await bucket.put(f"{number % 20}", draft, R2Metadata())
        print(number, flush=True)
        number += 1

asyncio.run(main())
"""


def write_until_killed(directory: Path) -> int:
    """Put objects in another process, kill it, and give the last one that it acknowledged."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(directory)], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    acknowledged = [writer.stdout.readline() for _ in range(40)]
    writer.kill()
    acknowledged += writer.stdout.readlines()
    writer.stdout.close()
    writer.wait()
    return int([line for line in acknowledged if line.endswith("\n")][-1])


async def test_no_acknowledged_object_is_lost(tmp_path: Path, clock: VirtualClock) -> None:
    acknowledged = write_until_killed(tmp_path)
    storage = await R2Storage.open(tmp_path, clock, random.Random(1))
    numbers = []
    for key in range(20):
        data = await get(storage.bucket("files"), str(key))
        assert data is not None
        numbers.append(int(data.split()[0]))
        assert data == b"%d " % numbers[-1] * (50_000 if numbers[-1] % 3 == 0 else 10)
    assert max(numbers) >= acknowledged
    assert len(blobs(tmp_path)) <= 20
    await storage.close()
