"""A module of the Worker as its source shows it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

__all__ = ["Function", "Module"]

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Module:
    """A parsed source file.

    Attributes:
        definitions: the classes, functions and all else that has a name at the top level, as
            statements; of several under one name the last.
        open: whether names come from a place that the source does not show.
    """

    def __init__(self, file: Path, tree: ast.Module) -> None:
        self.file = file
        self.tree = tree
        self.definitions: dict[str, ast.stmt] = {}
        self.open = False
        for statement in _executed(tree.body):
            for name in _names(statement):
                self.definitions[name] = statement
                self.open = self.open or name == "*"

    def name_of(self, node: ast.expr) -> str:
        """What a name of this module stands for, `threading.Thread`; empty where that is open."""
        if isinstance(node, ast.Attribute):
            owner = self.name_of(node.value)
            return f"{owner}.{node.attr}" if owner else ""
        return self.imported.get(node.id, "") if isinstance(node, ast.Name) else ""

    @property
    def imported(self) -> dict[str, str]:
        """The names that imports bind anywhere in the module, and the dotted names of these."""
        if not hasattr(self, "_imported"):
            self._imported = dict(_imported(self.tree))
        return self._imported


def _executed(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of the top level, those in `if`, `try` and `with` included."""
    for statement in body:
        yield statement
        for inner in ("body", "orelse", "finalbody"):
            if isinstance(statement, ast.If | ast.Try | ast.With):
                yield from _executed(getattr(statement, inner, []))
        for handler in getattr(statement, "handlers", []):
            yield from _executed(handler.body)


def _names(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, Function | ast.ClassDef):
        yield statement.name
    elif isinstance(statement, ast.Import | ast.ImportFrom):
        for alias in statement.names:
            yield alias.asname or alias.name.partition(".")[0]
    elif isinstance(statement, ast.Assign | ast.AnnAssign):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        for target in targets:
            for node in ast.walk(target):
                if isinstance(node, ast.Name):
                    yield node.id


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.partition(".")[0]
                yield (alias.asname, alias.name) if alias.asname else (first, first)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"
