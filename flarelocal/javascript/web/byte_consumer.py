"""A branch of a stream of bytes that a program feeds, and the reads that wait for its bytes."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable
from typing import Any, Self

from flarelocal.javascript.binary import BufferView, Uint8Array
from flarelocal.javascript.errors import range_error
from flarelocal.javascript.promise import Promise, future, reject
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.consumer import Consumer
from flarelocal.javascript.web.source import DONE, READ_SIZE
from flarelocal.javascript.web.stream_queue import StreamQueue

__all__ = ["ByteConsumer", "PullInto"]


class PullInto:
    """A read into a view.

    Attributes:
        consumer: what the bytes come from.
        view: where they go.
        filled: how many are there already.
        least: how many have to come before the read is through.
        promise: settles with the result of the read.
    """

    __slots__ = ("consumer", "filled", "least", "promise", "view")

    def __init__(self, consumer: ByteConsumer, view: BufferView, least: int) -> None:
        self.consumer = consumer
        self.view = view
        self.filled = 0
        self.least = max(least, view.item_size)
        self.promise = future()

    @property
    def pending(self) -> bool:
        """The read is not through."""
        return not self.promise.done()

    @property
    def partial(self) -> bool:
        """There are bytes already, but too few."""
        return self.pending and self.filled > 0 and self.view.item_size > 1

    @property
    def room(self) -> int:
        """How many bytes there is room for."""
        return int(self.view.byte_length) - self.filled

    def fill(self, data: memoryview) -> None:
        """Take bytes."""
        self.view.writable_memory[self.filled : self.filled + len(data)] = data
        self.filled += len(data)

    def rest(self) -> BufferView:
        """What is to be filled: bytes in a buffer of its own, which shares the memory."""
        return self.view.rest(self.filled)

    def replace(self, view: BufferView) -> None:
        """Take the buffer in which the program has put the bytes.

        Raises:
            JsError: RangeError where it cannot be the one that was offered.
        """
        size, start = int(self.view.byte_length), int(self.view.byte_offset)
        if view.byte_offset != start + self.filled:
            raise range_error("The given view has an invalid byte offset.")
        if len(view.buffer.data) != size:
            raise range_error("The underlying ArrayBuffer is not the correct length.")
        if self.filled + view.byte_length > size:
            raise range_error("The view is not the correct length.")
        self.view = view.transfer()

    def settle(self, *, done: bool = False) -> None:
        """Give what is there to the reader."""
        if self.pending:
            whole = self.filled - self.filled % self.view.item_size
            self.promise.set_result({"value": self.view.window(whole), "done": done})


class ByteConsumer(Consumer):
    """Holds bytes.

    Attributes:
        allocate: how many bytes a read without a view asks for.
    """

    __slots__ = ("_reads", "allocate")

    def __init__(self, queue: StreamQueue, allocate: int = READ_SIZE) -> None:
        super().__init__(queue)
        self._reads: deque[PullInto] = deque()
        self.allocate = allocate

    @property
    def awaited(self) -> bool:
        return bool(self._reads)

    def push(self, chunk: Any, size: float) -> None:
        if self._closing:
            return
        self._held.append(chunk)
        self.size += size
        self._serve()

    def _serve(self) -> None:
        """Give what is held to those who wait, as long as it is enough."""
        while self._reads and self._reads[0].least <= self.size:
            read = self._reads.popleft()
            self._complete(read)

    def _complete(self, read: PullInto) -> None:
        """Fill a view with whole elements; a read is through with that."""
        wanted = min(int(self.size), read.room)
        self._move(read, wanted - (read.filled + wanted) % read.view.item_size)
        read.settle()

    def _move(self, read: PullInto, wanted: int) -> None:
        self.size -= wanted
        while wanted:
            first = self._held[0]
            taken = first[:wanted]
            read.fill(taken)
            wanted -= len(taken)
            if len(taken) < len(first):
                self._held[0] = first[len(taken) :]
            else:
                self._held.popleft()

    def read_into(self, view: BufferView, least: int) -> Promise:
        """Read into a view; the promise settles with what the reader gives the program.

        Args:
            least: how many bytes it waits for.
        """
        read = PullInto(self, view, least)
        if not self._reads and self.size >= read.least:
            self._complete(read)
        elif self._closing:
            self._move(read, int(self.size))
            read.settle(done=read.filled < read.view.item_size)
        else:
            if not self._reads:
                self._begin(read)
                self._queue.measure()
            self._reads.append(read)
            self._queue.offers.append(read)
            self._queue.pull_if_needed()
        self._end_if_empty()
        self._queue.measure()
        return read.promise

    def _begin(self, read: PullInto) -> None:
        """Give a read what there is, though it is not enough."""
        wanted = int(self.size)
        if wanted > read.view.item_size:
            wanted -= wanted % read.view.item_size
        self._move(read, wanted)
        read.least -= wanted

    def poll(self) -> Value:
        if not self.size:
            return self._polled()
        return self.read_into(Uint8Array(self.allocate), 1).result()["value"]

    def wait(self) -> Awaitable[Value]:
        return self._chunk(self.read_into(Uint8Array(self.allocate), 1))

    async def _chunk(self, reading: Promise) -> Value:
        result = await reading
        return DONE if result["done"] else result["value"]

    def respond(self, read: PullInto, count: int) -> bool:
        """The program has filled the begin of the view of a read; tells whether it is through."""
        memory = read.rest().memory[:count]
        if len(self._queue.consumers) > 1:
            self._queue.push(memoryview(bytes(memory)), count, self)
        read.filled += count
        if count < read.least:
            read.least -= count
            return False
        excess = read.filled % read.view.item_size
        self._reads.remove(read)
        read.settle()
        if excess:
            self.push(memoryview(bytes(memory[-excess:])), excess)
        return True

    def _reject(self, reason: Value) -> None:
        while self._reads:
            reject(self._reads.popleft().promise, reason)

    def branch(self) -> Self:
        made = super().branch()
        made.allocate = self.allocate
        return made

    def _release(self) -> None:
        while self._reads:
            read = self._reads.popleft()
            read.settle(done=not read.filled)

    def close(self) -> None:
        self._closing = True
        while self._reads and self.size:
            read = self._reads.popleft()
            self._move(read, min(int(self.size), read.room))
            read.settle()
        self._end_if_empty()
