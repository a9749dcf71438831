"""The checks of the sections that a local Worker makes use of, bindings aside.

Texts: workers-sdk, workers-utils/src/config/validation.ts.
"""

from __future__ import annotations

import datetime
import re

from flarelocal.config.artifacts import check_event
from flarelocal.config.checks import (
    BARE,
    FIELD,
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
    section,
    string,
    strings,
    unexpected,
)
from flarelocal.config.report import Node, quote

__all__ = [
    "alias",
    "assets",
    "build",
    "compatibility_date",
    "date_of",
    "dev",
    "environments",
    "name",
    "python_modules",
    "removed",
    "rules",
    "secrets",
    "triggers",
    "variables",
]

_NAME = re.compile(r"([a-z0-9_][a-z0-9_-]*)?")
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


def name(node: Node) -> None:
    """The Worker's own name."""
    if not isinstance(node.value, str) or not _NAME.fullmatch(node.value):
        message = (
            f'Expected "{node.label}" to be of type string, alphanumeric and lowercase with dashes '
            f"only but got {node.quoted}."
        )
        node.error(message, _as_name(node.value))


def _as_name(value: object) -> str:
    better = re.sub(r"[^a-z0-9_]+", "-", str(value).lower()).strip("-")
    return f'write "{better}"' if isinstance(value, str) and better else 'write "my-worker"'


def date_of(text: str) -> datetime.date | None:
    """The date of a compatibility date as the runtime reads it; None if it is none."""
    if not (match := _DATE.fullmatch(text.replace("–", "-").replace("—", "-"))):
        return None
    try:
        return datetime.date(*map(int, match.groups()))
    except ValueError:
        return None


def compatibility_date(node: Node) -> None:
    """A day in ISO 8601."""
    if kind_of(node.value) != "string":
        string(node)
        return
    if "–" in node.value or "—" in node.value:
        message = (
            f'"{node.label}" field should use ISO-8601 accepted hyphens (-) rather than '
            "en-dashes (–) or em-dashes (—)."
        )
        node.error(message, "write 2026-01-31 with hyphens")
    if date_of(node.value) is None:
        message = f'"{node.label}" field should be a valid ISO-8601 date (YYYY-MM-DD), but got '
        node.error(f"{message}{node.quoted}.", 'write a day such as "2026-01-31"')


def triggers(node: Node) -> None:
    """The crons, and events that flarelocal has none of."""
    if not isinstance(node.value, dict):
        mapping(node)
        return
    for key in ("crons", "events"):
        if key in node and not isinstance(node.value[key], list):
            message = f'Expected "{node.label}.{key}" to be of type array, but got {node.quoted}.'
            given = node.value[key]
            example = quote(given) if isinstance(given, str) else '"*/5 * * * *"'
            node.error(message, f"write a list, [{example}]", key)
    crons = node.value.get("crons")
    for index, cron in enumerate(crons if isinstance(crons, list) else []):
        if not isinstance(cron, str):
            message = f'Expected "{node.label}.crons[{index}]" to be of type string but got '
            fix = 'write the expression alone, "*/5 * * * *"'
            node.error(f"{message}{quote(cron)}.", fix, "crons", index)
    if "events" in node and isinstance(node.value["events"], list):
        for event in node["events"].elements():
            check_event(event)
    unexpected(node, ("crons", "events"))


def variables(node: Node) -> None:
    """Variables can be any JSON, but not dates of TOML."""
    if not is_object(node, fix='write {"NAME": "value"}'):
        return
    for key, value in node.value.items():
        if isinstance(value, datetime.date | datetime.time):
            message = (
                f'The field "{node.label}.{key}" is a TOML date, which is not supported. '
                f'Please use a string instead, e.g. {key} = "2025-12-19".'
            )
            node.error(message, "", key)


secrets = section({"required": list_of("string")}, wording=FIELD)


def _string_or_strings(node: Node) -> None:
    (list_of("string") if isinstance(node.value, list) else string)(node)


build = section({"command": string, "cwd": string, "watch_dir": _string_or_strings}, wording=BARE)


def python_modules(node: Node) -> None:
    """Which vendored files stay behind at a deployment."""
    if is_object(node, BARE):
        optional(node, "exclude", strings)


def _port(node: Node) -> None:
    number(node)
    if kind_of(node.value) == "number" and node.value not in range(65_536):
        message = f'"{node.label}" is {node.quoted}, which is no port'
        node.error(message, "write a whole number from 0 to 65535; 0 takes any free one")


dev = section(
    {
        "ip": string,
        "port": _port,
        "inspector_port": _port,
        "inspector_ip": string,
        "local_protocol": one_of("http", "https"),
        "upstream_protocol": one_of("http", "https"),
        "host": string,
        "enable_containers": boolean,
        "container_engine": string,
        "generate_types": boolean,
    },
    wording=BARE,
)


def _run_worker_first(node: Node) -> None:
    if isinstance(node.value, list):
        list_of("string")(node)
    elif not isinstance(node.value, bool):
        message = f'The field "{node.label}" should be an array of strings or a boolean, but got '
        node.error(f"{message}{node.quoted}.", 'write true, or a list such as ["/api/*"]')


def assets(node: Node) -> None:
    """Static files."""
    if isinstance(node.value, dict):
        _assets(node)
    else:
        message = f'"{node.label}" should be an object, but got value {quote(node.label)} of type '
        node.error(f"{message}{kind_of(node.value)}", 'write {"directory": "./public"}')


_assets = section(
    {
        "directory": string,
        "binding": string,
        "html_handling": one_of(
            "auto-trailing-slash", "force-trailing-slash", "drop-trailing-slash", "none"
        ),
        "not_found_handling": one_of("single-page-application", "404-page", "none"),
        "base_path": string,
        "run_worker_first": _run_worker_first,
    }
)


def alias(node: Node) -> None:
    """Modules that stand for others, in bundles."""
    if not isinstance(node.value, dict):
        message = f"Expected alias to be an object, but got {kind_of(node.value)}"
        node.error(message, "use {…}")
        return
    for key, value in node.value.items():
        if kind_of(value) != "string":
            message = f'Expected alias["{key}"] to be a string, but got {kind_of(value)}'
            node.error(message, "write it as text in double quotes", key)


def rules(node: Node) -> None:
    """Which files become modules of which kind."""
    if not is_list(node):
        return
    for rule in node.elements():
        if not is_object(rule, BARE):
            continue
        if rule.value.get("type") not in _RULE_TYPES:
            message = (
                'bindings should have a string "type" field, which contains one of "ESModule", '
                '"CommonJS", "CompiledWasm", "Text", or "Data".'
            )
            rule.error(message, "choose one of these", "type")
        if "globs" in rule:
            list_of("string")(rule["globs"])
        else:
            message = f'Expected "{rule.label}.globs" to be an array of strings but got undefined'
            rule.error(message, 'add "globs": ["**/*.txt"]')
        if kind_of(rule.value.get("fallthrough", False)) != "boolean":
            message = 'the field "fallthrough", when present, should be a boolean.'
            rule.error(message, "write true or false", "fallthrough")


_RULE_TYPES = ("ESModule", "CommonJS", "CompiledWasm", "Text", "Data")


def environments(node: Node) -> None:
    """The named environments; the chosen one is checked on its own."""
    mapping(node)
    if isinstance(node.value, dict):
        for key in node.value:
            mapping(node[key])


def removed(text: str, fix: str = "") -> Check:
    """Refuse a key that wrangler no longer has."""
    return lambda node: node.error(text, fix)
