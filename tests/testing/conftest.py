"""The Worker of these tests, and `flare` as the plugin gives it to a project."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from flarelocal.config import load_config
from flarelocal.testing.flare import Flare
from flarelocal.testing.loop import TestLoop
from flarelocal.testing.project import Project
from flarelocal.worker.output import redirect_output

pytest_plugins = ["pytester"]

WORKER = Path(__file__).parent / "worker"


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"test": TestLoop}


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, Any, Any]:
    """Record what the Worker prints, as the plugin does."""
    with redirect_output():
        return (yield)


@pytest.fixture
def project() -> Iterator[Project]:
    project = Project(load_config(WORKER / "wrangler.jsonc", process_env={}).config, seed=1)
    yield project
    project.close()


@pytest.fixture
async def flare(project: Project) -> AsyncIterator[Flare]:
    flare = Flare(project, seed=1)
    await flare.start()
    yield flare
    await flare.stop()
