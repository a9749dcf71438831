"""What is wrong with single keys, in wrangler's words."""

from __future__ import annotations

from typing import Any

import pytest

from tests.config.conftest import Project


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"main": 5}, 'Expected "main" to be of type string but got 5.'),
        (
            {"name": "My Worker"},
            (
                'Expected "name" to be of type string, alphanumeric and lowercase with dashes only '
                'but got "My Worker".'
            ),
        ),
        (
            {"compatibility_date": "soon"},
            (
                '"compatibility_date" field should be a valid ISO-8601 date (YYYY-MM-DD), but got '
                '"soon".'
            ),
        ),
        (
            {"compatibility_date": "2026–01–31"},
            (
                '"compatibility_date" field should use ISO-8601 accepted hyphens (-) rather than '
                "en-dashes (–) or em-dashes (—)."
            ),
        ),
        (
            {"compatibility_flags": "python_workers"},
            'Expected "compatibility_flags" to be of type string array but got "python_workers".',
        ),
        (
            {"triggers": {"crons": "* * * * *"}},
            'Expected "triggers.crons" to be of type array, but got {"crons":"* * * * *"}.',
        ),
        (
            {"triggers": {"crons": [{"cron": "* * * * *"}]}},
            'Expected "triggers.crons[0]" to be of type string but got {"cron":"* * * * *"}.',
        ),
        ({"triggers": "x"}, 'Expected "triggers" to be of type object but got "x".'),
        ({"vars": "x"}, 'The field "vars" should be an object but got "x".'),
        ({"secrets": []}, 'The field "secrets" should be an object but got [].'),
        (
            {"secrets": {"required": ["A", 1]}},
            'Expected "secrets.required.[1]" to be of type string but got 1.',
        ),
        ({"dev": {"port": "80"}}, 'Expected "dev.port" to be of type number but got "80".'),
        ({"dev": {"port": 70000}}, '"dev.port" is 70000, which is no port'),
        (
            {"dev": {"local_protocol": "ftp"}},
            'Expected "dev.local_protocol" field to be one of ["http","https"] but got "ftp".',
        ),
        ({"limits": {"cpu_ms": "9"}}, 'Expected "limits.cpu_ms" to be of type number but got "9".'),
        ({"cache": {}}, '"cache.enabled" is a required field.'),
        (
            {"observability": {}},
            (
                '"observability.enabled" or "observability.logs.enabled" or '
                '"observability.traces.enabled" or "observability.issues.enabled" is required.'
            ),
        ),
        (
            {"observability": {"enabled": True, "head_sampling_rate": 2}},
            '"observability.head_sampling_rate" must be a value between 0 and 1.',
        ),
        (
            {"routes": ["a.com", {"pattern": 1}]},
            (
                'Expected "routes" to be an array of either strings or objects with the shape '
                "{ pattern, custom_domain, zone_id | zone_name, enabled, previews_enabled }, but "
                'these weren\'t valid: [\n  {\n    "pattern": 1\n  }\n].'
            ),
        ),
        (
            {"route": "a.com", "routes": ["b.com"]},
            'Expected exactly one of the following fields ["routes","route"].',
        ),
        ({"rules": {}}, 'The field "rules" should be an array but got {}.'),
        (
            {"rules": [{"type": "PythonModule", "globs": ["*"]}]},
            (
                'bindings should have a string "type" field, which contains one of "ESModule", '
                '"CommonJS", "CompiledWasm", "Text", or "Data".'
            ),
        ),
        (
            {"placement": {"mode": "off", "hint": "wnam"}},
            '"placement.hint" can only be set when "placement.mode" is "smart"',
        ),
        ({"tail_consumers": [{}]}, '"tail_consumers[0].service" is a required field.'),
        (
            {"connect": [{"protocol": "tcp", "port": 0}]},
            (
                '"connect[0]" should have an integer "port" field between 1 and 65535 but got '
                '{"protocol":"tcp","port":0}.'
            ),
        ),
        ({"alias": {"a": 1}}, 'Expected alias["a"] to be a string, but got number'),
        ({"assets": 1}, '"assets" should be an object, but got value "assets" of type number'),
        (
            {"compliance_region": 1},
            'Expected "compliance_region" field to be one of ["public","fedramp_high"] but got 1.',
        ),
        ({"define": {"A": 1}}, 'The field "define.A" should be a string but got 1.'),
        (
            {"text_blobs": {"A": 1}},
            "Expected \"text_blobs['A']\" to be of type string but got 1.",
        ),
        ({"previews": 1}, 'The field "previews" should be an object but got 1.'),
        (
            {"placement": {"mode": "targeted"}},
            '"placement.region" or "placement.host" or "placement.hostname" is required.',
        ),
        (
            {"connect": [{"protocol": "tcp", "port": 1}] * 2},
            (
                '"connect[1]" has the same "protocol" (tcp) and "port" (1) as "connect[0]". Each '
                'entry in "connect" must use a unique protocol/port combination.'
            ),
        ),
        (
            {"triggers": {"events": [{"type": "x", "targets": []}]}},
            'Expected "triggers.events[0].targets" to be a non-empty array, but got [].',
        ),
        (
            {"triggers": {"events": [{"type": "x"}]}},
            (
                'Expected "triggers.events[0].type" to be a supported Artifacts event type, but '
                'got "x".'
            ),
        ),
        (
            {"site": {"bucket": "b", "include": "x"}},
            'Expected "sites.include" to be an array of strings but got "x"',
        ),
        (
            {"unsafe": {"capnp": {"base_path": "b"}}},
            'Expected "unsafe.capnp.source_schemas" to be an array of strings but got undefined',
        ),
        ({"env": {"a": 1}}, 'Expected "env.a" to be of type object but got 1.'),
    ],
)
def test_a_wrong_value_is_refused(project: Project, keys: Any, message: str) -> None:
    assert message in project.errors(**keys)


