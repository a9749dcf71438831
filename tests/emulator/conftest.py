"""Several Workers to test with."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from flarelocal.clock import VirtualClock
from flarelocal.config import load_config
from flarelocal.emulator import Emulator
from flarelocal.javascript.web.request import Request
from tests.emulated import write_project
from tests.loops import pytest_asyncio_loop_factories

__all__ = ["Several", "StartSeveral", "pytest_asyncio_loop_factories"]

StartSeveral = Callable[..., Any]


class Several:
    """Running Workers, each with a directory of its name, on a clock that stands still."""

    def __init__(self, directory: Path, emulator: Emulator, clock: VirtualClock) -> None:
        self.directory = directory
        self.emulator = emulator
        self.clock = clock

    async def get(self, path: str = "/", *, worker: str | None = None, host: str = "x") -> str:
        """The text that a Worker answers with."""
        request = Request.incoming("GET", f"http://{host}{path}", [], None)
        response = await self.emulator.fetch(request, worker=worker)
        return (await response.read()).decode()

    def write(self, worker: str, source: str, **config: Any) -> Path:
        """Write the files of a Worker; gives the path of its configuration."""
        directory = self.directory / worker
        directory.mkdir(exist_ok=True)
        return write_project(directory, source, **{"name": worker, **config})


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[StartSeveral]:
    """Starts Workers: for each its name, with its source and its further configuration."""
    async with AsyncExitStack() as running:

        async def start(
            state: Path | None = None, **workers: tuple[str, dict[str, Any]]
        ) -> Several:
            clock = VirtualClock()
            several = Several(tmp_path, None, clock)  # type: ignore[arg-type]
            configs = [
                load_config(several.write(name, source, **config), process_env={}).config
                for name, (source, config) in workers.items()
            ]
            emulator = Emulator(*configs, state=state, clock=clock, seed=1, crons=False)
            several.emulator = await running.enter_async_context(emulator)
            return several

        yield start
