"""The cases that are known to differ, with the reason: `EXCEPTIONS.md`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

__all__ = ["KnownException", "read_exceptions", "reason_for"]


@dataclass(frozen=True, slots=True)
class KnownException:
    """A row of the table: a pattern of case ids, and why these cases differ."""

    pattern: str
    reason: str


def read_exceptions(path: Path) -> list[KnownException]:
    """The rows of the table in the document: `| pattern | reason |`."""
    rows = [
        [cell.strip().strip("`") for cell in line.strip().strip("|").split("|", 1)]
        for line in path.read_text("utf-8").splitlines()
        if line.startswith("|")
    ]
    return [KnownException(pattern, reason) for pattern, reason in rows[2:]]


def reason_for(case_id: str, exceptions: Iterable[KnownException]) -> str | None:
    """Why the case is known to differ; None where it must not."""
    for exception in exceptions:
        if fnmatchcase(case_id, exception.pattern):
            return exception.reason
    return None
