"""What happened, in order: the memory that terminal, tests and pages read from."""

from __future__ import annotations

import functools
import itertools
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import asdict

from flarelocal.clock import Clock
from flarelocal.dataclass import dataclass

__all__ = ["Entry", "Event", "Journal"]


@functools.cache
def _snake_case(name: str) -> str:
    return "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")


@dataclass(frozen=True, slots=True)
class Event:
    """Base of everything that is recorded; each room defines its own."""

    @property
    def kind(self) -> str:
        """The name of the event: the class name in snake_case."""
        return self.kind_of()

    @classmethod
    def kind_of(cls) -> str:
        """The name of all events of the class."""
        return _snake_case(cls.__name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal."""

    sequence: int
    at: int
    """ms since 1970"""
    event: Event

    def to_json(self) -> dict[str, object]:
        """The entry as a JSON object; bytes and exceptions are the caller's concern."""
        return {"sequence": self.sequence, "at": self.at, "kind": self.event.kind} | asdict(
            self.event
        )


class Journal:
    """An append-only record with live subscribers.

    Args:
        clock: gives the time of each entry.
        keep: how many entries stay in memory, older ones are forgotten; None: all.

    Attributes:
        number: gives a number for something that several entries will be about.
    """

    def __init__(self, clock: Clock, *, keep: int | None = 10_000) -> None:
        self._clock = clock
        # Nobody reads most of them: they become entries when somebody does.
        self._events: deque[Event] = deque(maxlen=keep)
        self._times: deque[int] = deque(maxlen=keep)
        self._subscribers: list[tuple[Callable[[Entry], None], frozenset[type[Event]]]] = []
        self._count = 0
        self.number: Callable[[], int] = itertools.count(1).__next__

    def record(self, event: Event) -> None:
        """Append an event; subscribers are called before this returns."""
        now = self._clock.now()
        self._count += 1
        self._events.append(event)
        self._times.append(now)
        for subscriber, kinds in self._subscribers:
            if not kinds or type(event) in kinds:
                subscriber(Entry(self._count - 1, now, event))

    def subscribe(
        self, subscriber: Callable[[Entry], None], *kinds: type[Event]
    ) -> Callable[[], None]:
        """Call `subscriber` for each further entry; the result ends that.

        Args:
            kinds: only for events of these classes; default: for all.
        """
        subscription = subscriber, frozenset(kinds)
        self._subscribers.append(subscription)
        return lambda: self._subscribers.remove(subscription)

    def __iter__(self) -> Iterator[Entry]:
        known = zip(list(self._times), list(self._events), strict=True)
        first = self._count - len(self._events)
        return (Entry(first + index, at, event) for index, (at, event) in enumerate(known))

    def __len__(self) -> int:
        return len(self._events)
