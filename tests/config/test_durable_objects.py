"""`durable_objects`, `migrations` and `exports`."""

from __future__ import annotations

from typing import Any

import pytest

from flarelocal.config.durable_objects import DurableObjectBinding, DurableObjects
from flarelocal.config.lineage import Origin
from tests.config.conftest import Project

_COUNTER = {"bindings": [{"name": "COUNTER", "class_name": "Counter"}]}


def _load(project: Project, *migrations: dict[str, object], **keys: Any) -> DurableObjects:
    numbered = [{"tag": f"v{number}"} | each for number, each in enumerate(migrations, 1)]
    result: DurableObjects = project.load(migrations=numbered, **keys).config.durable_objects
    return result


def test_a_migration_says_how_a_class_is_stored(project: Project) -> None:
    folded = _load(project, {"new_classes": ["Old"], "new_sqlite_classes": ["New"]})
    assert folded.classes == {"Old": False, "New": True}


def test_a_binding_of_the_workers_own_class(project: Project) -> None:
    folded = _load(project, {"new_sqlite_classes": ["Counter"]}, durable_objects=_COUNTER)
    assert folded.bindings == (DurableObjectBinding("COUNTER", "Counter"),)


def test_a_bound_class_that_no_migration_mentions_is_stored_without_sqlite(
    project: Project,
) -> None:
    assert project.load(durable_objects=_COUNTER).config.durable_objects.classes == {
        "Counter": False
    }


def test_migrations_apply_in_order(project: Project) -> None:
    folded = _load(
        project,
        {"new_sqlite_classes": ["A", "B"]},
        {"renamed_classes": [{"from": "A", "to": "C"}], "deleted_classes": ["B"]},
        {"renamed_classes": [{"from": "C", "to": "D"}]},
    )
    assert folded.classes == {"D": True}
    assert folded.origins == {"D": Origin("A")}
    assert folded.deleted == {"B": Origin("B")}


def test_a_class_that_is_made_anew_has_none_of_the_former_objects(project: Project) -> None:
    folded = _load(
        project,
        {"new_classes": ["A"]},
        {"deleted_classes": ["A"]},
        {"new_sqlite_classes": ["A"]},
    )
    assert folded.classes == {"A": True}
    assert folded.origins == {"A": Origin("A.2")}
    assert folded.deleted == {"A": Origin("A")}


def test_a_class_may_get_its_name_back(project: Project) -> None:
    folded = _load(
        project,
        {"new_classes": ["A"]},
        {"renamed_classes": [{"from": "A", "to": "B"}]},
        {"renamed_classes": [{"from": "B", "to": "A"}]},
    )
    assert folded.origins == {"A": Origin("A")}


def test_a_new_class_with_a_former_name_has_objects_of_its_own(project: Project) -> None:
    folded = _load(
        project,
        {"new_classes": ["A"]},
        {"renamed_classes": [{"from": "A", "to": "B"}], "new_classes": ["A"]},
    )
    assert folded.origins == {"B": Origin("A"), "A": Origin("A.2")}


def test_a_transferred_class_keeps_the_objects_of_the_other_worker(project: Project) -> None:
    moves = [{"from": "A", "from_script": "other", "to": "B"}]
    folded = _load(project, {"transferred_classes": moves})
    assert folded.classes == {"B": True}
    assert folded.origins["B"].unique_key("worker") == "other-A"


def test_exports_declare_classes_as_well(project: Project) -> None:
    folded = project.load(
        exports={
            "Counter": {"type": "durable-object", "storage": "sqlite"},
            "Legacy": {"type": "durable-object", "storage": "legacy-kv"},
            "Coming": {
                "type": "durable-object",
                "state": "expecting-transfer",
                "storage": "sqlite",
                "transfer_from": "other",
            },
            "Gone": {"type": "durable-object", "state": "deleted"},
            "Before": {"type": "durable-object", "state": "renamed", "renamed_to": "Counter"},
            "Api": {"type": "worker", "cache": {"enabled": True}},
        }
    ).config.durable_objects
    assert folded.classes == {"Counter": True, "Legacy": False, "Coming": True}
    assert folded.deleted == {"Gone": Origin("Gone")}
    assert folded.origins == {
        "Counter": Origin("Before"),
        "Legacy": Origin("Legacy"),
        "Coming": Origin("Coming", "other"),
    }


def test_a_class_of_another_worker(project: Project) -> None:
    other = {"name": "OTHER", "class_name": "Other", "script_name": "other"}
    folded = project.load(durable_objects={"bindings": [other]}).config.durable_objects
    assert folded.bindings == (DurableObjectBinding("OTHER", "Other", "other"),)
    assert folded.classes == {}


def test_the_environment_of_another_worker_is_part_of_its_name(project: Project) -> None:
    other = {"name": "O", "class_name": "O", "script_name": "other", "environment": "staging"}
    folded = project.load(durable_objects={"bindings": [other]}).config.durable_objects
    assert folded.bindings[0].script_name == "other-staging"


def test_naming_the_worker_itself_is_naming_none(project: Project) -> None:
    own = {"name": "COUNTER", "class_name": "Counter", "script_name": "jobs"}
    folded = project.load(durable_objects={"bindings": [own]}).config.durable_objects
    assert folded.bindings == (DurableObjectBinding("COUNTER", "Counter"),)


