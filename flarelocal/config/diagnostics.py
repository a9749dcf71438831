"""What is wrong with a configuration, where, and how to put it right."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from flarelocal.config.worker import WorkerConfig

__all__ = ["ConfigError", "Diagnostic", "shown"]


def shown(path: Path) -> str:
    """The path as a message shows it: relative to the working directory when it is below it."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


class Diagnostic(NamedTuple):
    """One error or warning; as text `file:line:column: what: how to fix`.

    Lines and columns count from 1. Where wrangler says the same thing, `message` is wrangler's own
    text; `fix` is empty when that text already ends with the remedy.
    """

    message: str
    fix: str = ""
    file: Path | None = None
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        parts = [shown(self.file)] if self.file else []
        parts += [str(number) for number in (self.line, self.column) if number is not None]
        place = ":".join(parts)
        text = self._sentences()
        return (f"{place}: {text}" if place else text).rstrip().replace("\n", "\n  ")

    def _sentences(self) -> str:
        if not self.fix:
            return self.message
        if not self.message.endswith("."):
            return f"{self.message}: {self.fix}"
        end = "" if self.fix.endswith((".", "?")) else "."
        return f"{self.message} {self.fix[0].upper()}{self.fix[1:]}{end}"


class ConfigError(Exception):
    """The configuration cannot be used. Its text is every diagnostic, one after the other.

    `rest` is made of the keys that are right, for further checks; None if there is nothing.
    """

    def __init__(
        self,
        diagnostics: Iterable[Diagnostic],
        warnings: Iterable[Diagnostic] = (),
        rest: WorkerConfig | None = None,
    ) -> None:
        self.diagnostics = tuple(diagnostics)
        self.warnings = tuple(warnings)
        self.rest = rest
        super().__init__("\n".join(map(str, self.diagnostics)))
