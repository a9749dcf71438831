"""The checks of what only a deployment makes use of.

Texts: workers-sdk, workers-utils/src/config/validation.ts.
"""

from __future__ import annotations

import json

from flarelocal.config.checks import (
    BARE,
    FIXES,
    Check,
    anything,
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
    "cloudchamber",
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

_LIMITS = {"cpu_ms": number, "subrequests": number}
cache = section({"enabled": boolean, "cross_version_cache": boolean}, "enabled", wording=BARE)


def limits(node: Node) -> None:
    """What an invocation may use up; other members are the service's concern."""
    if is_object(node, BARE):
        for key, check in _LIMITS.items():
            optional(node, key, check)


def _files(node: Node) -> None:
    # Wrangler calls the section by another name here.
    list_of("string")(Node(node.value, node.keys, f"sites.{node.keys[-1]}", node.report))


_site = section(
    {
        "bucket": string,
        "include": _files,
        "exclude": _files,
        "entry-point": string,
    },
    "bucket",
)
dependencies = section({"enabled": boolean, "exclude_packages": list_of("string")})
access = section({"dev": section({"aud": string, "identity": mapping}, "aud")}, wording=BARE)


def site(node: Node) -> None:
    """Workers Sites, the predecessor of assets."""
    _site(node)
    if isinstance(node.value, dict) and "entry-point" in node:
        entry = node.value["entry-point"]
        path = f"{entry}/index.js" if isinstance(entry, str) and "." not in entry else entry
        message = (
            'Deprecation: "site.entry-point":\nDelete the `site.entry-point` field, then add the '
            f'top level `main` field to your configuration file:\n```\nmain = "{path}"\n```'
        )
        node.warning(message, "", "entry-point")
        if entry and "main" in node.report.document.root:
            message = (
                "Don't define both the `main` and `site.entry-point` fields in your configuration."
                "\nThey serve the same purpose: to point to the entry-point of your worker.\n"
                "Delete the deprecated `site.entry-point` field from your config."
            )
            node.error(message, "", "entry-point")


def cloudchamber(node: Node) -> None:
    """Containers of their own."""
    if not isinstance(node.value, dict):
        node.error(f'"cloudchamber" should be an object, but got {node.quoted}', "use {…}")
        return
    kinds = {"memory": "string", "image": "string", "location": "string"}
    for key, kind in {**kinds, "ipv4": "boolean", "vcpu": "number"}.items():
        if key in node and kind_of(node.value[key]) != kind:
            message = f'"{node.label}" bindings should, optionally, have a {kind} "{key}" field but'
            node.error(f"{message} got {node.quoted}.", FIXES[kind], key)


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


def _destinations(node: Node) -> None:
    # Wrangler leaves out the name of the section here.
    label = ".".join(map(str, node.keys[-2:]))
    list_of("string")(Node(node.value, node.keys, label, node.report))


_LOGS: dict[str, Check] = {
    "enabled": boolean,
    "head_sampling_rate": _share,
    "destinations": _destinations,
    "persist": boolean,
}
_observability = section(
    {
        "enabled": anything,
        "head_sampling_rate": _share,
        "redact_query_string": boolean,
        "issues": section({"enabled": boolean}, wording=BARE),
        "logs": section({**_LOGS, "invocation_logs": boolean}, label="observability"),
        "traces": section(_LOGS, label="observability"),
    },
    wording=BARE,
)


def observability(node: Node) -> None:
    """What Cloudflare records; flarelocal records everything."""
    _observability(node)
    if not isinstance(node.value, dict):
        return
    parts = [node.value, *(node.value.get(key) for key in ("logs", "traces", "issues"))]
    switches = [part["enabled"] for part in parts if isinstance(part, dict) and "enabled" in part]
    if "enabled" in node and not any(isinstance(switch, bool) for switch in switches):
        boolean(node["enabled"])
    if not switches:
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
        optional(node, "mode", one_of("targeted"))
    else:
        modes = ("off", "smart") if "hint" in node else ("off", "smart", "targeted")
        required(node, "mode", one_of(*modes))
    for key in targets:
        string(node[key])
        if node.value[key] == "":
            node.error(f'"{node.label}.{key}" must be a non-empty string.', "name it", key)
    if node.value.get("mode") == "targeted" and not targets and "hint" not in node:
        keys = " or ".join(f'"{node.label}.{key}"' for key in ("region", "host", "hostname"))
        node.error(f"{keys} is required.", "add one of them", "mode")
    if kind_of(node.value.get("hint", "")) != "string":
        message = (
            f'"{node.label}.hint" must be a string when "{node.label}.mode" is '
            f'"{node.value.get("mode", "undefined")}"'
        )
        node.error(message, FIXES["string"], "hint")
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
    wrong = [index for index, item in enumerate(node.value) if not _is_route(item)]
    if wrong:
        listed = json.dumps([node.value[index] for index in wrong], indent=2, ensure_ascii=False)
        message = (
            f'Expected "{node.label}" to be an array of either strings or objects with the '
            f"shape {_ROUTE_SHAPE}, but these weren't valid: {listed}."
        )
        node.error(message, 'write "example.com/*"', wrong[0])


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
        for key in udp:
            given = entry.value.get(key, 0)
            if kind_of(given) != "number" or given not in range(2**32):
                message = f'"{entry.label}" should have an integer "{key}" field between 0 and'
                entry.error(f"{message} {2**32 - 1} but got {entry.quoted}.", "write one", key)
        unexpected(entry, ("protocol", "port", "address", *udp))
    _unique_ports(node)


def _unique_ports(node: Node) -> None:
    first: dict[tuple[str, float], Node] = {}
    for entry in node.elements():
        given = entry.value if isinstance(entry.value, dict) else {}
        protocol, port = given.get("protocol"), given.get("port")
        if not isinstance(protocol, str) or kind_of(port) != "number":
            continue
        other = first.setdefault((protocol, given["port"]), entry)
        if other.label != entry.label:
            message = (
                f'"{entry.label}" has the same "protocol" ({protocol}) and "port" ({quote(port)}) '
                f'as "{other.label}". Each entry in "connect" must use a unique protocol/port '
                "combination."
            )
            entry.error(message, "", "port")
