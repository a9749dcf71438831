"""The log of the fixture worker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flarelocal.clock import Clock

__all__ = ["Entry", "Log"]


@dataclass(slots=True)
class Entry:
    """A run of a handler, or a note.

    Attributes:
        came_ms, ended_ms: when, by the clock; a run that the runtime cut off never ended.
    """

    fields: dict[str, Any]
    came_ms: int
    ended_ms: int | None = None

    @property
    def handler(self) -> str | None:
        return self.fields.get("handler")


class Log:
    """All entries of a case, in the order in which they came."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began_ms = clock.now()
        self._runs: dict[tuple[str, str], int] = {}
        self.entries: list[Entry] = []

    def begin(self, handler: str, subject: str, fields: dict[str, Any]) -> Entry:
        """Add the entry of a run; it has its number among the runs of this subject."""
        n = self._runs.get((handler, subject), 0)
        self._runs[handler, subject] = n + 1
        return self._add({"handler": handler, "n": n, "at": self._at(), **fields, "steps": []})

    def end(self, entry: Entry, outcome: dict[str, Any]) -> None:
        """Note how a run ended."""
        entry.fields["end"] = outcome
        entry.ended_ms = self._clock.now()

    def note(self, value: Any) -> None:
        """Add what a step `log` has to say."""
        entry = self._add({"at": self._at(), "note": value})
        entry.ended_ms = entry.came_ms

    def of(self, handler: str | None) -> list[Entry]:
        """The entries of a handler, of all for None."""
        return [entry for entry in self.entries if handler in (None, entry.handler)]

    def _add(self, fields: dict[str, Any]) -> Entry:
        entry = Entry(fields, self._clock.now())
        self.entries.append(entry)
        return entry

    def _at(self) -> int:
        return self._clock.now() - self._began_ms
