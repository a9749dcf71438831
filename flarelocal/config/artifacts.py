"""`triggers.events`: what happens to repositories of Artifacts, and the Workflows that it starts.

Texts: workers-sdk, workers-utils/src/config/validation.ts.
"""

from __future__ import annotations

from flarelocal.config.checks import kind_of, unexpected
from flarelocal.config.report import Node, quote

__all__ = ["check_event"]

_TYPES = frozenset(
    f"cf.artifacts.repo.{what}"
    for what in (
        "created",
        "deleted",
        "forked",
        "imported",
        "pushed",
        "cloned",
        "fetched",
        "token.created",
        "token.revoked",
    )
)


def check_event(event: Node) -> None:
    """Check one event."""
    if not isinstance(event.value, dict):
        message = f'Expected "{event.label}" to be of type object, but got {event.quoted}.'
        event.error(message, 'use {"type": "…", "targets": […]}')
        return
    kind = event.value.get("type")
    if not isinstance(kind, str) or kind not in _TYPES:
        given = quote(kind) if "type" in event else "undefined"
        message = f'Expected "{event.label}.type" to be a supported Artifacts event type, but got '
        event.error(f"{message}{given}.", 'write one such as "cf.artifacts.repo.pushed"', "type")
    if "filter" in event:
        _filter(event["filter"])
    targets = event.value.get("targets")
    if not isinstance(targets, list) or not targets:
        given = quote(targets) if "targets" in event else "undefined"
        message = f'Expected "{event.label}.targets" to be a non-empty array, but got {given}.'
        event.error(message, 'write [{"type": "workflow", "workflow_name": "…"}]', "targets")
    else:
        for target in event["targets"].elements():
            _target(target)
    unexpected(event, ("type", "filter", "targets"))


def _filter(node: Node) -> None:
    if not isinstance(node.value, dict):
        message = f'Expected "{node.label}" to be of type object, but got {node.quoted}.'
        node.error(message, "use {…}")
    elif any(
        key not in ("namespace", "repo_name") or kind_of(value) != "string" or not value
        for key, value in node.value.items()
    ):
        message = (
            f'Expected "{node.label}" to contain only non-empty string "namespace" and "repo_name" '
            f"fields, but got {node.quoted}."
        )
        node.error(message, "remove what is not")


def _target(node: Node) -> None:
    value = node.value
    name = value.get("workflow_name") if isinstance(value, dict) else None
    if name and isinstance(name, str) and value.get("type") == "workflow":
        unexpected(node, ("type", "workflow_name"))
        return
    message = (
        f'Expected "{node.label}" to be a workflow target with a non-empty "workflow_name", but '
        f"got {node.quoted}."
    )
    node.error(message, 'write {"type": "workflow", "workflow_name": "…"}')
