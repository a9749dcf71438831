"""A bucket in a directory, on a clock that stands still."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from flarelocal.clock import VirtualClock
from flarelocal.storage.r2 import R2Bucket, R2Storage


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
async def storage(tmp_path: Path, clock: VirtualClock) -> AsyncIterator[R2Storage]:
    storage = await R2Storage.open(tmp_path, clock, random.Random(1))
    yield storage
    await storage.close()


@pytest.fixture
def bucket(storage: R2Storage) -> R2Bucket:
    return storage.bucket("files")