@pytest.mark.parametrize("key", ["build", "dev", "tail_consumers", "limits", "triggers"])
def test_null_is_as_good_as_nothing(project: Project, key: str) -> None:
    nothing: dict[str, Any] = {key: None}
    assert project.load(**nothing).warnings == ()


def test_a_toml_date_is_no_variable(project: Project) -> None:
    from flarelocal.config import ConfigError

    text = 'name = "jobs"\nmain = "src/entry.py"\ncompatibility_flags = ["python_workers"]\n'
    with pytest.raises(ConfigError) as refusal:
        project.load_text(text + "vars.WHEN = 2026-01-31\n", "wrangler.toml")
    assert refusal.value.diagnostics[0].message == (
        'The field "vars.WHEN" is a TOML date, which is not supported. Please use a string '
        'instead, e.g. WHEN = "2025-12-19".'
    )
    assert refusal.value.diagnostics[0].line == 4


def test_removed_keys_are_errors(project: Project) -> None:
    (legacy, node) = project.errors(legacy_env=True, node_compat=True)
    assert legacy.startswith('The "legacy_env" field is no longer supported')
    assert node.startswith('The "node_compat" field is no longer supported as of Wrangler v4.')


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"a": 1, "b": 2}, 'Unexpected fields found in top-level field: "a","b"'),
        ({"dev": {"prot": 1}}, 'Unexpected fields found in dev field: "prot"'),
        ({"triggers": {"cron": []}}, 'Unexpected fields found in triggers field: "cron"'),
        (
            {"kv_namespaces": [{"binding": "KV", "name": "x"}]},
            'Unexpected fields found in kv_namespaces[0] field: "name"',
        ),
        ({"unsafe": {}}, '"unsafe" fields are experimental and may change or break at any time.'),
        (
            {"account_id": ""},
            (
                'The "account_id" field in your configuration is an empty string and will be '
                'ignored.\nPlease remove the "account_id" field from your configuration.'
            ),
        ),
    ],
)
def test_what_is_odd_is_warned_of(project: Project, keys: Any, message: str) -> None:
    assert message in project.warnings(**keys)


def test_a_warning_stands_at_the_key(project: Project) -> None:
    (warning,) = project.load(triggers={"crons": [], "cron": []}).warnings
    assert (warning.line, warning.column) == (10, 5)


def test_a_similar_key_is_suggested(project: Project) -> None:
    (warning,) = project.load(trigers={"crons": []}).warnings
    assert warning.fix == 'did you mean "triggers"?'


def test_a_valid_name_is_suggested(project: Project) -> None:
    assert project.diagnostics(name="My Worker!")[0].fix == 'write "my-worker"'


def test_keys_for_deployments_are_accepted(project: Project) -> None:
    assert not project.warnings(
        account_id="abc",
        workers_dev=False,
        observability={"enabled": True, "logs": {"invocation_logs": True}},
        limits={"cpu_ms": 50, "subrequests": 100},
        routes=["example.com/*", {"pattern": "a.example.com", "custom_domain": True}],
        logpush=True,
        rules=[{"type": "Text", "globs": ["**/*.txt"]}],
        python_modules={"exclude": ["**/*.pyc"]},
        keep_vars=True,
    )
