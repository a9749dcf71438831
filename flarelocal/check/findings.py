"""What the checks found."""

from __future__ import annotations

import ast
from pathlib import Path

from flarelocal.config import Diagnostic

__all__ = ["Findings"]


class Findings:
    """Errors keep the Worker from working when deployed; warnings are worth a look, notes tell."""

    def __init__(self) -> None:
        self.errors: list[Diagnostic] = []
        self.warnings: list[Diagnostic] = []
        self.notes: list[Diagnostic] = []

    def error(self, file: Path, node: ast.AST | None, message: str, fix: str) -> None:
        """Record an error at a place in the code."""
        self.errors.append(_at(file, node, message, fix))

    def warning(self, file: Path, node: ast.AST | None, message: str, fix: str) -> None:
        """Record a warning at a place in the code."""
        self.warnings.append(_at(file, node, message, fix))


def _at(file: Path, node: ast.AST | None, message: str, fix: str) -> Diagnostic:
    line = getattr(node, "lineno", None)
    return Diagnostic(message, fix, file, line, None if line is None else _column(node))


def _column(node: ast.AST | None) -> int:
    return int(getattr(node, "col_offset", 0)) + 1
