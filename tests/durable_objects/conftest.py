from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.durable_objects.stage import Stage


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """A namespace with its files in a new directory."""
    stage = Stage(tmp_path)
    yield stage
    await stage.end()
