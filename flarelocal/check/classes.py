"""The classes that the configuration names: whether the main module has them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flarelocal.check.findings import Findings
from flarelocal.check.module import Module
from flarelocal.config import WorkerConfig

__all__ = ["check_classes"]


def check_classes(module: Module, config: WorkerConfig, findings: Findings) -> None:
    """Check the classes of Durable Objects, Workflows and bound entrypoints."""
    for name, base, what in dict.fromkeys(_named(config)):
        found = module.definitions.get(name)
        if found is None and not module.open:
            findings.error(
                module.file,
                None,
                f"{what} needs the class {name}, which the main module does not have",
                f"define class {name}({base}) there, or import it there",
            )
        elif isinstance(found, ast.ClassDef) and not _derives(module, found, base):
            findings.error(
                module.file,
                found,
                f"{what} needs {name} to be a {base}",
                f"write class {name}({base}), and from workers import {base}",
            )


def _named(config: WorkerConfig) -> Iterator[tuple[str, str, str]]:
    for binding in config.durable_objects.bindings:
        if binding.script_name in (None, config.name):
            yield binding.class_name, "DurableObject", f"The binding {binding.name}"
    for workflow in config.workflows:
        if workflow.script_name in (None, config.name):
            yield workflow.class_name, "WorkflowEntrypoint", f"The Workflow {workflow.name}"
    for service in config.services:
        if service.service == config.name and service.entrypoint not in (None, "default"):
            yield service.entrypoint or "", "WorkerEntrypoint", f"The binding {service.binding}"


def _derives(module: Module, found: ast.ClassDef, base: str) -> bool:
    """Whether a class has the base, or bases of which the source does not tell."""
    for node in found.bases:
        name = module.name_of(node)
        if name == f"workers.{base}":
            return True
        own = module.definitions.get(node.id) if isinstance(node, ast.Name) else None
        if isinstance(own, ast.ClassDef):
            if own is not found and _derives(module, own, base):
                return True
        elif not name.startswith("workers."):
            return True
    return False
