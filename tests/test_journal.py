"""The journal: what happened, in order."""

from __future__ import annotations

from flarelocal.clock import VirtualClock
from flarelocal.dataclass import dataclass
from flarelocal.journal import Entry, Event, Journal


@dataclass(frozen=True, slots=True)
class Rang(Event):
    """A bell rang."""

    bell: str


@dataclass(frozen=True, slots=True)
class Opened(Event):
    """A door was opened."""


def test_a_subscriber_hears_of_all_that_is_recorded_from_then_on() -> None:
    journal = Journal(VirtualClock(1_000))
    journal.record(Rang("first"))
    heard: list[Entry] = []
    end = journal.subscribe(heard.append)
    journal.record(Rang("second"))
    journal.record(Opened())
    end()
    journal.record(Opened())
    assert heard == [Entry(1, 1_000, Rang("second")), Entry(2, 1_000, Opened())]


def test_a_subscriber_hears_of_the_kinds_it_names_only() -> None:
    journal = Journal(VirtualClock(1_000))
    heard: list[Entry] = []
    journal.subscribe(heard.append, Opened)
    journal.record(Rang("bell"))
    journal.record(Opened())
    assert heard == [Entry(1, 1_000, Opened())]
