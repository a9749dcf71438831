"""The clock that the code of an object sees."""

from __future__ import annotations

from collections.abc import Callable

from flarelocal.clock import Clock, EventClock
from flarelocal.durable_objects.actor import Actor

__all__ = ["ObjectClock"]


class ObjectClock(EventClock):
    """What an event of an object arms belongs to the object, and outlives the event.

    Its timers fire as soon as no critical section holds them up, and no more once the object has
    left memory.
    """

    def __init__(self, clock: Clock, actor: Actor) -> None:
        super().__init__(clock)
        self._actor = actor
        actor.expect(self)

    def _admitted(self, callback: Callable[[], object]) -> Callable[[], object]:
        return lambda: self._actor.tasks.admit(callback)
