"""`workflows`, and the Workflows among `exports`.

Texts: workers-sdk, workers-utils/src/config/validation.ts.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from flarelocal.config.checks import required, string, unexpected
from flarelocal.config.entries import MAY, Field, entry_list
from flarelocal.config.report import Node, quote

__all__ = ["Workflow", "check_workflow_export", "check_workflows", "read_workflows"]

_NAME = re.compile(r"[a-zA-Z0-9_][a-zA-Z0-9_-]{0,63}")
_NAME_FORMAT = (
    "Workflow names must be 1-64 characters long, start with a letter, number, or underscore, and "
    "may only contain letters, numbers, underscores, or hyphens."
)
_MOST_STEPS = 25_000
_SETTINGS = ("limits", "concurrency", "schedules", "default_retention", "jurisdiction")


class Workflow(NamedTuple):
    """A Workflow that a Worker defines or is bound to.

    `binding` is None for one that is only exported; `script_name` is None when the class is the
    Worker's own. Retentions are milliseconds, or durations such as "3 days".
    """

    binding: str | None
    name: str
    class_name: str
    script_name: str | None = None
    step_limit: int | None = None
    concurrency_limit: int | None = None
    schedules: tuple[str, ...] = ()
    success_retention: int | str | None = None
    error_retention: int | str | None = None


def read_workflows(
    bindings: list[Mapping[str, Any]], exports: Mapping[str, Any], worker: str
) -> tuple[Workflow, ...]:
    """Make the checked entries into data."""
    workflows = [
        _workflow(entry, entry["binding"], entry["class_name"], worker) for entry in bindings
    ]
    bound = {workflow.name for workflow in workflows if workflow.script_name is None}
    workflows += [
        _workflow(entry, None, class_name, worker)
        for class_name, entry in exports.items()
        if entry.get("type") == "workflow" and entry["name"] not in bound
    ]
    return tuple(workflows)


def _workflow(
    entry: Mapping[str, Any], binding: str | None, class_name: str, worker: str
) -> Workflow:
    script = entry.get("script_name")
    schedules = entry.get("schedules", ())
    retention = entry.get("default_retention", {})
    return Workflow(
        binding,
        entry["name"],
        class_name,
        None if script == worker else script,
        entry.get("limits", {}).get("steps"),
        entry.get("concurrency", {}).get("limit"),
        (schedules,) if isinstance(schedules, str) else tuple(schedules),
        retention.get("success_retention"),
        retention.get("error_retention"),
    )


def check_workflow_export(entry: Node) -> None:
    """Check one member of `exports` whose type is "workflow"."""
    required(entry, "name", string)
    name = entry.value.get("name")
    if isinstance(name, str) and not _NAME.fullmatch(name):
        entry.error(f'"{entry.label}.name" is invalid. {_NAME_FORMAT}', "", "name")
    _check_settings(entry, "export")
    unexpected(entry, ("type", "name", *_SETTINGS))


def _check_binding(entry: Node) -> None:
    name = entry.value.get("name")
    if isinstance(name, str) and not _NAME.fullmatch(name):
        message = f'"{entry.label}" binding "name" field is invalid. {_NAME_FORMAT}'
        entry.error(message, "", "name")
    _check_settings(entry, "bindings")


_check_entries = entry_list(
    "workflows",
    Field("binding"),
    Field("name"),
    Field("class_name"),
    Field("script_name", MAY, optional=True),
    also=_SETTINGS,
    extra=_check_binding,
    remotable=False,
)


def check_workflows(node: Node) -> None:
    """Check the section."""
    _check_entries(node)
    if not isinstance(node.value, list):
        return
    names = [entry.get("name") for entry in node.value if isinstance(entry, dict)]
    repeated = sorted({name for name in names if isinstance(name, str) and names.count(name) > 1})
    if repeated:
        listed = '", "'.join(repeated)
        message = '"workflows" bindings must have unique "name" values; duplicate(s) found: '
        node.error(f'{message}"{listed}"', "rename them")


def _check_settings(entry: Node, kind: str) -> None:
    start = f'"{entry.label}" {kind}'
    if "schedules" in entry:
        _check_schedules(entry, start)
    for key, member in (("limits", "steps"), ("concurrency", "limit")):
        if settings := _object(entry, key, start):
            count = settings.value.get(member)
            if member in settings and not _positive(count):
                message = f'{start} "{key}.{member}" field must be a positive integer but got '
                settings.error(f"{message}{quote(count)}.", "write 1 or more", member)
            elif member == "steps" and count is not None and count > _MOST_STEPS:
                message = (
                    f'"{entry.label}" has a step limit of {count}, which exceeds the production '
                    "maximum of 25,000. This configuration may not work when deployed."
                )
                settings.warning(message, "", member)
            unexpected(settings, (member,))
    if retention := _object(entry, "default_retention", start):
        for key, value in retention.value.items():
            if not _positive(value) and not (isinstance(value, str) and value):
                message = (
                    f'{start} "default_retention.{key}" field must be a positive integer of '
                    'milliseconds or a duration string such as "3 days", but got '
                )
                retention.error(f"{message}{quote(value)}.", "", key)
        unexpected(retention, ("success_retention", "error_retention"))
    if entry.value.get("jurisdiction", "eu") not in ("eu", "fedramp", "us"):
        message = f'{start} "jurisdiction" field must be one of "eu", "fedramp", or "us", but got '
        entry.error(f"{message}{quote(entry.value['jurisdiction'])}.", "", "jurisdiction")


def _object(entry: Node, key: str, start: str) -> Node | None:
    if key not in entry:
        return None
    if isinstance(entry.value[key], dict):
        return entry[key]
    message = f'{start} should, optionally, have an object "{key}" field but got {entry.quoted}.'
    entry.error(message, "use {…}", key)
    return None


def _positive(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return value >= 1 and float(value).is_integer()


def _check_schedules(entry: Node, start: str) -> None:
    schedules = entry.value["schedules"]
    if schedules in ("", []):
        kind = "string" if schedules == "" else "array"
        message = f'{start} "schedules" field must not be an empty {kind}.'
        entry.error(message, "remove it", "schedules")
    elif isinstance(schedules, list) and all(isinstance(item, str) for item in schedules):
        if "" in schedules:
            message = f'{start} "schedules" field must not contain empty strings.'
            entry.error(message, "remove them", "schedules", schedules.index(""))
    elif not isinstance(schedules, str):
        message = f'{start} should, optionally, have a string or array of strings "schedules" field'
        entry.error(f"{message} but got {entry.quoted}.", "write a list of strings", "schedules")
