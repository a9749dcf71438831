"""The ready messages of one queue: the front of the line in memory, the rest on disk."""

from __future__ import annotations

from asyncio import Future, get_running_loop
from collections import deque
from collections.abc import Callable, Collection, Sequence

from flarelocal.prompt_future import when_done
from flarelocal.queues.message import Message, Metrics

__all__ = ["Backlog"]

Page = list[tuple[int, Message]]

_FEW = 400
_MANY = 10_000
_MANY_BYTES = 8_000_000
_PAGE = 200


class Backlog:
    """A line that messages join at the end and leave at the front.

    Args:
        read: reads so many messages behind a turn from the disk.
        apart: ids of messages that are on disk but have left the line.
        changed: called when messages have come to the front that were not there before.
    """

    def __init__(
        self,
        read: Callable[[int, int], Future[Page]],
        apart: Collection[str],
        changed: Callable[[], None],
    ) -> None:
        self.count = 0
        self.size = 0
        """bytes"""
        self._read = read
        self._apart = apart
        self._changed = changed
        self._front: deque[Message] = deque()
        self._front_size = 0
        self._oldest: deque[int] = deque()
        self._turn = 0
        self._holds = 0
        self._reading: Future[Page] | None = None
        self._joined = 0
        self._waiters: list[Future[None]] = []

    def __len__(self) -> int:
        """How many messages are at hand."""
        return len(self._front)

    def metrics(self) -> Metrics:
        return Metrics(self.count, self.size, self._oldest[0] if self._oldest else None)

    def append(self, messages: Sequence[Message], size: int, last_turn: int) -> None:
        """Let messages join that are on disk or about to be.

        Args:
            size: bytes of their bodies.
            last_turn: the turn of the last one, which is the highest of the queue.
        """
        if (
            self.count == len(self._front)
            and not self._holds
            and self.count + len(messages) <= _MANY
            and self.size + size <= _MANY_BYTES
        ):
            self._push(messages, size)
            self._turn = last_turn
        self.grow(len(messages), size)

    def grow(self, count: int, size: int) -> None:
        """Count messages that have joined on disk, behind all others."""
        self.count += count
        self.size += size
        self._joined += count
        self._refill()

    def take(self, limit: int) -> list[Message]:
        """Remove up to `limit` messages from the front."""
        front, oldest = self._front, self._oldest
        taken = [front.popleft() for _ in range(min(limit, len(front)))]
        size = 0
        for message in taken:
            size += len(message.body)
            if oldest[0] == message.timestamp_ms:
                oldest.popleft()
        self.count -= len(taken)
        self.size -= size
        self._front_size -= size
        self._refill()
        return taken

    def clear(self) -> None:
        """Forget everything, to begin again from the disk; hold the line until it is counted."""
        self._front.clear()
        self._oldest.clear()
        self.count = self.size = self._front_size = self._turn = 0
        self._reading = None

    def hold(self) -> None:
        """From now on messages join on disk only, and none come from there, until `release`."""
        self._holds += 1

    def release(self) -> None:
        self._holds -= 1
        self._refill()

    async def steady(self) -> None:
        """Return when nothing is on its way from the disk."""
        while self._holds or self._reading is not None:
            waiter = get_running_loop().create_future()
            self._waiters.append(waiter)
            await waiter

    def _push(self, messages: Sequence[Message], size: int) -> None:
        self._front.extend(messages)
        self._front_size += size
        oldest = self._oldest
        for message in messages:
            while oldest and oldest[-1] > message.timestamp_ms:
                oldest.pop()
            oldest.append(message.timestamp_ms)

    def _refill(self) -> None:
        if self._reading is not None or self._holds:
            return
        if (
            len(self._front) >= _FEW
            or self._front_size >= _MANY_BYTES
            or self.count == len(self._front)
        ):
            while self._waiters:
                waiter = self._waiters.pop()
                if not waiter.done():
                    waiter.set_result(None)
            return
        average = max(self.size // self.count, 1) if self.count > 0 else 1
        limit = min(_PAGE, max(_MANY_BYTES // average, 1))
        self._joined = 0
        # Who leaves the set while the page is read was on disk when that began.
        apart = set(self._apart)
        self._reading = self._read(self._turn, limit)
        when_done(self._reading, lambda page: self._refilled(page, limit, apart))

    def _refilled(self, future: Future[Page], limit: int, apart: set[str]) -> None:
        if future is not self._reading:
            return
        self._reading = None
        page = [] if future.cancelled() or future.exception() else future.result()
        if page:
            self._turn = page[-1][0]
        apart.update(self._apart)
        fresh = [message for _, message in page if message.id not in apart]
        self._push(fresh, sum(len(message.body) for message in fresh))
        if len(page) < limit:
            # The disk has the last word on how many there are.
            self.count = len(self._front) + self._joined
            if not self._joined:
                self.size = self._front_size
        self._refill()
        if fresh:
            self._changed()
