"""Named environments: what they inherit from the top level, and what they have to repeat.

Texts: workers-sdk, workers-utils/src/config/{validation,validation-helpers}.ts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from flarelocal.config.checks import Check, unexpected
from flarelocal.config.durable_objects import check_lifecycle
from flarelocal.config.keys import INHERITED, REDIRECTED, REPEATED, TOP_LEVEL
from flarelocal.config.names import binding_names
from flarelocal.config.report import Node, Report, quote
from flarelocal.config.tree import Keys

__all__ = ["Environment", "choose_environment"]

_NULLABLE = {"triggers", "exports", "migrations", "rules", "limits", "containers"} | {
    "build",
    "dev",
    "streaming_tail_consumers",
    "tail_consumers",
}
_PREFIXED = (REPEATED.keys() | {"rules", "logfwdr"}) - {
    "tail_consumers",
    "streaming_tail_consumers",
}


class Environment(NamedTuple):
    """What one environment of a file amounts to: checked values, and where they are from."""

    name: str | None
    values: Mapping[str, Any]
    own: Mapping[str, Any]
    report: Report

    def keys(self, key: str) -> Keys:
        """Where in the file the value of a key is from."""
        return ("env", self.name, key) if self.name is not None and key in self.own else (key,)

    def given(self, key: str) -> Any:
        """The value of a key, though it may be wrong; None without one."""
        if key in self.values or key in self.own:
            return self.own.get(key, self.values.get(key))
        root = self.report.document.root
        environments = root.get("env")
        named = isinstance(environments, dict) and self.name in environments
        return None if named else root.get(key)

    def node(self, key: str, default: object = None) -> Node:
        """The value of a key, or the default, for further checks."""
        label = f"env.{self.name}.{key}" if len(self.keys(key)) > 1 else key
        return Node(self.values.get(key, default), self.keys(key), label, self.report)


def choose_environment(
    report: Report, name: str | None, via: str, *, redirected: bool, format_: str
) -> Environment:
    """Check the file and the chosen environment, and put its values together.

    Args:
        name: the environment; None for the top level.
        via: how the name was given, for a message.
        redirected: a build tool made the file, for one environment.
        format_: the name of the file in messages, such as "wrangler.jsonc".
    """
    root = report.document.root
    known = {**INHERITED, **REPEATED, **TOP_LEVEL, **(REDIRECTED if redirected else {})}
    top = _checked(report, root, (), known)
    if redirected:
        _check_redirected(report, name, via)
        chosen = Environment(top.get("targetEnvironment"), top, {}, report)
    elif name is None:
        chosen = Environment(None, top, {}, report)
    elif name in top.get("env", {}):
        chosen = _merge(report, top, name, format_)
    else:
        _report_unknown(report, name, format_)
        chosen = Environment(name, _named(top, name, {}), {}, report)
    _check_lifecycle(chosen, format_)
    return chosen


def _checked(
    report: Report, raw: Mapping[str, Any], prefix: Keys, known: Mapping[str, Check]
) -> dict[str, Any]:
    clean: dict[str, Any] = {}
    for key, value in raw.items():
        if key in known and not (value is None and key in _NULLABLE):
            before = len(report.errors)
            label = ".".join(map(str, (*prefix, key))) if key in _PREFIXED else key
            known[key](Node(value, (*prefix, key), label, report))
            if len(report.errors) == before and value is not None:
                clean[key] = value
    label = ".".join(map(str, prefix)) or "top-level"
    unexpected(Node(raw, prefix, label, report), known)
    if raw.get("route", "") != "" and "routes" in raw:
        message = 'Expected exactly one of the following fields ["routes","route"].'
        report.error((*prefix, "routes"), message, 'move the "route" into "routes"')
    return clean


def _named(top: Mapping[str, Any], name: str, own: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(top)
    if top.get("name") and "name" not in own:
        values["name"] = f"{top['name']}-{name}"
    return values


def _merge(report: Report, top: Mapping[str, Any], name: str, format_: str) -> Environment:
    _check_lifecycle(Environment(None, top, {}, report), format_)
    raw = top["env"][name]
    own = _checked(report, raw, ("env", name), {**INHERITED, **REPEATED})
    for key in REPEATED:
        if key in raw:
            _warn_missing_names(report, key, top, own, name)
        elif key in report.document.root:
            message = (
                f'"{key}" exists at the top level, but not on "env.{name}".\n'
                f'This is not what you probably want, since "{key}" is not inherited by '
                f'environments.\nPlease add "{key}" to "env.{name}".'
            )
            report.warning(("env", name), message)
    _warn_custom_domains(report, top, raw, name)
    inherited = {key: value for key, value in top.items() if key not in REPEATED}
    return Environment(name, _named(inherited, name, own) | own, raw, report)


def _warn_missing_names(
    report: Report, key: str, top: Mapping[str, Any], own: Mapping[str, Any], name: str
) -> None:
    if key not in top or key not in own or key in ("queues", "secrets"):
        return
    present = {binding for binding, _ in binding_names(key, own[key])}
    missing = [binding for binding, _ in binding_names(key, top[key]) if binding not in present]
    keys, path = ("env", name, key), f"env.{name}.{key}"
    listed = "\n".join(f"- {binding}" for binding in missing)
    if key == "define":
        for extra in own[key].keys() - top[key].keys():
            message = (
                f'"{extra}" exists on "env.{name}", but not on the top level.\nThis is not what '
                'you probably want, since "define" configuration within environments can only '
                'override existing top level "define" configuration\nPlease remove '
                f'"{path}.{extra}", or add "define.{extra}".'
            )
            report.warning((*keys, extra), message)
    if not missing:
        return
    if key in ("vars", "define"):
        entries = "vars" if key == "vars" else "entries"
        kind = "vars" if key == "vars" else "define entries"
        message = (
            f'The following {kind} exist at the top level, but not on "{path}".\n'
            f'This is probably not what you want, since "{key}" configuration is not inherited by '
            f'environments.\nPlease add these {entries} to "{path}":\n{listed}'
        )
        report.warning(keys, message)
    elif isinstance(top[key], dict) and "bindings" in top[key]:
        message = (
            f'The following bindings are at the top level, but not on "env.{name}".\n'
            f'This is not what you probably want, since "{key}" configuration is not inherited by '
            f'environments.\nPlease add a binding for each to "{path}.bindings":\n{listed}'
        )
        report.warning(keys, message)
    elif isinstance(top[key], list):
        for binding in missing:
            message = (
                f'There is a {key} binding with name "{binding}" at the top level, but not on '
                f'"env.{name}".\nThis is not what you probably want, since "{key}" configuration '
                f'is not inherited by environments.\nPlease add a binding for "{binding}" to '
                f'"{path}.bindings".'
            )
            report.warning(keys, message)


def _warn_custom_domains(
    report: Report, top: Mapping[str, Any], raw: Mapping[str, Any], name: str
) -> None:
    routes = [route for route in top.get("routes", []) if isinstance(route, dict)]
    domains = [route["pattern"] for route in routes if route.get("custom_domain") is True]
    if domains and "routes" not in raw:
        message = (
            f'The "env.{name}" environment inherits the top-level `routes` configuration, which '
            f"includes the custom domain(s): {', '.join(domains)}. Deploying this environment will "
            "reassign these custom domains away from the top-level Worker. Add "
            f'`"routes": []` to "env.{name}" to prevent inheritance, or copy the route '
            "configuration from the top level to hide this warning."
        )
        report.warning(("env", name), message)


def _check_lifecycle(environment: Environment, format_: str) -> None:
    check_lifecycle(
        environment.node("durable_objects", {}),
        environment.node("migrations", []),
        environment.node("exports", {}),
        format_,
    )


def _report_unknown(report: Report, name: str, format_: str) -> None:
    defined = report.document.root.get("env")
    available = (
        f"The available configured environment names are: {quote(list(defined))}\n"
        if isinstance(defined, dict)
        else ""
    )
    message = (
        f'No environment found in configuration with name "{name}".\n'
        f"Before using `--env={name}` there should be an equivalent environment section in the "
        f"configuration.\n{available}\nConsider adding an environment configuration section to the "
        f"{format_} file:\n```\n[env.{name}]\n```\n"
    )
    if available:
        report.error(("env",), message)
    else:
        report.warning((), message)


def _check_redirected(report: Report, name: str | None, via: str) -> None:
    root = report.document.root
    defined = root.get("env")
    if isinstance(defined, dict) and defined:
        listed = "\n".join(f"\t- {key}" for key in defined)
        message = (
            "Redirected configurations cannot include environments but the following have been "
            f"found:\n{listed}\n\n\nSuch configurations are generated by tools, meaning that one "
            "of the tools\nyour application is using is generating the incorrect configuration.\n"
            "Report this issue to the tool's author so that this can be fixed there."
        )
        report.error(("env",), message)
    target = root.get("targetEnvironment")
    if name is not None and target and name != target:
        message = (
            f'You have specified the environment "{name}" via {via}.\nThis does not match the '
            f'target environment "{target}" that was used when building the application.\nPerhaps '
            f'you need to re-run the custom build of the project with "{name}" as the selected '
            "environment?"
        )
        report.error(("targetEnvironment",), message)
