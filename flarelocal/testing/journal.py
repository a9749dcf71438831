"""`flare.journal`: what happened in a test, for its assertions."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields, is_dataclass
from typing import Any, TypeVar, overload

from flarelocal.journal import Entry, Event, Journal
from flarelocal.worker.events import InvocationFinished, Logged

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
    event = entry.event
    shape: Any = type(event)
    kind, names = _shape(shape)
    data = {"sequence": entry.sequence, "at": entry.at, "kind": kind}
    data |= {name: getattr(event, name) for name in names}
    return _ENCODER.encode(data).encode() + b"\n"


@functools.cache
def _shape(event: Any) -> tuple[str, tuple[str, ...]]:
    """The kind of an event, and the names of what it tells."""
    wall = _BY_THE_WALL if event is InvocationFinished else ""
    names = (field.name for field in fields(event) if field.name != wall)
    return event.kind_of(), tuple(names)


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return dict(value) if isinstance(value, Mapping) else str(value)


_ENCODER = json.JSONEncoder(default=_plain, separators=(",", ":"))
