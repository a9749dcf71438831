"""`unsafe` and `logfwdr`: bindings that wrangler passes on without knowing them.

Texts: workers-sdk, workers-utils/src/config/validation.ts.
"""

from __future__ import annotations

from collections.abc import Callable

from flarelocal.config.checks import is_list, is_object, kind_of, optional, unexpected
from flarelocal.config.report import Node

__all__ = ["check_logfwdr", "check_unsafe"]


def check_unsafe(node: Node) -> None:
    """Check the section, and say that nobody promises anything about it."""
    message = f'"{node.keys[-1]}" fields are experimental and may change or break at any time.'
    node.warning(message)
    if not is_object(node):
        return
    optional(node, "bindings", lambda bindings: _bindings(bindings, _unsafe_binding))
    for key in ("metadata", "capnp"):
        if key in node:
            is_object(node[key])
    unexpected(node, ("bindings", "metadata", "capnp"))


def check_logfwdr(node: Node) -> None:
    """Check the section."""
    if not isinstance(node.value, dict):
        message = f'The field "{node.label}" should be an object but got {node.quoted}.'
        node.error(message, 'write {"bindings": […]}')
    elif "bindings" not in node:
        message = f'The field "{node.label}" is missing the required "bindings" property.'
        node.error(message, 'add "bindings": […]')
    else:
        _bindings(node["bindings"], _log_binding)


def _bindings(node: Node, check: Callable[[Node], None]) -> None:
    if not is_list(node):
        return
    for entry in node.elements():
        if isinstance(entry.value, dict):
            check(entry)
        else:
            entry.error(
                f'Expected "{entry.label}" to be an object but got {entry.quoted}', "use {…}"
            )


def _fields(entry: Node, *names: str) -> None:
    for name in names:
        if kind_of(entry.value.get(name)) != "string":
            entry.error(f'binding should have a string "{name}" field.', "add it", name)


def _unsafe_binding(entry: Node) -> None:
    _fields(entry, "name", "type")


def _log_binding(entry: Node) -> None:
    _fields(entry, "name", "destination")
    unexpected(entry, ("destination", "name"))
