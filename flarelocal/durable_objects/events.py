"""What the journal keeps of Durable Objects."""

from __future__ import annotations

from flarelocal.dataclass import dataclass
from flarelocal.journal import Event

__all__ = [
    "AlarmAbandoned",
    "AlarmFinished",
    "AlarmFired",
    "AlarmRetried",
    "AlarmSet",
    "ObjectConstructed",
    "ObjectEvent",
    "ObjectEvicted",
    "ObjectReset",
    "ObjectTaskFailed",
    "ObjectsKept",
    "SocketsLost",
]


@dataclass(frozen=True, slots=True)
class ObjectEvent(Event):
    """Something happened to one object."""

    class_name: str
    object_id: str
    object_name: str | None


@dataclass(frozen=True, slots=True)
class ObjectsKept(Event):
    """A migration deletes a class, in production with its objects; here these stay on disk."""

    worker: str
    class_name: str
    directory: str


@dataclass(frozen=True, slots=True)
class ObjectConstructed(ObjectEvent):
    """The instance was made for an event."""


@dataclass(frozen=True, slots=True)
class ObjectEvicted(ObjectEvent):
    """The instance left memory, with nothing going on in it."""


@dataclass(frozen=True, slots=True)
class ObjectReset(ObjectEvent):
    """The instance was destroyed, with all that was going on in it."""

    reason: str


@dataclass(frozen=True, slots=True)
class ObjectTaskFailed(ObjectEvent):
    """Something given to `waitUntil` failed."""

    reason: str


@dataclass(frozen=True, slots=True)
class SocketsLost(ObjectEvent):
    """The object was reset, and the WebSockets which it had accepted with it."""

    count: int
    reason: str


@dataclass(frozen=True, slots=True)
class AlarmSet(ObjectEvent):
    """The alarm was set, moved, or taken away (`scheduled_ms` is None)."""

    scheduled_ms: int | None


@dataclass(frozen=True, slots=True)
class AlarmFired(ObjectEvent):
    """The handler began."""

    scheduled_ms: int
    retry_count: int


@dataclass(frozen=True, slots=True)
class AlarmFinished(ObjectEvent):
    """The handler succeeded."""

    scheduled_ms: int
    retry_count: int


@dataclass(frozen=True, slots=True)
class AlarmRetried(ObjectEvent):
    """The handler failed and will run again at `next_ms`."""

    scheduled_ms: int
    retry_count: int
    next_ms: int
    reason: str


@dataclass(frozen=True, slots=True)
class AlarmAbandoned(ObjectEvent):
    """The handler failed and will not run again."""

    scheduled_ms: int
    retry_count: int
    reason: str
