"""The fixtures."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import pytest

from flarelocal.config import ConfigError, load_config
from flarelocal.testing.flare import Flare
from flarelocal.testing.hooks import FLARE
from flarelocal.testing.loop import TestLoop
from flarelocal.testing.loops import Loops
from flarelocal.testing.project import Project
from flarelocal.testing.stage import Present, Stage
from flarelocal.worker.sdk import SdkNotFoundError

if TYPE_CHECKING:
    from flarelocal.testing.against import Against

__all__ = ["Fixtures"]

F = TypeVar("F", bound=Callable[..., Any])


def _asynchronous() -> Callable[[F], F]:
    """The decorator of fixtures that pytest-asyncio, if there is one, runs in all its modes."""
    decorator: Any = pytest.fixture
    with suppress(ImportError):
        decorator = importlib.import_module("pytest_asyncio").fixture
    return cast("Callable[[F], F]", decorator)


class Fixtures:
    """The fixtures of a run about one project."""

    def __init__(self, project: Project) -> None:
        self._usual = project
        self._loops = Loops()

    @pytest.hookimpl(tryfirst=True)
    def pytest_fixture_setup(self, request: pytest.FixtureRequest) -> None:
        # What a fixture gets in `request`, which pytest makes anew three times per test.
        self._request = request

    def pytest_unconfigure(self) -> None:
        self._loops.close()

    @_asynchronous()
    async def _flare_loop(self) -> asyncio.AbstractEventLoop:
        return asyncio.get_running_loop()

    @pytest.fixture
    def flare(self) -> Iterator[Flare | Against]:
        """The Worker with fresh state, on a clock that stands still."""
        request = self._request
        own = request.node.get_closest_marker("asyncio") is None
        loop = self._loops.take() if own else _checked(request.getfixturevalue("_flare_loop"))
        try:
            with Stage(self._subject(request), loop) as stage, Present(stage.context):
                yield stage.subject
        finally:
            if own:
                self._loops.give_back(loop)

    @pytest.fixture
    def flare_sync(self) -> Iterator[Any]:
        """The same for tests without `async`: what is to be awaited there just returns here."""
        from flarelocal.testing.blocking import Blocking

        loop = self._loops.take()
        try:
            with Stage(self._subject(self._request), loop) as stage:
                yield Blocking(stage.subject, stage.wait, stage.context)
        finally:
            self._loops.give_back(loop)

    def _subject(self, request: pytest.FixtureRequest) -> Flare | Against:
        """What is under test: a Worker, or the server if the run is about one."""
        marker = request.node.get_closest_marker("flare")
        options = dict(marker.kwargs) if marker else {}
        named = options.pop("config", None)
        if self._usual.against and named is None:
            from flarelocal.testing.against import Against

            return Against(self._usual.against)
        project = self._usual if named is None else self._project(named, request)
        state: Path | None = None
        if options.pop("persist", False):
            state = request.getfixturevalue("tmp_path") / "state"
        made = Flare(project, seed=project.seed_of(request.node.nodeid), state=state, **options)
        request.node.stash[FLARE] = made
        return made

    def _project(self, named: str, request: pytest.FixtureRequest) -> Project:
        """The Worker that a test names."""
        if self._usual.against:
            pytest.skip("this test is about another Worker than the server's")
        config = request.config
        root = config.inipath.parent if config.inipath else config.rootpath
        try:
            project = Project(load_config(root / named).config, seed=self._usual.seed, shared=False)
        except (ConfigError, SdkNotFoundError) as error:
            pytest.fail(f"flarelocal: {error}", pytrace=False)
        request.addfinalizer(project.close)
        return project


def _checked(loop: asyncio.AbstractEventLoop) -> TestLoop:
    if not isinstance(loop, TestLoop):
        pytest.fail(
            "flare runs on the event loop flarelocal.testing.TestLoop, but this test brings "
            f"another one, {type(loop).__name__}: see docs/testing.md",
            pytrace=False,
        )
    return loop
