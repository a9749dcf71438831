"""The vector files: cases of steps and of what came of each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["FORMAT", "Case", "described_cases", "load_cases"]

FORMAT = "flarelocal-conformance/1"
_HANDLERS = ("fetch", "scheduled", "queue")


@dataclass(frozen=True, slots=True)
class Case:
    """One case; the members are those of the format, defaults filled in."""

    id: str
    area: str
    steps: list[dict[str, Any]]
    expect: list[dict[str, Any]]
    place: str
    config: dict[str, Any]
    handlers: frozenset[str]
    scripts: dict[str, Any]
    local_only: bool
    """Whether the behaviour is the local runtime's alone, against the service's documentation."""


def load_cases(directory: Path) -> Iterator[Case]:
    """The cases of steps of all files in a directory and those below."""
    for file in _files(directory):
        if "described" not in file:
            for case in file["cases"]:
                yield _case(file, case)


def described_cases(directory: Path, document: str) -> Iterator[dict[str, Any]]:
    """The cases of the form that a document describes, such as `CRON.md`."""
    for file in _files(directory):
        if file.get("described") == document:
            yield from file["cases"]


def _files(directory: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(directory.rglob("*.json")):
        file = json.loads(path.read_text("utf-8"))
        if isinstance(file, dict) and file.get("format") == FORMAT:
            yield file


def _case(file: dict[str, Any], case: dict[str, Any]) -> Case:
    return Case(
        id=case["id"],
        area=file["area"],
        steps=case["steps"],
        expect=case["expect"],
        place=case.get("place", "worker"),
        config=file.get("config", {}) | case.get("config", {}),
        handlers=frozenset(case.get("handlers", _HANDLERS)),
        scripts=case.get("scripts", {}),
        local_only="local_only" in case,
    )
