"""`flare.journal`: what happened in a test, for its assertions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TypeVar, overload

from flarelocal.journal import Entry, Event, Journal
from flarelocal.worker.events import Logged

__all__ = ["JournalView"]

E = TypeVar("E", bound=Event)

_BY_THE_WALL = "duration_ms"


class JournalView:
    """The entries of the journal in their order."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._journal)

    def __len__(self) -> int:
        return len(self._journal)

    @overload
    def of(self, kind: str) -> list[Event]: ...
    @overload
    def of(self, kind: type[E]) -> list[E]: ...
    def of(self, kind: str | type[E]) -> list[Event] | list[E]:
        """The events of one kind: `invocation_finished`, `cron_fired`, or a class of events."""
        events = (entry.event for entry in self._journal)
        if isinstance(kind, str):
            return [event for event in events if event.kind == kind]
        return [event for event in events if isinstance(event, kind)]

    @property
    def logs(self) -> list[str]:
        """What the Worker printed, line by line."""
        return [event.text for event in self.of(Logged)]

    def dump(self) -> bytes:
        """All entries as lines of JSON; two runs with the same seed give the same bytes.

        How long something took by the wall clock is not among them.
        """
        return b"".join(_line(entry) for entry in self._journal)


def _line(entry: Entry) -> bytes:
    data = entry.to_json()
    if entry.event.kind == "invocation_finished":
        del data[_BY_THE_WALL]
    return json.dumps(data, default=str, separators=(",", ":")).encode() + b"\n"
