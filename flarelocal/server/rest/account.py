"""What the REST API is about: the queues of one state directory, and the Workers beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING

from flarelocal.dataclass import dataclass
from flarelocal.queues import Broker, Dispatch, QueueNotFoundError, queue_id

if TYPE_CHECKING:
    from flarelocal.emulator import Emulator

__all__ = ["Account"]


@dataclass(frozen=True, slots=True)
class Account:
    """The account that every account id in a path stands for."""

    broker: Broker
    workers: Mapping[str, Dispatch] = field(default_factory=dict)
    """by name: how to hand them a batch"""
    producers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """by queue: the Workers that send to it"""

    @classmethod
    def of(cls, emulator: Emulator) -> Account:
        """The account of a running emulator."""
        workers = emulator.workers
        producers: dict[str, list[str]] = {}
        for name, worker in workers.items():
            for queue in {each.queue for each in worker.config.queues.producers}:
                producers.setdefault(queue, []).append(name)
        dispatch = {name: worker.dispatch_queue for name, worker in workers.items()}
        return cls(emulator.broker, dispatch, producers)

    def queue(self, reference: str) -> str:
        """The name of a queue.

        Args:
            reference: its id; its name does, too.

        Raises:
            QueueNotFoundError: there is no such queue.
        """
        names = self.broker.names()
        if reference in names:
            return reference
        for name in names:
            if queue_id(name) == reference:
                return name
        raise QueueNotFoundError(reference)
