"""What the tests of the stores share."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from flarelocal.clock import VirtualClock
from flarelocal.database import Database
from flarelocal.storage.kv import SCHEMA, KvStore


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
async def database(tmp_path: Path, clock: VirtualClock) -> AsyncIterator[Database]:
    database = await Database.open(tmp_path / "kv.sqlite", SCHEMA, clock)
    yield database
    await database.close()


@pytest.fixture
def kv(database: Database, clock: VirtualClock) -> KvStore:
    return KvStore(database, "settings", clock)
