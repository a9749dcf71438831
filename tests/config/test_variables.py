"""Variables and secrets, and where they come from."""

from __future__ import annotations

from pathlib import Path

import pytest

from flarelocal.config import ConfigError
from tests.config.conftest import Project


def test_variables_of_the_file_are_json_and_not_secret(project: Project) -> None:
    config = project.load(vars={"TEXT": "a", "NUMBER": 1, "OBJECT": {"a": [None]}}).config
    assert config.vars == {"TEXT": "a", "NUMBER": 1, "OBJECT": {"a": [None]}}
    assert config.secrets == frozenset()


def test_dev_vars_come_before_variables_and_are_secret(project: Project) -> None:
    project.write(".dev.vars", "A=secret\nB=2")
    config = project.load(vars={"A": "open", "C": 3}).config
    assert config.vars == {"A": "secret", "B": "2", "C": 3}
    assert config.secrets == {"A", "B"}


def test_dev_vars_are_not_expanded(project: Project) -> None:
    project.write(".dev.vars", "A=1\nB=$A")
    assert project.load().config.vars["B"] == "$A"


def test_an_environment_can_have_dev_vars_of_its_own(project: Project) -> None:
    project.write(".dev.vars", "A=general\nB=1")
    project.write(".dev.vars.staging", "A=staging")
    env: dict[str, object] = {"staging": {}}
    assert project.load(environment="staging", env=env).config.vars == {"A": "staging"}
    assert project.load(env=env).config.vars == {"A": "general", "B": "1"}


def test_env_files_count_when_there_are_no_dev_vars(project: Project) -> None:
    project.write(".env", "A=1\nB=1\nC=1\nD=1\nSUM=${A}${B}${C}${D}")
    project.write(".env.local", "B=2")
    project.write(".env.staging", "C=3")
    project.write(".env.staging.local", "D=4")
    loaded = project.load(environment="staging", env={"staging": {}})
    assert loaded.config.vars == {"A": "1", "B": "2", "C": "3", "D": "4", "SUM": "1234"}
    assert loaded.notes == (
        "Using secrets defined in .env",
        "Using secrets defined in .env.local",
        "Using secrets defined in .env.staging",
        "Using secrets defined in .env.staging.local",
    )


def test_dev_vars_hide_env_files(project: Project) -> None:
    project.write(".dev.vars", "A=1")
    project.write(".env", "B=2")
    loaded = project.load()
    assert loaded.config.vars == {"A": "1"}
    assert loaded.notes == ("Using secrets defined in .dev.vars",)


def test_env_files_can_be_turned_off(project: Project) -> None:
    project.write(".env", "A=1")
    switch = {"CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV": "false"}
    assert project.load(process_env=switch).config.vars == {}


def test_given_env_files_replace_the_others(project: Project) -> None:
    project.write(".dev.vars", "A=1")
    project.write("ci.env", "B=2")
    project.write("more.env", "B=3")
    loaded = project.load(env_files=[Path("ci.env"), Path("more.env")])
    assert loaded.config.vars == {"B": "3"}


def test_a_given_env_file_that_does_not_exist_is_warned_of(project: Project) -> None:
    (warning,) = project.load(env_files=[Path("gone.env")]).warnings
    assert warning.message == "The file gone.env that --env-file names does not exist"


def test_the_process_environment_is_left_out_unless_wanted(project: Project) -> None:
    project.write(".env", "A=file")
    environ = {"A": "process", "HOME": "/root"}
    assert project.load(process_env=environ).config.vars == {"A": "file"}
    included = environ | {"CLOUDFLARE_INCLUDE_PROCESS_ENV": "true"}
    loaded = project.load(process_env=included)
    assert loaded.config.vars["A"] == "process"
    assert loaded.config.vars["HOME"] == "/root"
    assert loaded.notes[-1] == "Using secrets defined in process.env"


def test_a_switch_is_true_or_false(project: Project) -> None:
    with pytest.raises(ConfigError, match='to be "true" or "false", but got "1"'):
        project.load(process_env={"CLOUDFLARE_INCLUDE_PROCESS_ENV": "1"})


def test_variables_of_the_command_come_before_all_others(project: Project) -> None:
    project.write(".dev.vars", "A=file")
    config = project.load(vars={"A": 1}, variables={"A": "command"}).config
    assert config.vars == {"A": "command"}
    assert config.secrets == {"A"}


def test_with_required_secrets_only_what_is_named_is_taken(project: Project) -> None:
    project.write(".dev.vars", "KEY=1\nA=2\nOTHER=3")
    config = project.load(vars={"A": 1}, secrets={"required": ["KEY"]}).config
    assert config.vars == {"A": "2", "KEY": "1"}


def test_required_secrets_can_be_in_the_process_environment(project: Project) -> None:
    loaded = project.load(secrets={"required": ["KEY"]}, process_env={"KEY": "1", "HOME": "x"})
    assert loaded.config.vars == {"KEY": "1"}
    assert loaded.warnings == ()


def test_missing_required_secrets_are_warned_of(project: Project) -> None:
    assert project.warnings(secrets={"required": ["A", "B"]}) == [
        (
            "Missing required secrets: A, B. Add them to .dev.vars, .env, or set as environment "
            "variables."
        )
    ]


def test_secrets_are_not_shown(project: Project) -> None:
    project.write(".dev.vars", "KEY=hunter2")
    config = project.load(vars={"URL": "https://example.com", "N": [1, 2]}).config
    assert config.shown_vars() == {
        "URL": '"https://example.com"',
        "N": "[1, 2]",
        "KEY": '"(hidden)"',
    }
    assert "hunter2" not in repr(config)


def test_long_variables_are_shortened(project: Project) -> None:
    assert project.load(vars={"A": "x" * 100}).config.shown_vars()["A"] == '"' + "x" * 39 + '…"'
