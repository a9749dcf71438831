"""`flare.journal`: what happened in a test, for its assertions."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, fields, is_dataclass
from json.encoder import encode_basestring_ascii
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
        return "".join(map(_line, self._journal)).encode()


def _line(entry: Entry) -> str:
    shape: Any = type(entry.event)
    line, told = _shape(shape)
    return line % tuple([_texts[type(each)](each) for each in told(entry)])


@functools.cache
def _shape(event: Any) -> tuple[str, Callable[[Entry], tuple[Any, ...]]]:
    """A line for an event without the values, and what gives these."""
    wall = _BY_THE_WALL if event is InvocationFinished else ""
    names = [field.name for field in fields(event) if field.name != wall]
    members = "".join(f',"{name}":%s' for name in names)
    line = f'{{"sequence":%s,"at":%s,"kind":"{event.kind_of()}"{members}}}\n'
    return line, attrgetter("sequence", "at", *(f"event.{name}" for name in names))


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return dict(value) if isinstance(value, Mapping) else str(value)


class _Texts(dict[type, Callable[[Any], str]]):
    """Type → what makes JSON of a value: for most of them quicker than an encoder does."""

    def __missing__(self, kind: type) -> Callable[[Any], str]:
        return _ENCODER.encode


_ENCODER = json.JSONEncoder(default=_plain, separators=(",", ":"))
_texts = _Texts(
    {
        str: encode_basestring_ascii,
        int: repr,
        bool: lambda value: "true" if value else "false",
        type(None): lambda _: "null",
    }
)
