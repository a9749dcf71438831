"""The lists of bindings: which fields an entry has, and how wrangler words what is wrong with one.

Texts: workers-sdk, workers-utils/src/config/validation.ts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from flarelocal.config.checks import (
    FIXES,
    Check,
    anything,
    is_list,
    is_object,
    kind_of,
    list_of,
    optional,
    required,
    string,
    unexpected,
)
from flarelocal.config.report import Node, quote

__all__ = ["ENTRIES", "Field", "entry_list", "named_binding", "remote"]

SHOULD = "bindings should have a string"
MUST = "bindings must have a string"
MAY = "bindings should, optionally, have a string"

_BUCKET = re.compile(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")
_BUCKET_FORMAT = (
    "Bucket names must begin and end with an alphanumeric character, only contain lowercase "
    "letters, numbers, and hyphens, and be between 3 and 63 characters long."
)


class Field(NamedTuple):
    """A field of an entry; `wording` is the part of the message between label and name."""

    name: str
    wording: str = SHOULD
    kind: str = "string"
    optional: bool = False
    filled: bool = False
    """True refuses the empty string."""
    quoting: bool = True
    """Whether the message shows the entry."""

    def check(self, entry: Node) -> None:
        """Report the field of an entry when it is missing or of the wrong type."""
        value = entry.value.get(self.name)
        present = self.name in entry
        if not present and self.optional:
            return
        if not present or kind_of(value) != self.kind or (self.filled and value == ""):
            given = f" but got {entry.quoted}" if self.quoting else ""
            message = f'"{entry.label}" {self.wording} "{self.name}" field{given}.'
            entry.error(message, self._fix(value, present=present), self.name)

    def _fix(self, value: object, *, present: bool) -> str:
        if not present:
            return f'add "{self.name}"'
        return "name it, or remove it" if value == "" else FIXES[self.kind]


def entry_list(
    noun: str,
    *fields: Field,
    also: tuple[str, ...] = (),
    extra: Check = anything,
    remotable: bool = True,
    any_key: bool = False,
    wording: str = '"{noun}" bindings should be objects, but got {quoted}',
) -> Check:
    """Accept a list of objects with these fields.

    Args:
        noun: what the message about an entry that is no object calls the entries.
        wording: that message.
        also: fields that wrangler knows but does not check.
        extra: what there is to check besides.
        remotable: the binding can be connected to the real resource.
        any_key: fields that are not listed are no reason for a warning.
    """
    known = {field.name for field in fields}.union(also, ("remote",) if remotable else ())

    def check(node: Node) -> None:
        if not is_list(node, fix="write a list of objects, [{…}]"):
            return
        for entry in node.elements():
            if not isinstance(entry.value, dict):
                given = {"noun": noun, "label": entry.label, "quoted": entry.quoted}
                entry.error(wording.format(**given), "use {…}")
                continue
            for field in fields:
                field.check(entry)
            extra(entry)
            if remotable:
                remote(entry)
            if not any_key:
                unexpected(entry, known)

    return check


def named_binding(*, any_key: bool = False, remotable: bool = True) -> Check:
    """Accept an object that is one binding, such as `"ai": {"binding": "AI"}`."""

    def check(node: Node) -> None:
        if not is_object(node, fix='write {"binding": "NAME"}'):
            return
        if kind_of(node.value.get("binding")) != "string":
            node.error('binding should have a string "binding" field.', "add it", "binding")
        plain = Node(node.value, node.keys, str(node.keys[-1]), node.report)
        if remotable:
            remote(plain)
        if not any_key:
            unexpected(plain, {"binding", "remote"})

    return check


def remote(entry: Node) -> None:
    """Check the switch that connects a binding to the real resource."""
    if "remote" in entry and kind_of(entry.value["remote"]) != "boolean":
        message = f'"{entry.label}" should, optionally, have a boolean "remote" field but got '
        entry.error(f"{message}{entry.quoted}.", "write true or false", "remote")


def _bucket(entry: Node) -> None:
    if kind_of(entry.value.get("binding")) == "string":
        for key, space in (("bucket_name", ""), ("preview_bucket_name", " ")):
            name = entry.value.get(key, "a-name")
            if not isinstance(name, str) or (key == "bucket_name" and not name):
                break
            if not _BUCKET.fullmatch(name):
                message = f"{entry.label}.{key}={space}{quote(name)} is invalid."
                entry.error(f"{message} {_BUCKET_FORMAT}", "", key)
                break
    if "local_dev" in entry:
        _local_bucket(entry)


def _local_bucket(entry: Node) -> None:
    local, start = entry.value["local_dev"], f'"{entry.label}" bindings should, optionally, have'
    if not isinstance(local, dict):
        message = f'{start} an object "local_dev" field but got {entry.quoted}.'
        entry.error(message, "use {…}", "local_dev")
        return
    name = "experimental_s3_credentials"
    if name in local:
        message = f'"local_dev.{name}" fields are experimental and may change or break at any time.'
        entry.warning(message, "", "local_dev", name)
        keys = ("accessKeyId", "secretAccessKey")
        given = local[name] if isinstance(local[name], dict) else {}
        if any(kind_of(given.get(key)) != "string" for key in keys):
            message = (
                f'{start} a "local_dev.{name}" field with string "accessKeyId" and '
                f'"secretAccessKey" fields, but got {entry.quoted}.'
            )
            entry.error(message, "add them", "local_dev", name)
    unexpected(entry["local_dev"], (name,))


def _outbound(entry: Node) -> None:
    if "outbound" not in entry:
        return
    before = len(entry.report.errors)
    outbound = entry["outbound"]
    if not isinstance(outbound.value, dict | None):
        message = f'"{outbound.label}" should be an object, but got {outbound.quoted}'
        outbound.error(message, 'use {"service": "…"}')
    elif outbound.value is None:
        outbound.error(f'"{outbound.label}.service" is a required field.', 'add {"service": "…"}')
    else:
        required(outbound, "service", string)
        if len(entry.report.errors) == before:
            optional(outbound, "environment", string)
        if len(entry.report.errors) == before:
            optional(outbound, "parameters", list_of("string"))
    if len(entry.report.errors) > before:
        message = f'"{entry.label}" has an invalid outbound definition.'
        entry.error(message, "correct it", "outbound")


def _always_remote(entry: Node) -> None:
    if entry.value.get("remote") is False:
        message = (
            f'"{entry.label}" does not support `remote: false`. K2 bindings always access remote '
            'resources; omit "remote" or set `remote: true`.'
        )
        entry.error(message, "", "remote")


def _props(entry: Node) -> None:
    if "props" in entry and not isinstance(entry.value["props"], dict):
        message = f'"{entry.label}" bindings should have an object "props" field but got '
        entry.error(f"{message}{entry.quoted}.", "use {…}", "props")


def _destinations(entry: Node) -> None:
    if "destination_address" in entry and "allowed_destination_addresses" in entry:
        message = (
            f'"{entry.label}" bindings should have either a "destination_address" or '
            '"allowed_destination_addresses" field, but not both.'
        )
        entry.error(message, "remove one of them", "destination_address")


def _rate(entry: Node) -> None:
    simple = entry.value.get("simple")
    if not isinstance(simple, dict):
        message = f'"{entry.label}" bindings must have a "simple" configuration object but got '
        fix = 'add "simple": {"limit": 100, "period": 60}'
        entry.error(f"{message}{entry.quoted}.", fix, "simple")
        return
    if kind_of(simple.get("limit")) != "number":
        message = f'"{entry.label}" bindings "simple.limit" must be a number but got '
        entry.error(f"{message}{quote(simple)}.", "write a number", "simple", "limit")
    period = simple.get("period")
    if kind_of(period) != "number":
        message = f'"{entry.label}" bindings "simple.period" is required and must be a number'
        entry.error(f"{message} but got {quote(simple)}.", "write 10 or 60", "simple", "period")
    elif period not in (10, 60):
        message = f'"{entry.label}" bindings "simple.period" must be either 10 or 60 but got '
        entry.error(f"{message}{quote(period)}.", "write 10 or 60", "simple", "period")
    unexpected(entry["simple"], {"limit", "period"})


def _pipeline_stream(entry: Node) -> None:
    if entry.value.get("stream") and kind_of(entry.value["stream"]) == "string":
        return
    if entry.value.get("pipeline") and kind_of(entry.value["pipeline"]) == "string":
        message = f'The "pipeline" field in "{entry.label}" bindings is deprecated.'
        entry.warning(f'{message} Use "stream" instead.', "", "pipeline")
    else:
        Field("stream", MUST).check(entry)


def _network(entry: Node) -> None:
    given = [key for key in ("tunnel_id", "network_id") if key in entry]
    start = f'"{entry.label}" bindings must have'
    if len(given) == 2:
        entry.error(f'{start} either a "tunnel_id" or "network_id", but not both.', "remove one")
    elif not given:
        message = f'{start} either a "tunnel_id" or "network_id" field but got {entry.quoted}.'
        entry.error(message, "add one of them")
    else:
        Field(given[0], MUST).check(entry)


_BINDING = Field("binding")

ENTRIES: Mapping[str, Check] = {
    "kv_namespaces": entry_list(
        "kv_namespaces",
        _BINDING,
        Field("id", optional=True, filled=True),
        Field("preview_id", MAY, optional=True),
    ),
    "r2_buckets": entry_list(
        "r2_buckets",
        _BINDING,
        Field("bucket_name", optional=True, filled=True),
        Field("preview_bucket_name", MAY, optional=True),
        Field("jurisdiction", MAY, optional=True),
        also=("local_dev",),
        extra=_bucket,
    ),
    "d1_databases": entry_list(
        "d1_databases",
        _BINDING,
        Field("database_id", "bindings must have a", optional=True),
        Field("preview_database_id", MAY, optional=True),
        Field("migrations_pattern", MAY, optional=True),
        Field("database_name", MAY, optional=True),
        Field("migrations_dir", MAY, optional=True),
        Field("migrations_table", MAY, optional=True),
        Field("database_internal_env", MAY, optional=True),
        Field("jurisdiction", MAY, optional=True),
    ),
    "services": entry_list(
        "services",
        _BINDING,
        Field("service"),
        Field("environment", optional=True),
        Field("entrypoint", optional=True),
        extra=_props,
        any_key=True,
    ),
    "analytics_engine_datasets": entry_list(
        "analytics_engine",
        _BINDING,
        Field("dataset", MAY, optional=True, filled=True),
    ),
    "ratelimits": entry_list(
        "ratelimits",
        Field("name", MUST),
        Field("namespace_id", MUST),
        also=("simple",),
        extra=_rate,
        remotable=False,
    ),
    "secrets_store_secrets": entry_list(
        "secrets_store_secrets",
        Field("binding", MUST),
        Field("store_id", MUST),
        Field("secret_name", MUST),
        remotable=False,
    ),
    "hyperdrive": entry_list(
        "hyperdrive",
        _BINDING,
        Field("id", "bindings must have a"),
        also=("localConnectionString",),
    ),
    "send_email": entry_list(
        "send_email",
        Field("name"),
        Field("destination_address", MAY, optional=True),
        Field(
            "allowed_destination_addresses",
            "bindings should, optionally, have a []string",
            kind="object",
            optional=True,
        ),
        Field(
            "allowed_sender_addresses",
            "bindings should, optionally, have a []string",
            kind="object",
            optional=True,
        ),
        also=("binding",),
        extra=_destinations,
    ),
    "vectorize": entry_list("vectorize", _BINDING, Field("index_name", "bindings must have an")),
    "ai_search_namespaces": entry_list(
        "ai_search_namespaces", _BINDING, Field("namespace", "bindings must have a")
    ),
    "ai_search": entry_list("ai_search", _BINDING, Field("instance_name", "bindings must have an")),
    "agent_memory": entry_list(
        "agent_memory", _BINDING, Field("namespace", "bindings must have a")
    ),
    "dispatch_namespaces": entry_list(
        "dispatch_namespaces",
        Field("binding", "should have a string"),
        Field("namespace", "should optionally have a string", optional=True),
        extra=_outbound,
        any_key=True,
        wording='"{label}" binding should be objects, but got {quoted}',
    ),
    "mtls_certificates": entry_list(
        "mtls_certificates", _BINDING, Field("certificate_id", filled=True)
    ),
    "pipelines": entry_list(
        "pipeline",
        Field("binding", MUST),
        also=("stream", "pipeline"),
        extra=_pipeline_stream,
    ),
    "k2": entry_list(
        "k2",
        Field("binding", "must have a string", quoting=False),
        Field("stream", "must have a string", quoting=False),
        extra=_always_remote,
        wording='"{label}" bindings should be objects, but got {quoted}',
    ),
    "artifacts": entry_list("artifacts", Field("binding", MUST), Field("namespace", MUST)),
    "unsafe_hello_world": entry_list(
        "unsafe_hello_world",
        Field("binding", MUST),
        Field("enable_timer", "bindings must have a boolean", kind="boolean", optional=True),
        remotable=False,
    ),
    "flagship": entry_list(
        "flagship",
        Field("binding", MUST),
        Field("app_id", "bindings may have a string", optional=True),
    ),
    "worker_loaders": entry_list("worker_loader", Field("binding", MUST), remotable=False),
    "vpc_services": entry_list(
        "vpc_services",
        _BINDING,
        Field("service_id", "bindings must have a"),
        also=("remote",),
        remotable=False,
    ),
    "vpc_networks": entry_list(
        "vpc_networks",
        _BINDING,
        also=("tunnel_id", "network_id", "remote"),
        extra=_network,
        remotable=False,
    ),
}
