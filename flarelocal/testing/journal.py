"""`flare.journal`: what happened in a test, for its assertions."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, fields, is_dataclass
from operator import attrgetter
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
    shape: Any = type(entry.event)
    names, kind, told = _shape(shape)
    sequence, at, *values = told(entry)
    line = dict(zip(names, (sequence, at, kind, *values), strict=True))
    return _ENCODER.encode(line).encode() + b"\n"


@functools.cache
def _shape(event: Any) -> tuple[tuple[str, ...], str, Callable[[Entry], tuple[Any, ...]]]:
    """The names of what a line says of an event, its kind, and what gives the other values."""
    wall = _BY_THE_WALL if event is InvocationFinished else ""
    names = [field.name for field in fields(event) if field.name != wall]
    told = attrgetter("sequence", "at", *(f"event.{name}" for name in names))
    return ("sequence", "at", "kind", *names), event.kind_of(), told


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return dict(value) if isinstance(value, Mapping) else str(value)


_ENCODER = json.JSONEncoder(default=_plain, separators=(",", ":"))
