"""`flare.queues`: the queues of the Worker."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flarelocal.clock import Order
from flarelocal.queues import Broker, ContentType, Metrics, State
from flarelocal.testing.messages import ContentTypeName, StoredQueueMessage, outgoing
from flarelocal.testing.pace import Pace

__all__ = ["QueueView", "Queues"]

_ALL = 1_000_000


class Queues(Mapping[str, "QueueView"]):
    """All queues by name; the bindings of producers are names as well."""

    def __init__(
        self, broker: Broker, pace: Pace, bindings: Mapping[str, str], default: ContentType
    ) -> None:
        self._broker = broker
        self._pace = pace
        self._bindings = bindings
        self._default = default

    def __getitem__(self, name: str) -> QueueView:
        queue = self._bindings.get(name, name)
        if queue not in self._broker.names():
            raise KeyError(f"{name}: no such queue; there are {', '.join(self) or 'none'}")
        return QueueView(queue, self._broker, self._pace, self._default)

    def __iter__(self) -> Iterator[str]:
        return iter(self._broker.names())

    def __len__(self) -> int:
        return len(self._broker.names())


class QueueView:
    """One queue.

    Attributes:
        name: of the queue.
    """

    def __init__(self, name: str, broker: Broker, pace: Pace, default: ContentType) -> None:
        self.name = name
        self._broker = broker
        self._pace = pace
        self._default = default

    @property
    def messages(self) -> list[StoredQueueMessage]:
        """The messages that could be delivered now."""
        return self._peek(State.READY)

    @property
    def delayed(self) -> list[StoredQueueMessage]:
        """The messages that wait for their time."""
        return self._peek(State.DELAYED)

    @property
    def dead_letters(self) -> list[StoredQueueMessage]:
        """The messages that this queue gave up, if it has a dead-letter queue.

        Of a dead-letter queue itself: all that were moved there.
        """
        consumer = self._info(self.name).consumer
        target = getattr(consumer, "dead_letter_queue", None)
        found = self._all(target) if target else self._all(self.name)
        if target:
            return [each for each in found if each.dead_letter_of == self.name]
        return [each for each in found if each.dead_letter_of is not None]

    def metrics(self) -> Metrics:
        """The backlog, as the Worker can ask for it."""
        return self._broker.metrics(self.name)

    async def send(
        self,
        *bodies: Any,
        delay_seconds: int | None = None,
        content_type: ContentTypeName | None = None,
    ) -> None:
        """Send messages, as a producer does.

        Raises:
            QueueError: they are refused.
        """
        kind = ContentType(content_type) if content_type else self._default
        await self._broker.send(
            self.name, [outgoing(body, kind, None) for body in bodies], delay_s=delay_seconds
        )

    async def drain(self) -> None:
        """Let the clock go on until nothing of the queue waits, or is in anybody's hands.

        Raises:
            RuntimeError: nobody consumes the queue, or its delivery is paused.
        """
        while True:
            await self._pace.settle()
            info = self._info(self.name)
            if not info.ready + info.delayed + info.in_flight:
                return
            timers = self._pace.clock.upcoming()
            due = next((each for each in timers if each.order is Order.QUEUE), None)
            if info.consumer is None or info.settings.paused or due is None:
                raise RuntimeError(
                    f"nobody takes the messages of {self.name}: add a consumer to "
                    "queues.consumers, or look at them in `messages`"
                )
            await self._pace.advance_to(due.when_ms)

    def _peek(self, state: State) -> list[StoredQueueMessage]:
        found = at_once(self._broker.peek(self.name, state=state, limit=_ALL))
        return [StoredQueueMessage.of(each) for each in found]

    def _all(self, queue: str) -> list[StoredQueueMessage]:
        found = at_once(self._broker.peek(queue, limit=_ALL))
        return [StoredQueueMessage.of(each) for each in found]

    def _info(self, queue: str) -> Any:
        return at_once(self._broker.info(queue))


def at_once(work: Any) -> Any:
    """The result of a coroutine that only looks into memory, and so waits for nothing."""
    try:
        work.send(None)
    except StopIteration as end:
        return end.value
    work.close()
    raise RuntimeError("the queue is being written: `await flare.settle()` before looking at it")
