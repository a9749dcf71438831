"""A storage without an object around it: the test says when a turn of the event loop is over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from flarelocal.durable_objects import DurableObjectError, Limits, ListOptions, OpenFiles, Storage
from flarelocal.durable_objects.storage.database import ObjectDatabase


class Bench:
    """One life of an object's storage.

    Attributes:
        scheduled: what the scheduler of alarms was told.
        broken: the errors by which the object was reset.
    """

    def __init__(self, path: Path | None, *, limits: Limits | None = None) -> None:
        self.limits = limits or Limits.local()
        self.now_ms = 1_767_225_600_000
        self.scheduled: list[int | None] = []
        self.broken: list[DurableObjectError] = []
        self._deferred: list[Callable[[], None]] = []
        self.database = ObjectDatabase(path, self.limits, OpenFiles(10), lambda: self.now_ms)
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

    @property
    def turns_waiting(self) -> int:
        """How many functions wait for the end of the turn."""
        return len(self._deferred)

    def end_turn(self) -> None:
        """The present turn of the event loop is over."""
        deferred, self._deferred = self._deferred, []
        for function in deferred:
            function()

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
