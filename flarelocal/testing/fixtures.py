"""The fixtures."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from contextvars import Context, copy_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import pytest

from flarelocal.config import ConfigError, load_config
from flarelocal.testing.flare import Flare
from flarelocal.testing.hooks import FLARE, PROJECT
from flarelocal.testing.loop import TestLoop
from flarelocal.testing.project import Project
from flarelocal.testing.stage import event_loop, within
from flarelocal.worker.sdk import SdkNotFoundError

if TYPE_CHECKING:
    from flarelocal.testing.against import Against

__all__ = ["_flare_loop", "flare", "flare_sync"]

F = TypeVar("F", bound=Callable[..., Any])


def _asynchronous() -> Callable[[F], F]:
    """The decorator of fixtures that pytest-asyncio, if there is one, runs in all its modes."""
    decorator: Any = pytest.fixture
    with suppress(ImportError):
        decorator = importlib.import_module("pytest_asyncio").fixture
    return cast("Callable[[F], F]", decorator)


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


@contextmanager
def _subject(
    request: pytest.FixtureRequest, loop: TestLoop, context: Context
) -> Iterator[Flare | Against]:
    """What is under test: a Worker, or the server if the run is about one."""
    url = request.config.stash[PROJECT].against
    if url and "config" not in _options(request):
        from flarelocal.testing.against import Against

        yield Against(url)
        return
    with _project(request) as project:
        made = _made(request, project)
        loop.perform(made.start(), context)
        try:
            yield made
        finally:
            loop.perform(made.stop(), context)


@contextmanager
def _loop(request: pytest.FixtureRequest) -> Iterator[TestLoop]:
    """The event loop that runs the test: pytest-asyncio's if it does, else one of its own."""
    if request.node.get_closest_marker("asyncio") is None:
        with event_loop() as own:
            yield own
        return
    loop = request.getfixturevalue("_flare_loop")
    if not isinstance(loop, TestLoop):
        pytest.fail(
            "flare runs on the event loop flarelocal.testing.TestLoop, but this test brings "
            f"another one, {type(loop).__name__}: see docs/testing.md",
            pytrace=False,
        )
    yield loop


@_asynchronous()
async def _flare_loop() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


@pytest.fixture
def flare(request: pytest.FixtureRequest) -> Iterator[Flare | Against]:
    """The Worker with fresh state, on a clock that stands still."""
    context = copy_context()
    with _loop(request) as loop, _subject(request, loop, context) as subject, within(context):
        yield subject


@pytest.fixture
def flare_sync(request: pytest.FixtureRequest) -> Iterator[Any]:
    """The same for tests without `async`: what is to be awaited there just returns here."""
    from flarelocal.testing.blocking import Blocking

    context = copy_context()
    with event_loop() as loop, _subject(request, loop, context) as subject:

        def wait(work: Coroutine[Any, Any, Any]) -> Any:
            return loop.run_until_complete(loop.create_task(work, context=context))

        yield Blocking(subject, wait, context)