@pytest.mark.parametrize(
    ("migrations", "message"),
    [
        (
            [{"deleted_classes": ["A"]}],
            "Cannot apply deleted_classes migration to non-existent class A",
        ),
        (
            [{"renamed_classes": [{"from": "A", "to": "B"}]}],
            "Cannot apply renamed_classes migration to non-existent class A",
        ),
        (
            [{"new_classes": ["A"]}, {"new_classes": ["A"]}],
            "Cannot apply new_classes migration to existing class A",
        ),
        (
            [{"new_classes": ["A"]}, {"new_sqlite_classes": ["A"]}],
            "Cannot apply new_sqlite_classes migration to existing class A",
        ),
    ],
)
def test_migrations_have_to_fit_together(project: Project, migrations: Any, message: str) -> None:
    numbered = [{"tag": str(number)} | each for number, each in enumerate(migrations)]
    assert project.errors(migrations=numbered) == [message]


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"durable_objects": []}, 'The field "durable_objects" should be an object but got [].'),
        (
            {"durable_objects": {"bindings": {}}},
            'The field "durable_objects.bindings" should be an array but got {}.',
        ),
        (
            {"durable_objects": {"bindings": [{"class_name": "A"}]}},
            'binding should have a string "name" field.',
        ),
        (
            {"durable_objects": {"bindings": [{"name": "A"}]}},
            'binding should have a string "class_name" field.',
        ),
        (
            {"durable_objects": {"bindings": [{"name": "A", "class_name": "A", "script_name": 1}]}},
            'the field "script_name", when present, should be a string.',
        ),
        (
            {
                "durable_objects": {
                    "bindings": [{"name": "A", "class_name": "A", "environment": "x"}]
                }
            },
            'binding should have a "script_name" field if "environment" is present.',
        ),
        ({"migrations": {}}, 'The optional "migrations" field should be an array, but got {}'),
        ({"migrations": [{}]}, '"migrations[0].tag" is a required field.'),
        (
            {"migrations": [{"tag": "1", "new_classes": "A"}]},
            'Expected "migrations[0].new_classes" to be an array of strings but got "A"',
        ),
        (
            {"migrations": [{"tag": "1", "renamed_classes": [{"from": "A"}]}]},
            (
                'Expected "migrations[0].renamed_classes" to be an array of "{from: string, to: '
                'string}" objects but got [{"from":"A"}].'
            ),
        ),
        (
            {"migrations": [{"tag": "1", "transferred_classes": [1]}]},
            (
                'Expected "migrations[0].transferred_classes" to be an array of "{from: string, '
                'from_script: string, to: string}" objects but got [1].'
            ),
        ),
        (
            {"exports": []},
            'The optional "exports" field should be an object keyed by class name, but got []',
        ),
        (
            {"exports": {"A": {"type": "durable-object"}}},
            (
                '"exports.A.storage" is required for state "created" and must be one of sqlite and '
                "legacy-kv, but got undefined"
            ),
        ),
        (
            {"exports": {"A": {"type": "durable-object", "state": "renamed", "renamed_to": "A"}}},
            '"exports.A.renamed_to" cannot equal the source class name "A".',
        ),
        (
            {"exports": {"A": {"type": "durable-object", "state": "renamed", "renamed_to": "a-b"}}},
            '"exports.A.renamed_to" must be a valid JavaScript identifier (got "a-b").',
        ),
        (
            {"exports": {"A": {"type": "durable-object", "state": "deleted", "storage": "sqlite"}}},
            '"exports.A.storage" is forbidden on state "deleted".',
        ),
        (
            {"exports": {"A": {"type": "durable-object", "state": "gone"}}},
            (
                '"exports.A.state" must be one of "created", "deleted", "renamed", '
                '"transferred", or '
                '"expecting-transfer" but got "gone".'
            ),
        ),
        (
            {"exports": {"A": {"type": "object"}}},
            '"exports.A.type" must be "durable-object", "worker", or "workflow", but got "object".',
        ),
    ],
)
def test_a_wrong_section_is_refused(project: Project, keys: Any, message: str) -> None:
    assert project.errors(**keys) == [message]


def test_migrations_and_exports_exclude_each_other(project: Project) -> None:
    errors = project.errors(
        migrations=[{"tag": "v1", "new_classes": ["A"]}],
        exports={"B": {"type": "durable-object", "storage": "sqlite"}},
    )
    assert errors == [
        (
            "`migrations` and `exports` are mutually exclusive. Choose one or the other to declare "
            "your Durable Object lifecycle, but not both."
        )
    ]


def test_a_class_without_a_lifecycle_is_warned_of(project: Project) -> None:
    (warning,) = project.warnings(durable_objects=_COUNTER)
    assert warning.startswith(
        "In your wrangler.jsonc file, you have configured `durable_objects` exported by this "
        "Worker (Counter), but no live `exports` entry for them."
    )
    assert '"Counter": {\n      "type": "durable-object",\n      "storage": "sqlite"' in warning


def test_classes_with_containers_are_known(project: Project) -> None:
    containers = [{"class_name": "Counter", "image": "./Dockerfile"}]
    folded = _load(project, {"new_sqlite_classes": ["Counter", "Other"]}, containers=containers)
    assert folded.containers == {"Counter"}
