"""Turning a test run into one about a Worker."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from flarelocal.config import ConfigError, load_config
from flarelocal.testing.project import Project
from flarelocal.worker.sdk import SdkNotFoundError

__all__ = ["activate"]


def activate(config: pytest.Config, path: Path) -> None:
    """Make `workers` importable and the fixtures known.

    Args:
        path: the wrangler file.

    Raises:
        pytest.UsageError: the file is wrong, or there is no SDK.
    """
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
    config.pluginmanager.register(fixtures.Fixtures(project), "flarelocal-fixtures")
    asyncio_plugin = sys.modules.get("pytest_asyncio.plugin")
    if asyncio_plugin is not None and not hasattr(asyncio_plugin, "PytestAsyncioSpecs"):
        from flarelocal.testing import policy

        config.pluginmanager.register(policy, "flarelocal-policy")
