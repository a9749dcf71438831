"""What is sent, stored and delivered: bodies are bytes, serialised by whoever sends."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from flarelocal.dataclass import dataclass

__all__ = ["Batch", "ContentType", "Message", "Metrics", "OutgoingMessage"]


class ContentType(StrEnum):
    """How the bytes of a body are to be read."""

    JSON = "json"
    TEXT = "text"
    BYTES = "bytes"
    V8 = "v8"


# Messages are named tuples, which are made in half the time of a frozen dataclass.
class OutgoingMessage(NamedTuple):
    """A message on its way into a queue."""

    body: bytes
    content_type: ContentType
    delay_s: int | None = None
    """Seconds until it may be delivered; 0 also against the queue's delay, None: no word on it."""


class Message(NamedTuple):
    """A message as a consumer sees it."""

    id: str
    """32 hexadecimal digits, kept across retries and dead-letter queues"""
    timestamp_ms: int
    """when it was sent, ms since 1970"""
    attempts: int
    """which delivery this is; 1 is the first"""
    content_type: ContentType
    body: bytes
    number: int = 0
    """its place in the state file; 0: it is not stored"""


@dataclass(frozen=True, slots=True)
class Metrics:
    """The backlog of a queue: what could be delivered now and is not in anybody's hands."""

    backlog_count: int
    backlog_bytes: int
    oldest_message_timestamp_ms: int | None
    """best effort, as in production; None when nothing waits"""


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages for one call of a consumer's handler."""

    queue: str
    messages: tuple[Message, ...]
    metrics: Metrics
    """of what is left after the batch was taken"""
    id: int = 0
    """the delivery, as events and the history of a message name it; 0: not by the broker"""
