"""The vectors of Python Workers: pieces of Python source and what they saw."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["FORMAT", "Case", "Suite", "load_suites"]

FORMAT = "flarelocal-python/1"

_SANDBOX = frozenset({"files", "modules", "system"})

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """One case; the members are those of the format.

    Attributes:
        key: the id as the cases know it.
        scripts: the codes of the runs of the handler; `code` is the first of one.
        compat: the date and the flags.
        lenient: what was seen is not to be relied on.
    """

    key: str
    where: str
    code: list[str]
    scripts: list[list[str]]
    setup: list[str] | None
    event: Json | None
    returns: bool
    count: int
    http: Json
    raw: bool
    after: Json | None
    logs: bool
    worker: list[str] | None
    events: list[Json]
    objects: Json
    compat: Json
    expect: Json
    lenient: bool

    @property
    def id(self) -> str:
        """The name among all vectors."""
        return f"python_worker/{self.key}"


@dataclass(frozen=True, slots=True)
class Suite:
    """A file: the fixture Worker, its configuration and the cases."""

    config: Json
    fixture: str
    files: dict[str, str]
    cases: list[Case] = field(default_factory=list)


def load_suites(directory: Path) -> Iterator[Suite]:
    """The suites of all files of the format in a directory and those below."""
    for path in sorted(directory.rglob("*.json")):
        file = json.loads(path.read_text("utf-8"))
        if isinstance(file, dict) and file.get("format") == FORMAT:
            cases = [_case(each, file["compat"]) for each in file["cases"]]
            yield Suite(file["config"], "\n".join(file["fixture"]) + "\n", file["files"], cases)


def _case(case: Json, compat: Json) -> Case:
    code = case.get("code", [])
    scripts = case.get("scripts", [code])
    worker = case.get("worker")
    return Case(
        key=case["id"],
        where=case["where"],
        code=code,
        scripts=scripts,
        setup=case.get("setup"),
        event=case.get("event"),
        returns=case.get("returns", False),
        count=case.get("count", len(scripts)),
        http=case.get("http", {}),
        raw=case.get("raw", False),
        after=case.get("after"),
        logs=case.get("logs", False),
        worker=worker,
        events=case.get("events", []),
        objects=case.get("objects", {}),
        compat=case.get("compat", compat),
        expect=case["expect"],
        # Natively Python can do more than in the sandbox, which is no fault.
        lenient="local_only" in case or case["group"] in _SANDBOX,
    )
