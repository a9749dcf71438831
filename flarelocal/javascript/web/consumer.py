"""A branch of a stream that a program feeds."""

from __future__ import annotations

from abc import abstractmethod
from collections import deque
from collections.abc import Awaitable
from typing import Any, Self

from flarelocal.javascript.promise import Promise, future, reject, rethrow
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.source import DONE, WAIT, EndListener, Source
from flarelocal.javascript.web.stream_queue import StreamQueue

__all__ = ["Consumer", "ValueConsumer"]

_NOTHING = object()


class Consumer(Source):
    """Holds the chunks of a queue that one stream has not read yet.

    Attributes:
        size: how much it holds.
    """

    __slots__ = ("_closing", "_ended", "_failure", "_held", "_listener", "_queue", "size")

    def __init__(self, queue: StreamQueue) -> None:
        self._queue = queue
        self._closing = self._ended = False
        self._failure: Value = _NOTHING
        self._listener: EndListener | None = None
        self._held: deque[Any] = deque()
        self.size: float = 0
        queue.consumers.append(self)

    def attach(self, ended: EndListener) -> None:
        self._listener = ended
        if self._ended:
            # The program did that when it was asked for the first chunk.
            self._tell(ended)

    def _tell(self, listener: EndListener) -> None:
        if self._failure is _NOTHING:
            listener.source_closed()
        else:
            listener.source_failed(self._failure)

    # -- for the queue

    @property
    @abstractmethod
    def awaited(self) -> bool:
        """Somebody waits for a chunk."""

    @abstractmethod
    def push(self, chunk: Any, size: float) -> None:
        """Take a chunk, or give it to whoever waits for one."""

    def close(self) -> None:
        """There is nothing beyond what is held."""
        self._closing = True
        self._end_if_empty()

    def fail(self, reason: Value) -> None:
        """Drop what is held, and make whoever waits fail."""
        if self._ended:
            return
        self._ended, self._failure = True, reason
        self._drop()
        self._reject(reason)
        if self._listener:
            self._tell(self._listener)

    # -- for the stream

    def branch(self) -> Self:
        """Another consumer of the queue that holds the same."""
        made = type(self)(self._queue)
        made._closing, made.size = self._closing, self.size
        made._held = self._held.copy()
        return made

    def leave(self) -> None:
        """Hold nothing any more; the queue goes on without it."""
        self._ended = True
        self._queue.leave(self)

    def cancel(self, reason: Value) -> Promise:
        self._drop()
        self._end()
        return self._queue.cancel(self, reason)

    def abandon(self, reason: Value) -> None:
        self._reject(reason)

    @abstractmethod
    def _reject(self, reason: Value) -> None:
        """Make those who wait fail."""

    def _drop(self) -> None:
        self._held.clear()
        self.size = 0

    @abstractmethod
    def _release(self) -> None:
        """Tell those who wait that there is nothing more."""

    def _polled(self) -> Value:
        """What `poll` gives while nothing is held."""
        if self._failure is not _NOTHING:
            rethrow(self._failure)
        return DONE if self._ended else WAIT

    def _end_if_empty(self) -> None:
        if self._closing and not self._ended and not self.size:
            self._end()

    def _end(self) -> None:
        self._ended = True
        self._release()
        if self._listener:
            self._tell(self._listener)


class ValueConsumer(Consumer):
    """Holds values of any kind."""

    __slots__ = ("_waiting",)

    gives_bytes = False

    def __init__(self, queue: StreamQueue) -> None:
        super().__init__(queue)
        self._waiting: deque[Promise] = deque()

    @property
    def awaited(self) -> bool:
        return bool(self._waiting)

    def push(self, chunk: Value, size: float) -> None:
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done():
                waiting.set_result(chunk)
                return
        self._held.append((chunk, size))
        self.size += size

    def poll(self) -> Value:
        if not self._held:
            return self._polled()
        chunk, size = self._held.popleft()
        self.size -= size
        self._end_if_empty()
        self._queue.measure()
        return chunk

    def wait(self) -> Awaitable[Value]:
        waiting = future()
        self._waiting.append(waiting)
        self._queue.pull_if_needed()
        return waiting

    def _reject(self, reason: Value) -> None:
        while self._waiting:
            reject(self._waiting.popleft(), reason)

    def _release(self) -> None:
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done():
                waiting.set_result(DONE)

    def _end_if_empty(self) -> None:
        # A chunk may have the size 0.
        if not self._held:
            super()._end_if_empty()
