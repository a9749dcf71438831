from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.queues.stage import Stage


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """A broker that has started."""
    stage = Stage(tmp_path / "queues.sqlite")
    await stage.start()
    yield stage
    await stage.end()
