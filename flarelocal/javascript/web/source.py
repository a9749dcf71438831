"""Where the chunks of a ReadableStream come from."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable
from typing import Final, Protocol

from flarelocal.javascript.binary import ArrayBuffer, BufferView, Uint8Array
from flarelocal.javascript.errors import type_error
from flarelocal.javascript.promise import Promise, resolved, run
from flarelocal.javascript.values import Value

__all__ = [
    "DONE",
    "ONE_READ",
    "READ_PENDING",
    "READ_SIZE",
    "WAIT",
    "ByteIteratorSource",
    "BytesSource",
    "IteratorSource",
    "Source",
    "as_bytes",
    "leaving_bytes",
    "to_chunk",
]


ONE_READ = "This ReadableStream only supports a single pending read request at a time."
READ_PENDING = "Cannot call releaseLock() on a reader with outstanding read promises."


class _Mark:
    __slots__ = ()


DONE: Final = _Mark()
"""There are no more chunks."""

WAIT: Final = _Mark()
"""There is no chunk yet."""

READ_SIZE: Final = 4096
"""How many bytes a program reads at once where it does not say."""


class Source(ABC):
    """Gives chunks one after the other.

    Class attributes:
        gives_bytes: each chunk is an ArrayBuffer or a view of one, so that BYOB reads work.
    """

    __slots__ = ()

    gives_bytes = True

    @property
    def length(self) -> int | None:
        """How many bytes are to come, where that is known."""
        return None

    def attach(self, ended: EndListener) -> None:  # noqa: B027
        """Tell `ended` when the source ends or fails while nobody waits for a chunk."""

    @abstractmethod
    def poll(self) -> Value:
        """The next chunk, `DONE`, or `WAIT`.

        Raises:
            Exception: the source has failed.
        """

    def consumed(self) -> None:  # noqa: B027
        """The last chunk has been read to its end."""

    @abstractmethod
    def wait(self) -> Awaitable[Value]:
        """After `WAIT`: the next chunk or `DONE`."""

    def abandon(self, reason: Value) -> None:  # noqa: B027
        """Nobody waits any longer: reject what `wait` gave.

        Raises:
            JsError: TypeError where the source cannot do that.
        """

    def cancel(self, reason: Value) -> Promise:
        """Nobody wants further chunks."""
        return resolved(None)


class EndListener(Protocol):
    """What is told of the end of a source."""

    def source_closed(self) -> None:
        """There are no more chunks."""

    def source_failed(self, reason: Value) -> None:
        """There will be no more chunks, for this reason."""


class BytesSource(Source):
    """Bytes that are there already, given as one chunk."""

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        self.data = data

    @property
    def length(self) -> int:
        return len(self.data)

    def poll(self) -> Value:
        if not self.data:
            return DONE
        chunk, self.data = to_chunk(self.data), b""
        return chunk

    async def wait(self) -> Value:
        return DONE

    def cancel(self, reason: Value) -> Promise:
        self.data = b""
        return resolved(None)


class IteratorSource(Source):
    """The values of an iterator; one read at a time."""

    __slots__ = ("_busy", "_iterator")

    gives_bytes = False

    def __init__(self, iterator: AsyncIterator[Value]) -> None:
        self._iterator = iterator
        self._busy = False

    def poll(self) -> Value:
        if self._busy:
            raise type_error(ONE_READ)
        return WAIT

    def wait(self) -> Awaitable[Value]:
        self._busy = True
        return self._next()

    async def _next(self) -> Value:
        try:
            return self._convert(await anext(self._iterator))
        except StopAsyncIteration:
            return DONE
        finally:
            self._busy = False

    def _convert(self, item: Value) -> Value:
        return item

    def abandon(self, reason: Value) -> None:
        if self._busy:
            raise type_error(READ_PENDING)

    def cancel(self, reason: Value) -> Promise:
        close = getattr(self._iterator, "aclose", None)
        return resolved(None) if close is None or self._busy else run(close())


class ByteIteratorSource(IteratorSource):
    """Bytes that arrive bit by bit, such as the body of a request.

    Args:
        length: how many bytes there are in all, where that is known.
    """

    __slots__ = ("_length",)

    gives_bytes = True

    def __init__(self, chunks: AsyncIterator[bytes], length: int | None = None) -> None:
        super().__init__(chunks)
        self._length = length

    @property
    def length(self) -> int | None:
        return self._length

    def _convert(self, item: Value) -> Value:
        return to_chunk(item)


def to_chunk(data: bytes | bytearray | memoryview) -> Value:
    """A Uint8Array over these bytes, which are not copied."""
    return Uint8Array.of_bytes(data)


def as_bytes(chunk: Value) -> bytes:
    """The bytes of a chunk, without a copy where they cannot change.

    Raises:
        JsError: TypeError for what is neither an ArrayBuffer nor a view.
    """
    if isinstance(chunk, BufferView):
        data = chunk.buffer.data
        if type(data) is bytes and len(data) == chunk.byte_length:
            return data
        return bytes(chunk.memory)
    if isinstance(chunk, ArrayBuffer):
        return bytes(chunk.data)
    raise type_error("This ReadableStream did not return bytes.")


def leaving_bytes(chunk: Value) -> bytes:
    """The bytes of a chunk that leaves the program, which may be a text.

    Raises:
        JsError: TypeError for another value.
    """
    if isinstance(chunk, str):
        return chunk.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
    if isinstance(chunk, BufferView | ArrayBuffer):
        return as_bytes(chunk)
    raise type_error("Draining read encountered a value that cannot be converted to bytes")
