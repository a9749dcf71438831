"""Queue messages and results as tests write and read them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from random import Random
from typing import Any, Literal

from flarelocal.bindings import queue_body
from flarelocal.dataclass import dataclass
from flarelocal.pyodide.boundary import from_python, to_python
from flarelocal.queues import ContentType, Message, OutgoingMessage, StoredMessage, Verdict
from flarelocal.testing.clock import Time, instant_ms, moment

__all__ = ["QueueMessage", "QueueResult", "StoredQueueMessage", "outgoing", "readable"]

ContentTypeName = Literal["json", "text", "bytes", "v8"]


@dataclass(frozen=True, slots=True)
class QueueMessage:
    """A message to be handed to a `queue` handler.

    Attributes:
        body: what `send` takes.
        id: 32 hexadecimal digits; None: made up.
        attempts: which delivery this is; 1 is the first.
        timestamp: when it was sent; None: now.
        content_type: None: that of the Worker's `send`.
    """

    body: Any
    id: str | None = None
    attempts: int = 1
    timestamp: Time | None = None
    content_type: ContentTypeName | None = None

    def made(self, default: ContentType, random: Random, now_ms: int) -> Message:
        """The message as an engine has it."""
        kind = ContentType(self.content_type) if self.content_type else default
        return Message(
            self.id or f"{random.getrandbits(128):032x}",
            now_ms if self.timestamp is None else instant_ms(self.timestamp),
            self.attempts,
            kind,
            _stored(self.body, kind),
        )


@dataclass(frozen=True, slots=True)
class StoredQueueMessage:
    """A message that waits in a queue.

    Attributes:
        attempts: which delivery the next one is.
        due: when it can be delivered; None: now.
        dead_letter_of: the queue that gave it up.
    """

    id: str
    body: Any
    timestamp: datetime
    attempts: int
    content_type: str
    due: datetime | None
    dead_letter_of: str | None

    @classmethod
    def of(cls, stored: StoredMessage) -> StoredQueueMessage:
        message = stored.message
        return cls(
            message.id,
            readable(message.body, message.content_type),
            moment(message.timestamp_ms),
            message.attempts,
            message.content_type.value,
            None if stored.due_ms is None else moment(stored.due_ms),
            stored.dead_letter_of,
        )


@dataclass(frozen=True, slots=True)
class QueueResult:
    """What a `queue` handler decided about a batch.

    Attributes:
        outcome: `ok`, `exception` or another of the runtime's.
        acks: the ids that were acknowledged one by one.
        retries: the ids to be delivered again, with their delays in seconds.
        ack_all: whether the handler acknowledged the batch.
        retry_all: whether it wants the batch again.
        retry_all_delay: with which delay in seconds.
        exception: what it raised.
        logs: what it printed, level and text.
    """

    outcome: str
    acks: frozenset[str]
    retries: Mapping[str, int | None]
    ack_all: bool
    retry_all: bool
    retry_all_delay: int | None
    exception: BaseException | None
    logs: tuple[tuple[str, str], ...]

    @property
    def ok(self) -> bool:
        return self.outcome == "ok"

    @classmethod
    def of(cls, verdict: Verdict) -> QueueResult:
        return cls(
            verdict.outcome,
            verdict.explicit_acks,
            verdict.retries,
            verdict.ack_all,
            verdict.retry_all,
            verdict.retry_all_delay_s,
            verdict.exception,
            tuple(verdict.logs),
        )


def outgoing(body: Any, kind: ContentType, delay_s: int | None) -> OutgoingMessage:
    """A message on its way into a queue."""
    return OutgoingMessage(_stored(body, kind), kind, delay_s)


def _stored(body: Any, kind: ContentType) -> bytes:
    if kind is ContentType.BYTES:
        return bytes(body)
    import workers

    return queue_body.encode(from_python(workers.python_to_rpc(body)), kind)


def readable(body: bytes, kind: ContentType) -> Any:
    """A stored body as Python sees it."""
    if kind is ContentType.BYTES:
        return body
    import workers

    return workers.python_from_rpc(to_python(queue_body.decode(body, kind)))
