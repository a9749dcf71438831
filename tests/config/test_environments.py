"""Named environments: what they inherit, and what they have to repeat."""

from __future__ import annotations

from typing import Any

import pytest

from tests.config.conftest import Project


def test_without_an_environment_the_top_level_counts(project: Project) -> None:
    loaded = project.load(vars={"A": "top"}, env={"staging": {"vars": {"A": "staging"}}})
    assert loaded.config.environment is None
    assert loaded.config.vars["A"] == "top"


def test_the_name_of_the_worker_gets_that_of_the_environment(project: Project) -> None:
    assert project.load(environment="staging", env={"staging": {}}).config.name == "jobs-staging"


def test_an_environment_can_have_a_name_of_its_own(project: Project) -> None:
    loaded = project.load(environment="staging", env={"staging": {"name": "other"}})
    assert loaded.config.name == "other"


def test_the_environment_variable_chooses_too(project: Project) -> None:
    loaded = project.load(env={"staging": {}}, process_env={"CLOUDFLARE_ENV": "staging"})
    assert loaded.config.environment == "staging"


def test_the_argument_comes_before_the_environment_variable(project: Project) -> None:
    env: dict[str, object] = {"a": {}, "b": {}}
    loaded = project.load(environment="a", env=env, process_env={"CLOUDFLARE_ENV": "b"})
    assert loaded.config.environment == "a"


def test_an_empty_argument_is_the_top_level(project: Project) -> None:
    loaded = project.load(environment="", env={"a": {}}, process_env={"CLOUDFLARE_ENV": "a"})
    assert loaded.config.environment is None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("triggers", {"crons": ["0 0 * * *"]}),
        ("compatibility_flags", ["python_workers", "no_queues_json_messages"]),
        ("migrations", [{"tag": "v1", "new_sqlite_classes": ["Counter"]}]),
        ("limits", {"cpu_ms": 50}),
        ("routes", ["example.com/*"]),
    ],
)
def test_some_keys_are_inherited(project: Project, key: str, value: Any) -> None:
    loaded = project.load(environment="staging", **{key: value}, env={"staging": {}})
    assert loaded.config.source.values[key] == value
    assert loaded.warnings == ()


def test_an_environment_replaces_what_it_would_inherit(project: Project) -> None:
    loaded = project.load(
        environment="staging",
        triggers={"crons": ["0 0 * * *"]},
        env={"staging": {"triggers": {"crons": []}}},
    )
    assert loaded.config.crons == ()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("vars", {"A": 1}),
        ("kv_namespaces", [{"binding": "KV"}]),
        ("queues", {"producers": [{"binding": "Q", "queue": "q"}]}),
        ("r2_buckets", [{"binding": "R2", "bucket_name": "bucket"}]),
        ("services", [{"binding": "S", "service": "s"}]),
        ("version_metadata", {"binding": "V"}),
    ],
)
def test_bindings_have_to_be_repeated(project: Project, key: str, value: Any) -> None:
    loaded = project.load(environment="staging", **{key: value}, env={"staging": {}})
    assert key not in loaded.config.source.values
    assert [warning.message for warning in loaded.warnings] == [
        (
            f'"{key}" exists at the top level, but not on "env.staging".\n'
            f'This is not what you probably want, since "{key}" is not inherited by environments.\n'
            f'Please add "{key}" to "env.staging".'
        )
    ]


def test_a_missing_variable_is_warned_of(project: Project) -> None:
    warnings = project.warnings(
        "staging", vars={"A": 1, "B": 2}, env={"staging": {"vars": {"A": 1}}}
    )
    assert warnings == [
        (
            'The following vars exist at the top level, but not on "env.staging.vars".\n'
            'This is probably not what you want, since "vars" configuration is not inherited by '
            'environments.\nPlease add these vars to "env.staging.vars":\n- B'
        )
    ]


def test_a_missing_binding_is_warned_of(project: Project) -> None:
    warnings = project.warnings(
        "staging",
        kv_namespaces=[{"binding": "CACHE"}],
        durable_objects={"bindings": [{"name": "COUNTER", "class_name": "Counter"}]},
        migrations=[{"tag": "v1", "new_sqlite_classes": ["Counter"]}],
        env={"staging": {"kv_namespaces": [], "durable_objects": {"bindings": []}}},
    )
    assert warnings == [
        (
            'There is a kv_namespaces binding with name "CACHE" at the top level, but not on '
            '"env.staging".\nThis is not what you probably want, since "kv_namespaces" '
            'configuration is not inherited by environments.\nPlease add a binding for "CACHE" to '
            '"env.staging.kv_namespaces.bindings".'
        ),
        (
            'The following bindings are at the top level, but not on "env.staging".\n'
            'This is not what you probably want, since "durable_objects" configuration is not '
            "inherited by environments.\nPlease add a binding for each to "
            '"env.staging.durable_objects.bindings":\n- COUNTER'
        ),
    ]


def test_an_unknown_environment_is_an_error_when_there_are_others(project: Project) -> None:
    (message,) = project.errors("stagin", env={"staging": {}, "production": {}})
    assert message.startswith(
        'No environment found in configuration with name "stagin".\n'
        "Before using `--env=stagin` there should be an equivalent environment section in the "
        "configuration.\nThe available configured environment names are: "
        '["staging","production"]\n'
    )


def test_an_unknown_environment_is_the_top_level_when_there_are_none(project: Project) -> None:
    loaded = project.load(environment="staging", vars={"A": 1})
    assert loaded.config.name == "jobs-staging"
    assert loaded.config.vars == {"A": 1}
    assert "No environment found" in loaded.warnings[0].message


def test_labels_of_an_environment_name_it(project: Project) -> None:
    (message,) = project.errors("staging", env={"staging": {"kv_namespaces": {}}})
    assert message == 'The field "env.staging.kv_namespaces" should be an array but got {}.'


def test_other_environments_are_not_checked(project: Project) -> None:
    project.load(environment="a", env={"a": {}, "b": {"kv_namespaces": 3}})


def test_unknown_keys_of_an_environment_are_warned_of(project: Project) -> None:
    warnings = project.warnings("staging", env={"staging": {"dev": {}, "trigers": {}}})
    assert warnings == ['Unexpected fields found in env.staging field: "dev","trigers"']


def test_inherited_custom_domains_are_warned_of(project: Project) -> None:
    routes = [{"pattern": "example.com", "custom_domain": True}]
    (warning,) = project.warnings("staging", routes=routes, env={"staging": {}})
    assert "will reassign these custom domains away from the top-level Worker" in warning


def test_places_are_those_of_the_environment_a_value_is_from(project: Project) -> None:
    crons = {"crons": ["0 0 * * *"]}
    own = project.load(environment="a", triggers=crons, env={"a": {"triggers": crons}}).config
    inherited = project.load(environment="a", triggers=crons, env={"a": {}}).config
    assert own.where("triggers", "crons", 0).line > inherited.where("triggers", "crons", 0).line
