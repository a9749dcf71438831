"""The checks of what only a deployment makes use of.

Texts: workers-sdk, workers-utils/src/config/validation.ts.
"""

from __future__ import annotations

from flarelocal.config.checks import (
    BARE,
    Check,
    boolean,
    is_list,
    is_object,
    kind_of,
    list_of,
    mapping,
    number,
    one_of,
    optional,
    required,
    section,
    string,
    unexpected,
)
from flarelocal.config.report import Node, quote

__all__ = [
    "access",
    "account_id",
    "cache",
    "connect",
    "dependencies",
    "limits",
    "observability",
    "placement",
    "route",
    "routes",
    "site",
    "tail_consumers",
]

limits = section({"cpu_ms": number, "subrequests": number}, wording=BARE)
cache = section({"enabled": boolean, "cross_version_cache": boolean}, "enabled", wording=BARE)
site = section(
    {
        "bucket": string,
        "include": list_of("string"),
        "exclude": list_of("string"),
        "entry-point": string,
    },
    "bucket",
)
dependencies = section({"enabled": boolean, "exclude_packages": list_of("string")})
access = section({"dev": section({"aud": string, "identity": mapping}, "aud")}, wording=BARE)


def account_id(node: Node) -> None:
    """The account of a deployment; old templates leave it empty."""
    string(node)
    if node.value == "":
        _ignored(node)


def _ignored(node: Node) -> None:
    message = (
        f'The "{node.label}" field in your configuration is an empty string and will be ignored.\n'
        f'Please remove the "{node.label}" field from your configuration.'
    )
    node.warning(message)


def _share(node: Node) -> None:
    number(node)
    if kind_of(node.value) == "number" and not 0 <= node.value <= 1:
        node.error(f'"{node.label}" must be a value between 0 and 1.', "write 1 for all of them")


_LOGS: dict[str, Check] = {
    "enabled": boolean,
    "head_sampling_rate": _share,
    "destinations": list_of("string"),
    "persist": boolean,
}
_observability = section(
    {
        "enabled": boolean,
        "head_sampling_rate": _share,
        "redact_query_string": boolean,
        "issues": section({"enabled": boolean}, wording=BARE),
        "logs": section({**_LOGS, "invocation_logs": boolean}),
        "traces": section(_LOGS),
    },
    wording=BARE,
)


def observability(node: Node) -> None:
    """What Cloudflare records; flarelocal records everything."""
    _observability(node)
    if not isinstance(node.value, dict):
        return
    parts = [node.value, *(node.value.get(key) for key in ("logs", "traces", "issues"))]
    if not any(isinstance(part, dict) and "enabled" in part for part in parts):
        names = ("enabled", "logs.enabled", "traces.enabled", "issues.enabled")
        listed = " or ".join(f'"{node.label}.{key}"' for key in names)
        node.error(f"{listed} is required.", 'add "enabled": true')


def placement(node: Node) -> None:
    """Where Cloudflare runs the Worker."""
    if not is_object(node, fix='write {"mode": "smart"}'):
        return
    targets = [key for key in ("region", "host", "hostname") if key in node]
    if "hint" in node and targets:
        message = (
            f'"{node.label}" cannot have both "hint" (smart format) and '
            '"region"/"host"/"hostname" (targeted format) fields'
        )
        node.error(message, "remove one of them")
    elif targets:
        optional(node, "mode", one_of("off", "targeted"))
    else:
        modes = ("off", "smart") if "hint" in node else ("off", "smart", "targeted")
        required(node, "mode", one_of(*modes))
    for key in ("hint", *targets):
        optional(node, key, string)
    if node.value.get("hint") and node.value.get("mode") != "smart":
        message = f'"{node.label}.hint" can only be set when "{node.label}.mode" is "smart"'
        node.error(message, "remove one of them", "hint")
    if len(targets) > 1:
        listed = ", ".join(f'"{key}"' for key in targets)
        message = f'"{node.label}" fields {listed} are mutually exclusive.'
        node.error(f"{message} Only one can be specified.", "remove the others", targets[1])


_ROUTE_SHAPE = "{ pattern, custom_domain, zone_id | zone_name, enabled, previews_enabled }"
_ROUTE_FIELDS = {
    "pattern": "string",
    "zone_id": "string",
    "zone_name": "string",
    "custom_domain": "boolean",
    "enabled": "boolean",
    "previews_enabled": "boolean",
}


def _is_route(value: object) -> bool:
    if isinstance(value, str):
        return value != ""
    if not isinstance(value, dict) or "pattern" not in value:
        return False
    if any(_ROUTE_FIELDS.get(key) != kind_of(member) for key, member in value.items()):
        return False
    if "custom_domain" not in value and ("enabled" in value or "previews_enabled" in value):
        return False
    return len(value.keys() & {"zone_id", "zone_name"}) + ("custom_domain" in value) in (1, 2) and (
        not value.keys() >= {"zone_id", "zone_name"}
    )


def route(node: Node) -> None:
    """One pattern of URLs."""
    if node.value == "":
        _ignored(node)
    elif not _is_route(node.value):
        message = (
            f'Expected "{node.label}" to be either a string, or an object with shape '
            f"{_ROUTE_SHAPE}, but got {node.quoted}."
        )
        node.error(message, 'write "example.com/*"')


def routes(node: Node) -> None:
    """Several patterns."""
    if not is_list(node, 'Expected "{}" to be an', 'write a list, ["example.com/*"]'):
        return
    for index, item in enumerate(node.value):
        if not _is_route(item):
            message = (
                f'Expected "{node.label}" to be an array of either strings or objects with the '
                f"shape {_ROUTE_SHAPE}, but these weren't valid: {quote([item])}."
            )
            node.error(message, 'write "example.com/*"', index)


def tail_consumers(node: Node) -> None:
    """The Workers that get this one's logs."""
    if not is_list(node, 'Expected "{}" to be an', 'write a list, [{"service": "…"}]'):
        return
    for entry in node.elements():
        if isinstance(entry.value, dict):
            required(entry, "service", string)
            optional(entry, "environment", string)
        else:
            entry.error(f'"{entry.label}" should be an object but got {entry.quoted}.', "use {…}")


def connect(node: Node) -> None:
    """Sockets that the Worker listens on."""
    if not is_list(node):
        return
    for entry in node.elements():
        if not isinstance(entry.value, dict):
            entry.error(f'"{entry.label}" should be an object, but got {entry.quoted}', "use {…}")
            continue
        protocol = entry.value.get("protocol")
        if protocol not in ("tcp", "udp"):
            given = quote(protocol) if "protocol" in entry else entry.quoted
            message = f'"{entry.label}" should have a "protocol" field of "tcp" or "udp" but got '
            entry.error(f"{message}{given}.", "choose one of these", "protocol")
        port = entry.value.get("port")
        if kind_of(port) != "number":
            message = f'"{entry.label}" should have a number "port" field but got {entry.quoted}.'
            entry.error(message, "write a number", "port")
        elif port not in range(1, 65_536):
            message = f'"{entry.label}" should have an integer "port" field between 1 and 65535'
            entry.error(f"{message} but got {entry.quoted}.", "write such a number", "port")
        if kind_of(entry.value.get("address", "")) != "string":
            message = f'"{entry.label}" should, optionally, have a string "address" field but got '
            entry.error(f"{message}{entry.quoted}.", "write an IP address", "address")
        udp = ("idle_timeout_ms", "max_pending_bytes") if protocol == "udp" else ()
        unexpected(entry, ("protocol", "port", "address", *udp))
