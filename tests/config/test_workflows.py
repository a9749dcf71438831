"""`workflows`, and the Workflows among `exports`."""

from __future__ import annotations

from typing import Any

import pytest

from flarelocal.config.workflows import Workflow
from tests.config.conftest import Project

_EXPORT = {"binding": "EXPORT", "name": "export", "class_name": "Export"}


def test_a_workflow_of_the_worker_itself(project: Project) -> None:
    config = project.load(workflows=[_EXPORT]).config
    assert config.workflows == (Workflow("EXPORT", "export", "Export"),)


def test_a_workflow_can_set_everything(project: Project) -> None:
    entry = _EXPORT | {
        "script_name": "other",
        "limits": {"steps": 100},
        "concurrency": {"limit": 2},
        "schedules": "0 * * * *",
        "default_retention": {"success_retention": "3 days", "error_retention": 1000},
        "jurisdiction": "eu",
    }
    assert project.load(workflows=[entry]).config.workflows == (
        Workflow("EXPORT", "export", "Export", "other", 100, 2, ("0 * * * *",), "3 days", 1000),
    )


def test_an_exported_workflow_has_no_binding(project: Project) -> None:
    exports = {"Export": {"type": "workflow", "name": "export", "schedules": ["0 * * * *"]}}
    assert project.load(exports=exports).config.workflows == (
        Workflow(None, "export", "Export", schedules=("0 * * * *",)),
    )


def test_a_workflow_that_is_bound_and_exported_is_one(project: Project) -> None:
    exports = {"Export": {"type": "workflow", "name": "export"}}
    assert len(project.load(workflows=[_EXPORT], exports=exports).config.workflows) == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"name": "-x"},
            (
                '"workflows[0]" binding "name" field is invalid. Workflow names must be 1-64 '
                "characters long, start with a letter, number, or underscore, and may only contain "
                "letters, numbers, underscores, or hyphens."
            ),
        ),
        (
            {"schedules": ""},
            '"workflows[0]" bindings "schedules" field must not be an empty string.',
        ),
        (
            {"schedules": []},
            '"workflows[0]" bindings "schedules" field must not be an empty array.',
        ),
        (
            {"limits": {"steps": 0}},
            '"workflows[0]" bindings "limits.steps" field must be a positive integer but got 0.',
        ),
        (
            {"concurrency": {"limit": 1.5}},
            (
                '"workflows[0]" bindings "concurrency.limit" field must be a positive '
                "integer but got "
                "1.5."
            ),
        ),
        (
            {"default_retention": {"success_retention": 0}},
            (
                '"workflows[0]" bindings "default_retention.success_retention" field must be a '
                'positive integer of milliseconds or a duration string such as "3 days", but got 0.'
            ),
        ),
    ],
)
def test_a_wrong_workflow_is_refused(project: Project, change: Any, message: str) -> None:
    assert project.errors(workflows=[_EXPORT | change]) == [message]


def test_names_are_unique(project: Project) -> None:
    errors = project.errors(workflows=[_EXPORT, _EXPORT | {"binding": "OTHER"}])
    assert errors == [
        '"workflows" bindings must have unique "name" values; duplicate(s) found: "export"'
    ]


def test_more_steps_than_production_allows_are_warned_of(project: Project) -> None:
    warnings = project.warnings(workflows=[_EXPORT | {"limits": {"steps": 30_000}}])
    assert any("exceeds the production maximum of 25,000" in warning for warning in warnings)
