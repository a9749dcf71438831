from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bindings.durable_objects.stage import Stage


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """A running Worker without state."""
    stage = Stage(tmp_path)
    with stage.program:
        async with stage.emulator:
            yield stage
