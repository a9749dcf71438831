"""Collects what the checks find, so that everything wrong is said at once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from flarelocal.config.diagnostics import ConfigError, Diagnostic
from flarelocal.config.document import Document
from flarelocal.config.tree import Keys

if TYPE_CHECKING:
    from flarelocal.config.worker import WorkerConfig

__all__ = ["Node", "Report", "as_text", "listed", "quote"]


def quote(value: object) -> str:
    """The value as JavaScript's `JSON.stringify` writes it."""
    return json.dumps(_plain(value), separators=(",", ":"), ensure_ascii=False, default=str)


def as_text(value: object) -> str:
    """The value as JavaScript's `String` writes it."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ",".join("" if element is None else as_text(element) for element in value)
    return "[object Object]" if isinstance(value, dict) else quote(value)


def listed(names: Iterable[str]) -> str:
    """The names as JavaScript's `Intl.ListFormat` writes a list in English."""
    *first, last = names
    if len(first) < 2:
        return " and ".join([*first, last])
    return f"{', '.join(first)}, and {last}"


def _place(diagnostic: Diagnostic) -> tuple[int, int]:
    return diagnostic.line or 0, diagnostic.column or 0


def _plain(value: object) -> object:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _plain(member) for key, member in value.items()}
    return [_plain(element) for element in value] if isinstance(value, list) else value


class Report:
    """The errors and warnings of one file."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.errors: list[Diagnostic] = []
        self.warnings: list[Diagnostic] = []

    def error(self, keys: Keys, message: str, fix: str = "") -> None:
        """Record an error at a value."""
        at = self.document.where(keys)
        self.errors.append(Diagnostic(message, fix, at.file, at.line, at.column))

    def warning(self, keys: Keys, message: str, fix: str = "") -> None:
        """Record a warning at a key."""
        at = self.document.where_key(keys)
        self.warnings.append(Diagnostic(message, fix, at.file, at.line, at.column))

    def member(self, key: str, value: object) -> str:
        """How the file would say that a key has this value."""
        if self.document.path.suffix == ".toml":
            return f"{key} = {quote(value)}"
        return f'"{key}": {quote(value)}'

    def ordered_warnings(self) -> list[Diagnostic]:
        """The warnings in the order of the file."""
        return sorted(self.warnings, key=_place)

    def stop_on_errors(self, rest: WorkerConfig) -> None:
        """
        Args:
            rest: the configuration without what is wrong.

        Raises:
            ConfigError: there were errors; it has them all, in the order of the file.
        """
        if self.errors:
            raise ConfigError(sorted(self.errors, key=_place), self.ordered_warnings(), rest)


class Node:
    """A value under check: what it is, where it is, and what wrangler calls it in messages."""

    __slots__ = ("keys", "label", "report", "value")

    def __init__(self, value: Any, keys: Keys, label: str, report: Report) -> None:
        self.value = value
        self.keys = keys
        self.label = label
        self.report = report

    def __getitem__(self, key: str | int) -> Node:
        label = f"{self.label}[{key}]" if isinstance(key, int) else f"{self.label}.{key}"
        return Node(self.value[key], (*self.keys, key), label, self.report)

    def __contains__(self, key: str) -> bool:
        return key in self.value

    def elements(self) -> Iterator[Node]:
        """The elements of a list."""
        return (self[index] for index in range(len(self.value)))

    def error(self, message: str, fix: str = "", *keys: str | int) -> None:
        """Record an error here, or at the member which `keys` lead to when there is one."""
        self.report.error((*self.keys, *keys), message, fix)

    def warning(self, message: str, fix: str = "", *keys: str | int) -> None:
        """Record a warning here, or at the member which `keys` lead to."""
        self.report.warning((*self.keys, *keys), message, fix)

    @property
    def quoted(self) -> str:
        """The value as wrangler prints it."""
        return quote(self.value)
