"""What has to fit together."""

from __future__ import annotations

from typing import Any

import pytest

from tests.config.conftest import Project


def test_a_worker_has_an_entry_point(project: Project) -> None:
    from flarelocal.config import ConfigError

    with pytest.raises(ConfigError) as refusal:
        project.load_text('{"name": "jobs"}')
    assert str(refusal.value) == (
        "wrangler.jsonc:1:1: Missing entry-point to Worker script or to assets directory: "
        'add "main": "src/entry.py"'
    )


def test_the_entry_point_exists(project: Project) -> None:
    (error,) = project.diagnostics(main="src/gone.py")
    assert error.message == 'The entry-point file at "src/gone.py" was not found.'
    assert (error.line, error.column) == (3, 11)


def test_the_entry_point_is_a_file(project: Project) -> None:
    assert project.errors(main="src") == [
        'The provided entry-point path, "src", points to a directory, rather than a file.'
    ]


def test_the_entry_point_is_python(project: Project) -> None:
    project.write("src/index.js", "")
    assert project.errors(main="src/index.js") == [
        '"main" is "src/index.js", but flarelocal runs Workers written in Python'
    ]


def test_python_needs_its_flag(project: Project) -> None:
    (error,) = project.diagnostics(compatibility_flags=[])
    assert error.message == "The `python_workers` compatibility flag is required to use Python."
    assert error.fix == 'add "compatibility_flags": ["python_workers"]'


def test_a_worker_can_be_assets_alone(project: Project) -> None:
    project.write("public/index.html", "")
    text = '{"name": "site", "compatibility_date": "2026-11-17", "assets": {"directory": "public"}}'
    config = project.load_text(text).config
    assert config.main is None
    assert config.assets is not None
    assert config.assets.directory == project.directory / "public"


@pytest.mark.parametrize(
    ("assets", "message"),
    [
        (
            {},
            (
                "The `assets` property in your configuration is missing the required `directory` "
                "property."
            ),
        ),
        (
            {"directory": "gone"},
            (
                'The directory specified by the "assets.directory" field in your '
                "configuration file "
                "does not exist:"
            ),
        ),
        (
            {"directory": "src/entry.py"},
            (
                'The path specified by the "assets.directory" field in your configuration file '
                "doesn't point to a directory:"
            ),
        ),
    ],
)
def test_assets_are_in_a_directory(project: Project, assets: Any, message: str) -> None:
    (error,) = project.errors(assets=assets)
    assert error.startswith(message)


def test_assets_alone_have_no_binding(project: Project) -> None:
    from flarelocal.config import ConfigError

    text = '{"name": "site", "assets": {"directory": "src", "binding": "ASSETS"}}'
    with pytest.raises(ConfigError, match="Cannot use assets with a binding in an assets-only"):
        project.load_text(text)


def test_vendored_modules_are_beside_the_configuration(project: Project) -> None:
    project.write("python_modules/package.py", "")
    project.load()
    project.write("src/python_modules/package.py", "")
    assert project.errors() == ["The 'python_modules' directory cannot exist in your module root."]


@pytest.mark.parametrize(
    ("keys", "messages"),
    [
        (
            {"kv_namespaces": [{"binding": "A"}, {"binding": "A"}]},
            ["A assigned to multiple KV Namespace bindings."],
        ),
        (
            {"kv_namespaces": [{"binding": "A"}], "vars": {"A": 1}},
            ["A assigned to KV Namespace and Environment Variable bindings."],
        ),
        (
            {
                "queues": {"producers": [{"binding": "A"}]},
                "r2_buckets": [{"binding": "A"}],
                "version_metadata": {"binding": "A"},
            },
            ["A assigned to Queue, R2 Bucket, and Worker Version Metadata bindings."],
        ),
        (
            {"vars": {"A": 1}, "secrets": {"required": ["A"]}},
            ["A assigned to Environment Variable and Secret bindings."],
        ),
        (
            {
                "ratelimits": [
                    {"name": "A", "namespace_id": "1", "simple": {"limit": 1, "period": 10}}
                ],
                "send_email": [{"name": "A"}],
            },
            ["A assigned to Send Email and Rate Limit bindings."],
        ),
    ],
)
def test_names_of_bindings_are_unique(project: Project, keys: Any, messages: Any) -> None:
    assert project.errors(**keys) == messages


def test_the_second_binding_of_a_name_is_the_one_that_is_wrong(project: Project) -> None:
    (error,) = project.diagnostics(kv_namespaces=[{"binding": "A"}, {"binding": "A"}])
    assert (error.line, error.column) == (13, 18)


def test_names_are_compared_although_a_section_is_wrong(project: Project) -> None:
    errors = project.errors(
        kv_namespaces=[{"binding": "A", "id": 1}], r2_buckets=[{"binding": "A"}]
    )
    assert "A assigned to KV Namespace and R2 Bucket bindings." in errors
    assert len(errors) == 2
