"""What is configured of queues and of their consumers; the defaults are production's."""

from __future__ import annotations

from flarelocal.dataclass import dataclass
from flarelocal.queues.errors import ConsumerSettingsError, QueueSettingsError

__all__ = ["ConsumerSettings", "PullSettings", "QueueSettings"]

_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class QueueSettings:
    """Settings of a queue itself, which outlive the process.

    Raises:
        QueueSettingsError: a value is out of its range.
    """

    delivery_delay_s: int = 0
    """how long a message waits which says nothing of a delay; 0 to 86,400"""
    retention_s: int = 4 * _DAY_S
    """how long a message is kept; 60 to 1,209,600"""
    paused: bool = False
    """nothing is delivered; messages are still accepted"""

    def __post_init__(self) -> None:
        for name, value, low, high in (
            ("delivery delay", self.delivery_delay_s, 0, _DAY_S),
            ("message retention period", self.retention_s, 60, 14 * _DAY_S),
        ):
            if not low <= value <= high:
                raise QueueSettingsError(
                    f"the {name} is {value} s", f"choose between {low} and {high}"
                )


@dataclass(frozen=True, slots=True)
class ConsumerSettings:
    """How the messages of a queue reach a Worker ("Configure Queues").

    Raises:
        ConsumerSettingsError: a value is out of its range, or the queue is its own
            dead-letter queue.
    """

    queue: str
    max_batch_size: int = 10
    max_batch_timeout_s: float = 5
    """how long a batch waits to be filled; 0: not at all"""
    max_retries: int = 3
    """deliveries after the first one"""
    dead_letter_queue: str | None = None
    """where messages go that were retried that often; None: nowhere, they are deleted"""
    max_concurrency: int | None = None
    """batches at the same time; None: as the backlog asks for"""
    retry_delay_s: int = 0
    script: str = ""
    """the Worker, for people"""

    def __post_init__(self) -> None:
        _check(self.queue, self.dead_letter_queue, self.max_retries, self.retry_delay_s)
        for name, value, low, high in (
            ("max_batch_size", self.max_batch_size, 1, 100),
            ("max_batch_timeout", self.max_batch_timeout_s, 0, 60),
            ("max_concurrency", self.max_concurrency or 1, 1, 250),
        ):
            _bound(self.queue, name, value, low, high)


@dataclass(frozen=True, slots=True)
class PullSettings:
    """How the messages of a queue are handed to those who pull them ("Pull consumers").

    Raises:
        ConsumerSettingsError: as of `ConsumerSettings`.
    """

    queue: str
    max_batch_size: int = 5
    visibility_timeout_ms: int = 30_000
    """how long a message stays with who pulled it; up to 12 hours"""
    max_retries: int = 3
    dead_letter_queue: str | None = None
    retry_delay_s: int = 0

    def __post_init__(self) -> None:
        _check(self.queue, self.dead_letter_queue, self.max_retries, self.retry_delay_s)
        for name, value, low, high in (
            ("batch_size", self.max_batch_size, 1, 100),
            ("visibility_timeout_ms", self.visibility_timeout_ms, 0, 43_200_000),
        ):
            _bound(self.queue, name, value, low, high)


def _check(queue: str, dead_letter_queue: str | None, retries: int, delay_s: int) -> None:
    if dead_letter_queue == queue:
        raise ConsumerSettingsError(
            f'Dead letter queue for queue "{queue}" cannot be itself',
            'name another queue as its "dead_letter_queue"',
        )
    _bound(queue, "max_retries", retries, 0, 100)
    _bound(queue, "retry_delay", delay_s, 0, _DAY_S)


def _bound(queue: str, name: str, value: float, low: int, high: int) -> None:
    if not low <= value <= high:
        raise ConsumerSettingsError(
            f'"{name}" of the consumer of queue "{queue}" is {value}',
            f"choose between {low} and {high}",
        )
