"""The handlers of the default entrypoint: whether they exist and can be called.

Source: workerd, `python-entrypoint-helper.ts`: `fetch` is called with as many arguments as it
takes, `queue`, `scheduled` and `email` with three, whatever they take.
"""

from __future__ import annotations

import ast

from flarelocal.check.findings import Findings
from flarelocal.check.module import Function, Module
from flarelocal.config import WorkerConfig

__all__ = ["check_handlers"]

_EVENTS = {"email": "message", "queue": "batch", "scheduled": "controller"}
_GIVEN = 4
_BASE = "workers.WorkerEntrypoint"


def check_handlers(module: Module, config: WorkerConfig, findings: Findings) -> None:
    """Check the class `Default`, or the functions that are handlers by an old date."""
    functions = not config.compatibility.enabled("python_no_global_handlers")
    default = module.definitions.get("Default")
    if isinstance(default, ast.ClassDef):
        _check_class(module, default, config, findings)
    elif default is None and not module.open:
        _check_functions(module, config, findings, allowed=functions)


def _check_class(
    module: Module, default: ast.ClassDef, config: WorkerConfig, findings: Findings
) -> None:
    bases = [module.name_of(base) for base in default.bases]
    if not bases:
        findings.error(
            module.file,
            default,
            "The class Default is no entrypoint",
            "write class Default(WorkerEntrypoint)",
        )
    methods = {each.name: each for each in default.body if isinstance(each, Function)}
    for name, argument in _EVENTS.items():
        if name in methods:
            _check_signature(module, methods[name], argument, findings)
    if bases == [_BASE]:
        for name, why in _needed(config).items():
            if name not in methods:
                findings.error(
                    module.file,
                    default,
                    f"The config has {why}, but Default has no handler `{name}`",
                    f"add async def {name}(self, {_EVENTS[name]}, env, ctx)",
                )


def _check_signature(module: Module, method: Function, argument: str, findings: Findings) -> None:
    arguments = method.args
    positional = [*arguments.posonlyargs, *arguments.args]
    most = len(positional) if arguments.vararg is None else _GIVEN
    least = len(positional) - len(arguments.defaults)
    required = [
        name.arg
        for name, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if default is None
    ]
    if required or not least <= _GIVEN <= max(most, least):
        findings.error(
            module.file,
            method,
            f"`{method.name}` is called with exactly (self, {argument}, env, ctx), which this "
            "does not take: it raises TypeError for each event",
            f"write async def {method.name}(self, {argument}, env, ctx)",
        )


def _check_functions(
    module: Module, config: WorkerConfig, findings: Findings, *, allowed: bool
) -> None:
    named = [name for name in module.definitions if name.startswith("on_")]
    fix = "write class Default(WorkerEntrypoint) with the handlers as methods"
    if not allowed:
        why = ""
        if named:
            why = (
                f", and functions such as {named[0]} are no handlers since the compatibility date "
                "2025-08-14"
            )
        if config.assets is None or named:
            text = f"The main module has no class Default{why}"
            findings.error(module.file, None, text, fix)
        return
    if not named:
        findings.error(module.file, None, "The main module has no handlers", fix)
    for name, why in _needed(config).items():
        if f"on_{name}" not in named:
            text = f"The config has {why}, but there is no handler on_{name}"
            findings.error(module.file, None, text, f"add async def on_{name}")


def _needed(config: WorkerConfig) -> dict[str, str]:
    needed = {}
    if config.queues.consumers:
        queues = ", ".join(dict.fromkeys(each.queue for each in config.queues.consumers))
        needed["queue"] = f"a consumer of {queues}"
    if config.crons:
        needed["scheduled"] = "crons"
    return needed
