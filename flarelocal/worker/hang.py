"""Finding handlers that wait for what can never happen."""

from __future__ import annotations

import asyncio
import contextvars
import gc
from typing import Protocol

__all__ = ["HangWatch"]

_FIRST_LOOK_S = 0.25


class _Event(Protocol):
    @property
    def idle(self) -> bool:
        """Whether neither a timer nor an answer from outside is to come."""


class HangWatch:
    """Has the garbage collector run while events wait for neither a timer nor an answer.

    Such an event may still wait for something natively, a socket or a thread, which then keeps its
    task alive. If nothing does, the task is garbage, and its end tells that it had hung. An event
    that is looked at in vain is looked at ever more rarely.
    """

    def __init__(self) -> None:
        self._waiting: dict[_Event, tuple[float, float]] = {}
        self._timer: asyncio.TimerHandle | None = None

    def add(self, event: _Event) -> None:
        """Watch an event from now on."""
        loop = asyncio.get_running_loop()
        # Real time, whatever the clock of the event is.
        now = contextvars.Context().run(loop.time)
        self._waiting[event] = (now + _FIRST_LOOK_S, _FIRST_LOOK_S)
        if self._timer is None:
            self._arm(loop)

    def discard(self, event: _Event) -> None:
        """The event does not wait any more."""
        self._waiting.pop(event, None)

    def _arm(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = contextvars.Context().run(loop.call_later, _FIRST_LOOK_S, self._look, loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = None
        if not self._waiting:
            return
        now = loop.time()
        late = [event for event, (due, _) in self._waiting.items() if due <= now and event.idle]
        for event in late:
            _, patience = self._waiting[event]
            self._waiting[event] = (now + 2 * patience, 2 * patience)
        if late:
            gc.collect()
        self._arm(loop)
