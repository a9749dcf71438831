"""Turning a test run into one about a Worker."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from flarelocal.config import ConfigError, load_config
from flarelocal.testing.project import Project
from flarelocal.worker.sdk import SdkNotFoundError

__all__ = ["activate"]


def activate(config: pytest.Config, path: Path, *, asked: bool) -> None:
    """Make `workers` importable and the fixtures known.

    Args:
        path: the wrangler file.
        asked: whether the project asks for it; a file that is merely there may be of a Worker in
            JavaScript, which is left alone whatever else it says.

    Raises:
        pytest.UsageError: the file is wrong, or there is no SDK.
    """
    if not asked and not _mentions_python(path):
        return
    options = config.known_args_namespace
    environment = options.flarelocal_env or config.getini("flarelocal_env") or None
    try:
        worker = load_config(path.resolve(), environment=environment).config
        project = Project(worker, seed=options.flarelocal_seed, against=options.flarelocal_against)
    except (ConfigError, SdkNotFoundError) as error:
        raise pytest.UsageError(f"flarelocal: {error}") from None
    config.add_cleanup(project.close)
    from flarelocal.testing import fixtures, hooks

    config.pluginmanager.register(hooks.Hooks(project), "flarelocal-hooks")
    config.pluginmanager.register(fixtures, "flarelocal-fixtures")
    asyncio_plugin = sys.modules.get("pytest_asyncio.plugin")
    if asyncio_plugin is not None and not hasattr(asyncio_plugin, "PytestAsyncioSpecs"):
        from flarelocal.testing import policy

        config.pluginmanager.register(policy, "flarelocal-policy")


def _mentions_python(path: Path) -> bool:
    return "python_workers" in path.read_text("utf-8", "replace")
