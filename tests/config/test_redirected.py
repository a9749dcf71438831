"""Configurations that a build tool generated."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from flarelocal.config import ConfigError, LoadedConfig, load_config
from tests.config.conftest import Project

Generate = Callable[..., LoadedConfig]


@pytest.fixture
def generate(project: Project) -> Generate:
    """Redirect from the user's `wrangler.jsonc` to a generated file with these keys."""

    def load(environment: str | None = None, **keys: object) -> LoadedConfig:
        project.write("wrangler.jsonc", '{"name": "user"}')
        project.write(".wrangler/deploy/config.json", '{"configPath": "../../dist/wrangler.json"}')
        project.write("dist/entry.py", "")
        base = {
            "name": "generated",
            "main": "entry.py",
            "compatibility_date": "2026-11-17",
            "compatibility_flags": ["python_workers"],
        }
        project.write("dist/wrangler.json", json.dumps(base | keys))
        return load_config(start=project.directory, environment=environment, process_env={})

    return load


def test_paths_are_relative_to_the_generated_file(generate: Generate, project: Project) -> None:
    config = generate().config
    assert config.main == project.directory / "dist/entry.py"
    assert config.directory == project.directory


def test_secrets_are_those_beside_the_users_file(generate: Generate, project: Project) -> None:
    project.write(".dev.vars", "KEY=user")
    project.write("dist/.dev.vars", "KEY=generated")
    assert generate().config.vars == {"KEY": "user"}


def test_keys_of_build_tools_are_known(generate: Generate) -> None:
    loaded = generate(topLevelName="x", definedEnvironments=[], legacy_env=True, configPath="x")
    assert loaded.warnings == ()


def test_the_environment_is_the_one_of_the_build(generate: Generate) -> None:
    assert generate("staging", targetEnvironment="staging").config.environment == "staging"


def test_another_environment_than_that_of_the_build_is_an_error(generate: Generate) -> None:
    with pytest.raises(ConfigError, match="This does not match the"):
        generate("production", targetEnvironment="staging")


def test_environments_are_an_error(generate: Generate) -> None:
    with pytest.raises(ConfigError, match="Redirected configurations cannot include environments"):
        generate(env={"staging": {}})
