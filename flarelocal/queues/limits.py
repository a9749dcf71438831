"""How much a queue takes ("Limits" of Cloudflare Queues)."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from flarelocal.dataclass import dataclass
from flarelocal.queues.errors import (
    BatchCountError,
    BatchDelayError,
    BatchSizeError,
    MessageMetadataError,
    MessageSizeError,
    QueueOverloadedError,
    QueueStorageError,
)
from flarelocal.queues.message import OutgoingMessage

__all__ = ["Limits", "Rate"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Production's limits; sizes are of bodies as they are stored."""

    message_bytes: int = 128_000
    batch_count: int = 100
    batch_bytes: int = 256_000
    delay_s: int = 86_400
    backlog_bytes: int = 25_000_000_000
    rate: int | None = None
    """Messages per second and queue. Production has 5,000; here it is off unless asked for."""

    @classmethod
    def lenient(cls) -> Limits:
        """Bodies and batches of any size."""
        return cls(message_bytes=sys.maxsize, batch_count=sys.maxsize, batch_bytes=sys.maxsize)

    def check(self, messages: Sequence[OutgoingMessage], delay_s: int | None) -> int:
        """The bytes of messages that may be sent together.

        Raises:
            QueueError: of the kind that says which limit they go beyond.
        """
        if len(messages) > self.batch_count:
            raise BatchCountError(
                f"batch message count of {len(messages)} exceeds limit of {self.batch_count}",
                "send the messages in several batches",
            )
        if delay_s is not None and not 0 <= delay_s <= self.delay_s:
            raise BatchDelayError(
                f"batch delay {delay_s} is invalid", f"choose between 0 and {self.delay_s} s"
            )
        total = 0
        for body, _, delay in messages:
            size = len(body)
            if size > self.message_bytes:
                raise MessageSizeError(
                    f"message length of {size} bytes exceeds limit of {self.message_bytes}",
                    "store the content elsewhere, and send where it is",
                )
            if delay is not None and not 0 <= delay <= self.delay_s:
                raise MessageMetadataError(
                    f"message delay {delay} is invalid", f"choose between 0 and {self.delay_s} s"
                )
            total += size
        if total > self.batch_bytes:
            raise BatchSizeError(
                f"batch size of {total} bytes exceeds limit of {self.batch_bytes}",
                "send the messages in several batches",
            )
        return total

    def check_backlog(self, total: int) -> None:
        """Raise `QueueStorageError` if a queue cannot hold so many bytes."""
        if total > self.backlog_bytes:
            raise QueueStorageError(
                "Storage Limit Exceeded", "purge the queue, or let a consumer catch up"
            )


class Rate:
    """Counts the messages of the present second of one queue."""

    __slots__ = ("_count", "_second")

    def __init__(self) -> None:
        self._second = 0
        self._count = 0

    def add(self, count: int, now_ms: int, limit: int) -> None:
        """Raise `QueueOverloadedError` if the second has had more than `limit` messages."""
        second = now_ms // 1000
        if second != self._second:
            self._second, self._count = second, 0
        if self._count + count > limit:
            raise QueueOverloadedError(
                "Too Many Requests", f"send at most {limit} messages per second"
            )
        self._count += count
