"""Finding handlers that wait for what can never happen."""

from __future__ import annotations

import asyncio
import contextvars
import gc
from typing import Protocol

__all__ = ["HangWatch", "Waiting"]

_FIRST_LOOK_S = 0.25


class Waiting(Protocol):
    """An event whose handler waits."""

    @property
    def idle(self) -> bool:
        """Whether neither a timer nor an answer from outside is to come."""

    def let_go(self) -> None:
        """Leave the task to whatever will wake it up."""

    def hold(self) -> None:
        """Keep the task alive again, if it is still there."""


class HangWatch:
    """Finds out whether somebody can still wake up the events that wait for nothing known.

    Who could do it has what the task waits for, and so keeps it alive. So for a moment nobody else
    does: if the garbage collector then takes the task, it had hung. An event that is looked at in
    vain is looked at ever more rarely.
    """

    def __init__(self) -> None:
        self._waiting: dict[Waiting, tuple[float, float]] = {}
        self._timer: asyncio.TimerHandle | None = None

    def add(self, event: Waiting) -> None:
        """Watch an event from now on."""
        loop = asyncio.get_running_loop()
        # Real time, whatever the clock of the event is.
        now = contextvars.Context().run(loop.time)
        self._waiting[event] = (now + _FIRST_LOOK_S, _FIRST_LOOK_S)
        if self._timer is None:
            self._arm(loop)

    def discard(self, event: Waiting) -> None:
        """The event does not wait any more."""
        self._waiting.pop(event, None)

    def _arm(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = contextvars.Context().run(loop.call_later, _FIRST_LOOK_S, self._look, loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = None
        if not self._waiting:
            return
        if loop._ready:  # type: ignore[attr-defined]
            # What goes on at present may be about to wake them up.
            self._arm(loop)
            return
        now = loop.time()
        late = [event for event, (due, _) in self._waiting.items() if due <= now and event.idle]
        for event in late:
            _, patience = self._waiting[event]
            self._waiting[event] = (now + 2 * patience, 2 * patience)
            event.let_go()
        if late:
            gc.collect()
        for event in late:
            event.hold()
        self._arm(loop)
