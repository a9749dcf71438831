from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from flarelocal.server.rest.account import Account
from flarelocal.server.rest.api import RestApi
from tests.queues.stage import Stage, Worker
from tests.server.rest.client import Client


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """A broker that has started."""
    stage = Stage(tmp_path / "queues.sqlite")
    await stage.start()
    yield stage
    await stage.end()


@pytest.fixture
def worker(stage: Stage) -> Worker:
    """The Worker `mailer`, which consumes nothing yet."""
    return stage.worker()


@pytest.fixture
def api(stage: Stage, worker: Worker) -> RestApi:
    return RestApi(Account(stage.broker, {"mailer": worker}, {"jobs": ["shop"]}))


@pytest.fixture
def client(api: RestApi) -> Client:
    return Client(api)
