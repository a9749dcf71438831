"""The fixtures."""

from __future__ import annotations

import asyncio
import contextvars
import importlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar, cast

import pytest

from flarelocal.config import ConfigError, load_config
from flarelocal.testing.against import Against
from flarelocal.testing.blocking import Blocking
from flarelocal.testing.flare import Flare
from flarelocal.testing.hooks import FLARE, PROJECT
from flarelocal.testing.loop import TestLoop
from flarelocal.testing.project import Project
from flarelocal.worker.sdk import SdkNotFoundError

__all__ = ["flare", "flare_sync"]

F = TypeVar("F", bound=Callable[..., Any])


def _asynchronous() -> Callable[[F], F]:
    """The decorator of fixtures that pytest-asyncio, if there is one, runs in all its modes."""
    decorator: Any = pytest.fixture
    with suppress(ImportError):
        decorator = importlib.import_module("pytest_asyncio").fixture
    return cast("Callable[[F], F]", decorator)


def _server(request: pytest.FixtureRequest) -> Against | None:
    """The server to test in place of an emulator, if the run is about one."""
    url = request.config.stash[PROJECT].against
    return Against(url) if url else None


def _options(request: pytest.FixtureRequest) -> dict[str, Any]:
    marker = request.node.get_closest_marker("flare")
    return dict(marker.kwargs) if marker else {}


@contextmanager
def _project(request: pytest.FixtureRequest) -> Iterator[Project]:
    """The Worker under test: that of the run, or the one that the test names."""
    usual = request.config.stash[PROJECT]
    named = _options(request).get("config")
    if named is None:
        yield usual
        return
    if usual.against:
        pytest.skip("this test is about another Worker than the server's")
    root = request.config.inipath.parent if request.config.inipath else request.config.rootpath
    try:
        project = Project(load_config(root / named).config, seed=usual.seed, shared=False)
    except (ConfigError, SdkNotFoundError) as error:
        pytest.fail(f"flarelocal: {error}", pytrace=False)
    try:
        yield project
    finally:
        project.close()


def _made(request: pytest.FixtureRequest, project: Project) -> Flare:
    options = _options(request)
    options.pop("config", None)
    state: Path | None = None
    if options.pop("persist", False):
        state = request.getfixturevalue("tmp_path") / "state"
    made = Flare(project, seed=project.seed_of(request.node.nodeid), state=state, **options)
    request.node.stash[FLARE] = made
    return made


@_asynchronous()
async def flare(request: pytest.FixtureRequest) -> AsyncIterator[Flare | Against]:
    """The Worker with fresh state, on a clock that stands still."""
    if (server := _server(request)) and "config" not in _options(request):
        yield server
        return
    if not isinstance(asyncio.get_running_loop(), TestLoop):
        pytest.fail(
            "flare runs on the event loop flarelocal.testing.TestLoop, but this test brings "
            f"another one, {type(asyncio.get_running_loop()).__name__}: see docs/testing.md",
            pytrace=False,
        )
    with _project(request) as project:
        made = _made(request, project)
        await made.start()
        try:
            yield made
        finally:
            await made.stop()


@pytest.fixture
def flare_sync(request: pytest.FixtureRequest) -> Iterator[Any]:
    """The same for tests without `async`: what is to be awaited there just returns here."""
    server = _server(request)
    context = contextvars.copy_context()
    if server and "config" not in _options(request):
        with asyncio.Runner(loop_factory=TestLoop) as runner:
            yield Blocking(server, lambda work: runner.run(work, context=context), context)
        return
    with _project(request) as project, asyncio.Runner(loop_factory=TestLoop) as runner:
        made = _made(request, project)
        runner.run(made.start(), context=context)
        try:
            yield Blocking(made, lambda work: runner.run(work, context=context), context)
        finally:
            runner.run(made.stop(), context=context)
