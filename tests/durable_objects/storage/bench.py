"""A storage without an object around it: the test says when a turn of the event loop is over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from flarelocal.durable_objects import DurableObjectError, Limits, ListOptions, OpenFiles, Storage
from flarelocal.durable_objects.catalog_file import CatalogFile
from flarelocal.durable_objects.storage.database import ObjectDatabase
from flarelocal.durable_objects.storage.sql_clock import SqlClock
from flarelocal.durable_objects.storage.youth import Youth

KINDS = ("file", "memory", "young")


class Bench:
    """One life of an object's storage.

    Attributes:
        nursery: where the database is while it is young; None: it never is.
        scheduled: what the scheduler of alarms was told.
        broken: the errors by which the object was reset.
    """

    def __init__(
        self, path: Path | None, *, limits: Limits | None = None, young: bool = False
    ) -> None:
        self.limits = limits or Limits.local()
        self.now_ms = 1_767_225_600_000
        self.scheduled: list[int | None] = []
        self.broken: list[DurableObjectError] = []
        self._deferred: list[Callable[[], None]] = []
        self.nursery = (
            CatalogFile(path.with_name("metadata.sqlite"), lambda function: function())
            if path and young
            else None
        )
        youth = None if self.nursery is None else Youth(self.nursery, "object")
        self.database = ObjectDatabase(
            path, self.limits, OpenFiles(10), SqlClock(lambda: self.now_ms), youth=youth
        )
        self.storage = self._open()

    def _open(self) -> Storage:
        return Storage(
            self.database,
            self.limits,
            now=lambda: self.now_ms,
            defer=lambda function: self._deferred.append(function),
            schedule=self._schedule,
            broken=self.broken.append,
        )

    def _schedule(self, when: int | None) -> None:
        if when != (self.scheduled[-1] if self.scheduled else None):
            self.scheduled.append(when)

    @classmethod
    def of_kind(cls, kind: str, directory: Path) -> Bench:
        """One whose database is in a file, in memory, or still young."""
        path = None if kind == "memory" else directory / "object.sqlite"
        return cls(path, young=kind == "young")

    @property
    def turns_waiting(self) -> int:
        """How many functions wait for the end of the turn."""
        return len(self._deferred)

    def end_turn(self) -> None:
        """The present turn of the event loop is over."""
        deferred, self._deferred = self._deferred, []
        for function in deferred:
            function()

    def close(self) -> None:
        """The process ends."""
        self.database.close()
        if self.nursery is not None:
            self.nursery.close()

    def reopen(self) -> None:
        """The object is destroyed and comes to life again."""
        self.storage.close(DurableObjectError("gone"))
        self.database.close()
        self._deferred.clear()
        self.storage = self._open()

    def contents(self) -> dict[str, bytes]:
        """All keys and values."""
        return self.storage.kv.list(ListOptions())


def refusal(action: Callable[[], object]) -> str:
    """The message of the error which the action raises."""
    with pytest.raises(DurableObjectError) as refused:
        action()
    return refused.value.message
