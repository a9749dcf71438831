"""What a cache acknowledged is there after the process was killed."""

import asyncio
import random
import subprocess
import sys
from pathlib import Path

from flarelocal.clock import SystemClock
from flarelocal.storage.cache import CacheStore, Stored
from flarelocal.storage.r2 import Reading

WRITER = """
import asyncio, random, sys
from pathlib import Path
from flarelocal.clock import SystemClock
from flarelocal.storage.cache import CacheStore

async def write():
    store = CacheStore(Path(sys.argv[1]), SystemClock(), random.Random(1))
    cache = store.cache("worker", None)
    number = 0
    while True:
        body = b"%d " % number * (1 if number % 2 else 20_000)
        await cache.put(f"http://a/{number}", 200, {"cache-control": "max-age=600"}, {}, body)
        print(number, flush=True)
        number += 1

asyncio.run(write())
"""


async def stored_by(directory: Path, count: int) -> list[bytes]:
    store = CacheStore(directory, SystemClock(), random.Random(1))
    cache = store.cache("worker", None)
    found = [await whole(await cache.match(f"http://a/{number}")) for number in range(count)]
    await store.close()
    return found


async def whole(stored: Stored | None) -> bytes:
    assert stored is not None
    if isinstance(stored.content, Reading):
        return b"".join([chunk async for chunk in stored.content.chunks()])
    return stored.content


def test_no_acknowledged_response_is_lost(tmp_path: Path) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    acknowledged = [writer.stdout.readline() for _ in range(40)]
    writer.kill()
    acknowledged += writer.stdout.readlines()
    writer.stdout.close()
    writer.wait()
    last = int([line for line in acknowledged if line.endswith("\n")][-1])
    found = asyncio.run(stored_by(tmp_path, last + 1))
    assert found == [b"%d " % n * (1 if n % 2 else 20_000) for n in range(last + 1)]
