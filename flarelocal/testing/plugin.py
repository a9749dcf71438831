"""The pytest plugin as every test run of an environment sees it: options, and whether to act.

What it takes to run a Worker is imported when there is one.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

__all__ = ["pytest_addoption", "pytest_load_initial_conftests"]

_NAMES = ("wrangler.json", "wrangler.jsonc", "wrangler.toml")


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    _keep_as_it_is(pluginmanager)
    group = parser.getgroup("flarelocal", "Cloudflare Workers (flarelocal)")
    group.addoption(
        "--flarelocal-config",
        metavar="FILE",
        help="the wrangler file of the Worker under test; before the ini option flarelocal_config",
    )
    group.addoption("--flarelocal-env", metavar="NAME", help="a named environment of that file")
    group.addoption(
        "--flarelocal-seed",
        type=int,
        metavar="N",
        help="draw the same ids and random numbers as the run that failed with this seed",
    )
    group.addoption(
        "--flarelocal-against",
        metavar="URL",
        help="send the requests of the tests to this server; skips what only an emulator can do",
    )
    parser.addini("flarelocal_config", "the wrangler file of the Worker under test")
    parser.addini("flarelocal_env", "a named environment of that file")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Act if there is a Worker; before conftest files, which may import `workers`."""
    path = _wrangler_file(early_config)
    if path is not None and not _in_worker():
        from flarelocal.garbage import without_garbage

        with without_garbage(), _as_it_is(early_config.pluginmanager):
            from flarelocal.testing.activation import activate

            activate(early_config, path)


@contextmanager
def _as_it_is(pluginmanager: pytest.PytestPluginManager) -> Iterator[None]:
    """Have pytest look at no module that is imported here: it has no assertions to rewrite."""
    hook: Any = pluginmanager.rewrite_hook
    hook.find_spec = lambda *_: None
    try:
        yield
    finally:
        del hook.find_spec


def _in_worker() -> bool:
    """Whether it is a Worker that runs pytest, during one of its events."""
    invocations: Any = sys.modules.get("flarelocal.worker.invocation")
    return invocations is not None and invocations.Invocation.current() is not None


def _keep_as_it_is(pluginmanager: pytest.PytestPluginManager) -> None:
    """Spare pytest rewriting the assertions of everything that is installed with this plugin."""
    hook: Any = pluginmanager.rewrite_hook
    getattr(hook, "_must_rewrite", set[str]()).discard("flarelocal")
    getattr(hook, "_marked_for_rewrite_cache", dict[str, bool]()).clear()


def _wrangler_file(config: pytest.Config) -> Path | None:
    """The wrangler file, if any.

    One that is merely there may be of a Worker in JavaScript, which is left alone whatever else
    it says.
    """
    given: str | None = config.known_args_namespace.flarelocal_config
    if given:
        return config.invocation_params.dir / given
    configured: str = config.getini("flarelocal_config")
    if configured:
        return (config.inipath.parent if config.inipath else config.rootpath) / configured
    found = next((path for name in _NAMES if (path := config.rootpath / name).is_file()), None)
    return found if found and _mentions_python(found) else None


def _mentions_python(path: Path) -> bool:
    return "python_workers" in path.read_text("utf-8", "replace")
