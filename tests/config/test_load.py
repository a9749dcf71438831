"""From a file to a `WorkerConfig`."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

import pytest

from flarelocal.config import ConfigError, load_config
from tests.config.conftest import Project

_TOML = """\
name = "jobs"
main = "src/entry.py"
compatibility_date = "2026-11-17"
compatibility_flags = ["python_workers"]

[triggers]
crons = ["*/5 * * * *", "0 9 * * 1"]

[[queues.consumers]]
queue = "jobs"
"""


def test_the_essentials(project: Project) -> None:
    config = project.load().config
    assert config.name == "jobs"
    assert config.path == config.user_path == project.directory / "wrangler.jsonc"
    assert config.directory == project.directory
    assert config.main == project.directory / "src/entry.py"
    assert config.module_root == project.directory / "src"
    assert config.compatibility_date == datetime.date(2026, 11, 17)
    assert config.compatibility_flags == ("python_workers",)


def test_toml_is_the_same_as_json(project: Project) -> None:
    toml = project.load_text(_TOML, "wrangler.toml").config
    json = project.load(
        triggers={"crons": ["*/5 * * * *", "0 9 * * 1"]}, queues={"consumers": [{"queue": "jobs"}]}
    ).config
    assert toml.crons == json.crons
    assert toml.queues == json.queues


def test_crons_are_kept_as_they_are_written(project: Project) -> None:
    config = project.load(triggers={"crons": ["0  9 * * mon"]}).config
    assert config.crons == ("0  9 * * mon",)


def test_the_place_of_a_cron_is_known(project: Project) -> None:
    config = project.load_text(_TOML, "wrangler.toml").config
    assert str(config.where("triggers", "crons", 1)) == "wrangler.toml:7:25"


def test_what_is_not_in_the_file_is_placed_around_it(project: Project) -> None:
    config = project.load_text(_TOML, "wrangler.toml").config
    assert str(config.where("triggers", "events", 0)) == "wrangler.toml:6:1"
    assert str(config.where("vars", "A")) == "wrangler.toml:1:1"


def test_the_file_is_looked_for_from_a_directory(project: Project) -> None:
    project.load()
    start = project.directory / "src"
    assert load_config(start=start, process_env={}).config.name == "jobs"


def test_a_configuration_cannot_be_changed(project: Project) -> None:
    config: Any = project.load(vars={"A": 1}).config
    with pytest.raises(dataclasses.FrozenInstanceError):
        config.name = "other"
    with pytest.raises(TypeError):
        config.vars["A"] = 2


def test_equal_files_give_equal_configurations(project: Project) -> None:
    assert project.load(vars={"A": 1}).config == project.load(vars={"A": 1}).config


def test_a_worker_without_a_name_is_called_worker(project: Project) -> None:
    assert project.load(name="").config.name == "worker"


def test_all_errors_are_told_at_once_in_the_order_of_the_file(project: Project) -> None:
    project.write(
        "wrangler.jsonc",
        """{
  "name": "Jobs",
  "triggers": {"crons": "* * * * *"},
  "queues": {
    "consumers": [{"max_batch_size": "many"}]
  },
  "main": "src/gone.py"
}""",
    )
    with pytest.raises(ConfigError) as refusal:
        load_config(process_env={})
    assert str(refusal.value).splitlines() == [
        (
            'wrangler.jsonc:2:11: Expected "name" to be of type string, alphanumeric and lowercase '
            'with dashes only but got "Jobs". Write "jobs".'
        ),
        (
            'wrangler.jsonc:3:25: Expected "triggers.crons" to be of type array, but got '
            '{"crons":"* * * * *"}. Write a list, ["* * * * *"].'
        ),
        (
            'wrangler.jsonc:5:19: "queues.consumers[0]" should have a string "queue" field but got '
            '{"max_batch_size":"many"}. Add "queue".'
        ),
        (
            'wrangler.jsonc:5:38: "queues.consumers[0]" should, optionally, have a number '
            '"max_batch_size" field but got {"max_batch_size":"many"}. Write a number '
            "without quotes."
        ),
        (
            'wrangler.jsonc:7:11: The entry-point file at "src/gone.py" was not found. Create '
            'it, or correct "main".'
        ),
    ]


def test_warnings_come_with_errors(project: Project) -> None:
    project.write("wrangler.jsonc", '{"main": 3, "zzz": 1}')
    with pytest.raises(ConfigError) as refusal:
        load_config(process_env={})
    assert 'Unexpected fields found in top-level field: "zzz"' in [
        warning.message for warning in refusal.value.warnings
    ]


def test_a_syntax_error_names_line_and_column(project: Project) -> None:
    with pytest.raises(ConfigError) as refusal:
        project.load_text('{\n  "name": "jobs"\n  "main": "a.py"\n}')
    assert str(refusal.value) == (
        'wrangler.jsonc:3:3: Expected "," or "}" but found "main": put a comma before it'
    )


def test_a_toml_syntax_error_names_line_and_column(project: Project) -> None:
    with pytest.raises(ConfigError) as refusal:
        project.load_text('name = "jobs"\nmain = entry.py\n', "wrangler.toml")
    assert str(refusal.value).startswith("wrangler.toml:2:8: ")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfe{}", "Configuration file contains UTF-16 LE byte order marker"),
        (b"[]", "A configuration is an object, but this file holds another value"),
    ],
)
def test_a_file_of_another_kind_is_refused(project: Project, content: bytes, message: str) -> None:
    path = project.directory / "wrangler.json"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=message):
        load_config(path, process_env={})


def test_a_byte_order_mark_of_utf_8_is_ignored(project: Project) -> None:
    path = project.write("wrangler.toml", "\ufeff" + _TOML)
    assert load_config(path, process_env={}).config.name == "jobs"


def test_a_file_that_cannot_be_read_is_an_error(project: Project) -> None:
    with pytest.raises(ConfigError, match=r"Could not read file: gone\.jsonc"):
        load_config(project.directory / "gone.jsonc", process_env={})


def test_a_directory_is_no_configuration(project: Project) -> None:
    with pytest.raises(ConfigError, match="is not a configuration file"):
        load_config(project.directory, process_env={})


def test_a_repeated_key_is_warned_of(project: Project) -> None:
    loaded = project.load_text(
        '{"name": "a", "name": "jobs", "main": "src/entry.py",'
        '"compatibility_date": "2026-11-17", "compatibility_flags": ["python_workers"]}'
    )
    assert loaded.config.name == "jobs"
    assert [warning.message for warning in loaded.warnings] == [
        '"name" stands here more than once in the same object'
    ]


def test_the_files_that_were_read_are_known(project: Project) -> None:
    secrets = project.write(".dev.vars", "A=1")
    assert project.load().files == (project.directory / "wrangler.jsonc", secrets)
