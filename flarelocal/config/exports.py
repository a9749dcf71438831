"""`exports`: what a Worker's classes are, declared by name.

Texts: workers-sdk, workers-utils/src/config/validation.ts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flarelocal.config.checks import BARE, boolean, kind_of, optional, section, unexpected
from flarelocal.config.lineage import Lineage
from flarelocal.config.report import Node, listed, quote
from flarelocal.config.workflows import check_workflow_export

__all__ = ["check_exports", "declare", "live_classes"]

_IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_STORAGES = ("sqlite", "legacy-kv")
_STATES: Mapping[str, tuple[str, ...]] = {
    "created": ("type", "state", "storage", "container"),
    "deleted": ("type", "state"),
    "renamed": ("type", "state", "renamed_to"),
    "transferred": ("type", "state", "transferred_to"),
    "expecting-transfer": ("type", "state", "storage", "transfer_from", "container"),
}


def live_classes(exports: Mapping[str, Any]) -> dict[str, bool]:
    """The Durable Object classes that exist, True for those stored in SQLite."""
    return {
        name: entry.get("storage") == "sqlite"
        for name, entry in exports.items()
        if entry.get("type") == "durable-object"
        and entry.get("state", "created") in ("created", "expecting-transfer")
    }


def declare(exports: Mapping[str, Any], lineage: Lineage) -> None:
    """Tell whose objects the declared classes have."""
    objects = {n: entry for n, entry in exports.items() if entry.get("type") == "durable-object"}
    former = {entry.get("renamed_to"): name for name, entry in objects.items()}
    for name, entry in objects.items():
        match entry.get("state", "created"):
            case "created":
                lineage.rename(_ancestry(name, former)[-1], name)
            case "expecting-transfer":
                lineage.transfer(entry["transfer_from"], name, name)
            case "deleted":
                lineage.delete(name)


def _ancestry(name: str, former: Mapping[str, str]) -> list[str]:
    """A class and its former names, the latest first."""
    names = [name]
    while (before := former.get(names[-1])) and before not in names:
        names.append(before)
    return names


def check_exports(node: Node) -> None:
    """Check the section."""
    if not isinstance(node.value, dict):
        message = f'The optional "{node.label}" field should be an object keyed by class name'
        node.error(f"{message}, but got {node.quoted}", 'write {"ClassName": {…}}')
        return
    for name in node.value:
        _export(node[name], name)
    workflows: dict[str, str] = {}
    for name, entry in node.value.items():
        if isinstance(entry, dict) and entry.get("type") == "workflow" and "name" in entry:
            first = workflows.setdefault(quote(entry["name"]), name)
            if first != name:
                message = (
                    f'"exports.{first}" and "exports.{name}" both declare the Workflow '
                    f"{quote(entry['name'])}. Workflow names must be unique."
                )
                node.error(message, "rename one of them", name, "name")


def _export(entry: Node, name: str) -> None:
    if not isinstance(entry.value, dict):
        message = f'"exports.{name}" should be an object but got {entry.quoted}.'
        entry.error(message, 'write {"type": "durable-object", "storage": "sqlite"}')
        return
    match entry.value.get("type"):
        case "durable-object":
            _durable_object(entry, name)
        case "worker":
            unexpected(entry, ("type", "cache"))
            optional(entry, "cache", section({"enabled": boolean}, "enabled", wording=BARE))
        case "workflow":
            check_workflow_export(entry)
        case other:
            message = (
                f'"exports.{name}.type" must be "durable-object", "worker", or "workflow", '
                f"but got {quote(other) if 'type' in entry else 'undefined'}."
            )
            entry.error(message, "choose one of these", "type")


def _durable_object(entry: Node, name: str) -> None:
    export, label = entry.value, f'"exports.{name}'
    state = export.get("state", "created")
    if not isinstance(state, str) or state not in _STATES:
        choices = '"created", "deleted", "renamed", "transferred", or "expecting-transfer"'
        message = f'{label}.state" must be one of {choices} but got {quote(state)}.'
        entry.error(message, "choose one of these", "state")
        return
    allowed = _STATES[state]
    if "storage" in allowed and export.get("storage") not in _STORAGES:
        given = quote(export["storage"]) if "storage" in export else "undefined"
        message = (
            f'{label}.storage" is required for state "{state}" and must be one of '
            f"{listed(_STORAGES)}, but got {given}"
        )
        entry.error(message, 'write "storage": "sqlite"', "storage")
    for key in ("renamed_to", "transferred_to", "transfer_from"):
        if key in allowed and not (isinstance(export.get(key), str) and export[key]):
            message = f'{label}.{key}" is required for state "{state}" and must be a non-empty'
            entry.error(f"{message} string.", f'add "{key}"', key)
    _renamed(entry, name)
    _container(entry, name)
    forbidden = [key for key in export if key not in allowed]
    for key in forbidden:
        message = f'{label}.{key}" is forbidden on state "{state}".'
        entry.error(message, f"Allowed properties are: {listed(allowed)}.", key)


def _renamed(entry: Node, name: str) -> None:
    new = entry.value.get("renamed_to")
    if entry.value.get("state") != "renamed" or not isinstance(new, str) or not new:
        return
    label = f'"exports.{name}.renamed_to"'
    if not _IDENTIFIER.fullmatch(new):
        message = f'{label} must be a valid JavaScript identifier (got "{new}").'
        entry.error(message, "write the name of the class", "renamed_to")
    if new == name:
        message = f'{label} cannot equal the source class name "{name}".'
        entry.error(message, "write the new name", "renamed_to")


def _container(entry: Node, name: str) -> None:
    if "container" not in entry or "container" not in _STATES[entry.value.get("state", "created")]:
        return
    container, label = entry.value["container"], f'"exports.{name}.container"'
    if kind_of(container) != "string" or not container:
        message = (
            f'{label} must be a non-empty string naming a container in the "containers" array, '
            f"but got {quote(container)}."
        )
        entry.error(message, "name one of them", "container")
    elif entry.value.get("storage") == "legacy-kv":
        message = (
            f'{label} requires "storage" to be "sqlite". Containers are not supported on Durable '
            'Objects using the "legacy-kv" storage backend.'
        )
        entry.error(message, 'write "storage": "sqlite"', "container")
