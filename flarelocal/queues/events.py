"""What happens in queues, as the journal remembers it."""

from __future__ import annotations

from flarelocal.dataclass import dataclass
from flarelocal.journal import Event

__all__ = [
    "BatchEnded",
    "BatchLost",
    "BatchStarted",
    "MessageDeadLettered",
    "MessageDropped",
    "MessagesExpired",
    "MessagesPulled",
    "MessagesRedriven",
    "MessagesSent",
    "QueueFailed",
    "QueuePaused",
    "QueuePurged",
    "QueueResumed",
    "QueueWithoutConsumer",
]


@dataclass(frozen=True, slots=True)
class MessagesSent(Event):
    """Messages were accepted."""

    queue: str
    messages: int
    size: int
    """bytes of all bodies"""


@dataclass(frozen=True, slots=True)
class QueueWithoutConsumer(Event):
    """A message was sent to a queue that nobody consumes; it is kept. Said once per queue."""

    queue: str


@dataclass(frozen=True, slots=True)
class BatchStarted(Event):
    """A batch was handed to its consumer."""

    queue: str
    batch: int
    script: str
    messages: int


@dataclass(frozen=True, slots=True)
class BatchEnded(Event):
    """The consumer is done with a batch."""

    queue: str
    batch: int
    script: str
    outcome: str
    acked: int
    retried: int
    spent: int
    """went to the dead-letter queue, or were dropped"""
    duration_ms: int
    error: str | None


@dataclass(frozen=True, slots=True)
class BatchLost(Event):
    """The process died while a consumer had the batch; its messages are delivered again."""

    queue: str
    batch: int
    messages: int


@dataclass(frozen=True, slots=True)
class MessageDeadLettered(Event):
    """A message was retried too often and moved to the dead-letter queue."""

    queue: str
    message: str
    attempts: int
    dead_letter_queue: str


@dataclass(frozen=True, slots=True)
class MessageDropped(Event):
    """A message was retried too often, and there is no dead-letter queue."""

    queue: str
    message: str
    attempts: int


@dataclass(frozen=True, slots=True)
class MessagesPulled(Event):
    """Messages were leased to somebody who pulled them."""

    queue: str
    batch: int
    messages: int


@dataclass(frozen=True, slots=True)
class MessagesExpired(Event):
    """Messages were deleted because their retention period was over."""

    queue: str
    messages: int


@dataclass(frozen=True, slots=True)
class MessagesRedriven(Event):
    """Dead letters went back to the queue they came from."""

    queue: str
    """the dead-letter queue"""
    messages: int


@dataclass(frozen=True, slots=True)
class QueuePaused(Event):
    queue: str


@dataclass(frozen=True, slots=True)
class QueueResumed(Event):
    queue: str


@dataclass(frozen=True, slots=True)
class QueuePurged(Event):
    """All messages of a queue were deleted."""

    queue: str
    messages: int


@dataclass(frozen=True, slots=True)
class QueueFailed(Event):
    """The state file could not be written; the queue goes on from what is on disk."""

    queue: str
    error: str
