"""A Worker to test with."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.emulated import Emulated, write_project
from tests.loops import pytest_asyncio_loop_factories

__all__ = ["Start", "pytest_asyncio_loop_factories"]

Start = Callable[..., Awaitable[Emulated]]


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    """Starts a Worker from its source and further configuration."""
    async with AsyncExitStack() as running:

        async def start(source: str, **config: Any) -> Emulated:
            emulated = Emulated(write_project(tmp_path, source, **config))
            await running.enter_async_context(emulated.emulator)
            return emulated

        yield start
