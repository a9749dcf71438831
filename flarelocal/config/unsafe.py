"""`unsafe` and `logfwdr`: bindings that wrangler passes on without knowing them.

Texts: workers-sdk, workers-utils/src/config/validation.ts.
"""

from __future__ import annotations

from collections.abc import Callable

from flarelocal.config.checks import is_list, is_object, kind_of, list_of, optional, unexpected
from flarelocal.config.report import Node, quote

__all__ = ["check_logfwdr", "check_unsafe"]


def check_unsafe(node: Node) -> None:
    """Check the section, and say that nobody promises anything about it."""
    message = f'"{node.keys[-1]}" fields are experimental and may change or break at any time.'
    node.warning(message)
    if not is_object(node):
        return
    wording = "Expected {} to be an object but got {}."
    optional(node, "bindings", lambda bindings: _bindings(bindings, _unsafe_binding, wording))
    if "metadata" in node:
        is_object(node["metadata"])
    optional(node, "capnp", _capnp)
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
        _bindings(node["bindings"], _log_binding, 'Expected "{}" to be an object but got {}')


def _bindings(node: Node, check: Callable[[Node], None], wording: str) -> None:
    if not is_list(node):
        return
    for entry in node.elements():
        if isinstance(entry.value, dict):
            check(entry)
        else:
            entry.error(wording.format(entry.label, entry.quoted), "use {…}")


def _fields(entry: Node, *names: str) -> None:
    for name in names:
        if kind_of(entry.value.get(name)) != "string":
            entry.error(f'binding should have a string "{name}" field.', "add it", name)


def _unsafe_binding(entry: Node) -> None:
    _fields(entry, "name", "type")
    kind = entry.value.get("type")
    if kind in _SUPPORTED:
        message = (
            f'The binding type "{kind}" is directly supported by wrangler.\nConsider migrating '
            f"this unsafe binding to a format for '{kind}' bindings that is supported by wrangler "
            "for optimal support.\nFor more details, see "
            "https://developers.cloudflare.com/workers/cli-wrangler/configuration"
        )
        entry.warning(message, "", "type")
    if kind == "metadata" and kind_of(entry.value.get("name")) == "string":
        message = (
            "The deployment object in the metadata binding is now deprecated. Please switch using "
            "the version_metadata binding for access to version specific fields: "
            "https://developers.cloudflare.com/workers/runtime-apis/bindings/version-metadata"
        )
        entry.warning(message, "", "type")


def _capnp(node: Node) -> None:
    if not is_object(node):
        return
    if "compiled_schema" not in node:
        given = node.value.get("base_path")
        if kind_of(given) != "string":
            shown = quote(given) if "base_path" in node else "undefined"
            message = f'The field "{node.label}.base_path", when present, should be a string but '
            node.error(f"{message}got {shown}", "write it as text", "base_path")
        if "source_schemas" in node:
            list_of("string")(node["source_schemas"])
        else:
            message = f'Expected "{node.label}.source_schemas" to be an array of strings but got '
            node.error(f"{message}undefined", "add it")
    elif "base_path" in node or "source_schemas" in node:
        message = (
            f'The field "{node.label}" cannot contain both "compiled_schema" and one of '
            '"base_path" or "source_schemas".'
        )
        node.error(message, "remove one of them")
    elif kind_of(node.value["compiled_schema"]) != "string":
        message = f'The field "{node.label}.compiled_schema", when present, should be a string but '
        node.error(f"{message}got {node['compiled_schema'].quoted}.", "write it as text")


_SUPPORTED = frozenset(
    [
        "plain_text",
        "secret_text",
        "json",
        "wasm_module",
        "data_blob",
        "text_blob",
        "browser",
        "analytics",
        "ai",
        "ai_search_namespace",
        "ai_search",
        "agent_memory",
        "kv_namespace",
        "durable_object_namespace",
        "d1_database",
        "r2_bucket",
        "service",
        "logfwdr",
        "mtls_certificate",
        "pipeline",
        "k2",
        "worker_loader",
        "vpc_service",
        "flagship",
        "vpc_network",
        "stream",
        "media",
        "artifacts",
    ]
)


def _log_binding(entry: Node) -> None:
    _fields(entry, "name", "destination")
    unexpected(entry, ("destination", "name"))
