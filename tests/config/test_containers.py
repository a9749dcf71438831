"""Containers, in wrangler's words."""

from __future__ import annotations

from typing import Any

import pytest

from tests.config.conftest import Project

_GOOD: dict[str, Any] = {"class_name": "Box", "image": "registry.cloudflare.com/boxes/box:1"}


def errors(project: Project, **keys: object) -> list[str]:
    return project.errors(containers=[_GOOD | keys])


@pytest.mark.parametrize(
    "keys",
    [
        {"name": "box", "max_instances": 3, "instance_type": "lite", "rollout_kind": "none"},
        {"instance_type": {"vcpu": 1, "memory_mib": 512, "disk_mb": 2000}},
        {"rollout_step_percentage": [10, 50, 100], "rollout_active_grace_period": 0},
        {"constraints": {"tiers": [1], "regions": ["weur"], "jurisdiction": "eu"}},
        {"ssh": {"enabled": True, "port": 22}},
        {"authorized_keys": [{"name": "ann", "public_key": "ssh-ed25519 AAAA"}]},
    ],
)
def test_what_is_right_is_accepted(project: Project, keys: dict[str, object]) -> None:
    for message in project.warnings(containers=[_GOOD | keys]):
        assert "Unexpected" not in message
        assert "deprecated" not in message


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"name": 1}, 'Expected "containers.name" to be of type string but got 1.'),
        ({"max_instances": -1}, '"containers.max_instances" field should be a positive number, '),
        ({"image": ""}, '"containers.image" field must be defined for each container app.'),
        ({"scheduling_policy": "x"}, 'Expected "containers.scheduling_policy" field to be one of'),
        ({"instance_type": "huge"}, 'Expected "containers.instance_type" field to be one of'),
        ({"instance_type": {"vcpu": "1"}}, '"containers.instance_type.vcpu", when present, should'),
        ({"rollout_step_percentage": 7}, "must be one of [5, 10, 20, 25, 50, 100], but got 7"),
        ({"rollout_step_percentage": "all"}, 'must be a number or array of numbers, but got "all"'),
        ({"rollout_step_percentage": [50, 10, 100]}, 'ascending order, but got "50,10,100"'),
        ({"rollout_step_percentage": [1, 100]}, 'must be between 10 and 100, but got "1"'),
        ({"rollout_step_percentage": [10, 50]}, 'must be 100, but got "50"'),
        (
            {"rollout_step_percentage": [10, 100], "max_instances": 1},
            'cannot have more steps (2) than "max_instances" (1)',
        ),
        ({"ssh": {}}, "containers.ssh.enabled must be a boolean"),
        ({"ssh": {"enabled": True, "port": 0}}, "must be a number between 1 and 65535 inclusive"),
        (
            {"authorized_keys": [{"public_key": "ssh-ed25519"}]},
            "authorized_keys[0].name must be a string",
        ),
        ({"trusted_user_ca_keys": [{"public_key": "ssh-rsa x"}]}, "is an unsupported key type."),
        ({"constraints": {"regions": ["MARS"]}}, 'contains invalid region "MARS"'),
        ({"constraints": {"jurisdiction": "us"}}, 'must be one of: "eu", "fedramp"'),
        ({"unsafe": "x"}, 'The field "containers.unsafe" should be an object but got "string".'),
    ],
)
def test_a_wrong_value_is_refused(project: Project, keys: dict[str, object], message: str) -> None:
    (told,) = errors(project, **keys)
    assert message in told


def test_it_is_said_where_and_what_to_do(project: Project) -> None:
    (wrong,) = project.diagnostics(containers=[_GOOD | {"ssh": {"enabled": True, "port": "x"}}])
    lines = (project.directory / "wrangler.jsonc").read_text().splitlines()
    assert (wrong.line, wrong.fix) == (
        next(number for number, line in enumerate(lines, 1) if '"port"' in line),
        "write a number without quotes",
    )


def test_one_needs_a_name_or_a_class(project: Project) -> None:
    (told,) = project.errors(containers=[{"image": "box"}])
    assert told.startswith('"containers.name" is required when "containers.class_name" is not')
    assert project.load(containers=[{"image": "box", "name": "box"}]).config.name == "jobs"


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"instance_type": "dev"}, 'The "dev" instance_type has been renamed to "lite"'),
        ({"instances": 2}, '"containers.instances" is deprecated.'),
        ({"configuration": {"image": "x"}}, '"containers.configuration" is deprecated.'),
        ({"imgae": "x"}, 'Unexpected fields found in containers field: "imgae"'),
    ],
)
def test_what_is_old_or_unknown_is_warned_of(
    project: Project, keys: dict[str, object], message: str
) -> None:
    warnings = project.warnings(containers=[_GOOD | keys])
    assert any(each.startswith(message) for each in warnings)


def test_those_of_previews_have_no_names_of_their_own(project: Project) -> None:
    told = project.errors(previews={"containers": [_GOOD | {"name": "box"}, _GOOD]})
    assert told[0].startswith('"previews.containers[0].name" cannot be set.')
    assert told[1].startswith('"previews.containers" declares more than one container')


@pytest.mark.parametrize(
    ("previews", "message"),
    [
        ({"vars": "x"}, 'The field "previews.vars" should be an object but got "x".'),
        ({"logpush": 1}, 'Expected "previews.logpush" to be of type boolean but got 1.'),
        ({"kv_namespaces": [{}]}, '"previews.kv_namespaces[0]" bindings should have a string'),
    ],
)
def test_what_previews_change_is_checked(
    project: Project, previews: dict[str, object], message: str
) -> None:
    assert project.errors(previews=previews)[0].startswith(message)
