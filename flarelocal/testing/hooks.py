"""What the plugin does around the tests of a Worker."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Generator, Mapping
from typing import Any

import pytest

from flarelocal.testing.flare import Flare
from flarelocal.testing.loop import TestLoop
from flarelocal.testing.project import Project
from flarelocal.testing.stage import blocking
from flarelocal.worker.output import redirect_output

__all__ = ["FLARE", "Hooks"]

FLARE: pytest.StashKey[Flare] = pytest.StashKey()
"""The Worker of a test."""

_MARKER = (
    "flare(now=None, persist=False, config=None): what the clock of the Worker shows first, "
    "whether its state is kept in files below tmp_path, and the wrangler file of another Worker"
)


class Hooks:
    """Hooks of pytest and pytest-asyncio for a run about one project."""

    def __init__(self, project: Project) -> None:
        self._project = project

    def pytest_configure(self, config: pytest.Config) -> None:
        config.addinivalue_line("markers", _MARKER)

    @pytest.hookimpl(optionalhook=True, trylast=True)
    def pytest_asyncio_loop_factories(self) -> Mapping[str, Callable[[], TestLoop]]:
        return {"flarelocal": TestLoop}

    @pytest.hookimpl(tryfirst=True)
    def pytest_pycollect_makeitem(
        self, collector: pytest.Module | pytest.Class, name: str, obj: Any
    ) -> Any:
        """Make coroutines that take `flare` ordinary tests, which run on its event loop.

        Those with other asynchronous fixtures, which are pytest-asyncio's, run on the loop of
        these, without the mark that it wants in strict mode.
        """
        if (
            not inspect.iscoroutinefunction(obj)
            or "flare" not in inspect.signature(obj).parameters
            or any(mark.name == "asyncio" for mark in getattr(obj, "pytestmark", ()))
            or collector.get_closest_marker("asyncio") is not None
        ):
            return None
        ordinary = blocking(obj)
        setattr(collector.obj, name, ordinary)
        items = collector.ihook.pytest_pycollect_makeitem(
            collector=collector, name=name, obj=ordinary
        )
        if items and not any(_has_asynchronous_fixtures(item) for item in items):
            return items
        setattr(collector.obj, name, obj)
        if items and collector.config.pluginmanager.has_plugin("asyncio"):
            pytest.mark.asyncio(obj)
        return None

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Start the Worker for tests that use it by `workers.env` alone."""
        if not isinstance(item, pytest.Function) or not inspect.iscoroutinefunction(item.obj):
            return
        if item.get_closest_marker("asyncio") is None:
            return
        if "flare" not in item.fixturenames and _knows_env(item):
            if self._project.against:
                item.add_marker(pytest.mark.skip("workers.env needs the emulator"))
            item.fixturenames.insert(0, "flare")

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> Generator[None, Any, Any]:
        flare = pyfuncitem.stash.get(FLARE, None)
        if flare is None:
            return (yield)
        # Here, since pytest takes the streams anew for each phase of a test.
        with redirect_output():
            result = yield
        if reason := flare.verdict():
            pytest.fail(reason, pytrace=False)
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Say with a failure what it takes to see it again."""
        report = yield
        flare = item.stash.get(FLARE, None)
        if flare is not None and report.failed:
            seed = self._project.seed
            report.sections.append(
                ("flarelocal", f"seed {seed}; to draw the same again: --flarelocal-seed={seed}")
            )
            reason = flare.verdict()
            if reason and reason.strip() not in report.longreprtext:
                report.sections.append(("flarelocal, failures in the background", reason))
        if flare is not None and call.when == "teardown":
            # Tests stay to the end of the run, Workers do not.
            del item.stash[FLARE]
        return report


def _has_asynchronous_fixtures(item: pytest.Function) -> bool:
    functions = (known[-1].func for known in item._fixtureinfo.name2fixturedefs.values())
    return any(
        inspect.iscoroutinefunction(each) or inspect.isasyncgenfunction(each) for each in functions
    )


def _knows_env(item: pytest.Function) -> bool:
    """Whether the test's module, or a conftest, has imported `env`."""
    modules = [item.module]
    for plugin in item.session.config.pluginmanager.get_plugins():
        name = getattr(plugin, "__file__", None)
        if name and name.endswith("conftest.py"):
            modules.append(plugin)
    return any(
        type(value).__name__ == "_EnvWrapper"
        for module in modules
        for value in vars(module).values()
    )
