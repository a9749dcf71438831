"""ReadableStream and its readers."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Awaitable
from typing import TYPE_CHECKING, Annotated

from flarelocal.javascript.async_iteration import iterate_async
from flarelocal.javascript.binary import BufferView, Uint8Array
from flarelocal.javascript.errors import error, type_error
from flarelocal.javascript.host import HostObject, getter, method, static
from flarelocal.javascript.promise import (
    Promise,
    reason_of,
    rejected,
    resolved,
    rethrow,
)
from flarelocal.javascript.signature import NO_OPTIONS, Options, to_boolean
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.byte_consumer import ByteConsumer
from flarelocal.javascript.web.consumer import Consumer
from flarelocal.javascript.web.readable_controller import source_of
from flarelocal.javascript.web.readers import (
    ReadableStreamBYOBReader,
    ReadableStreamDefaultReader,
    Reader,
)
from flarelocal.javascript.web.source import (
    DONE,
    ONE_READ,
    READ_PENDING,
    READ_SIZE,
    WAIT,
    ByteIteratorSource,
    BytesSource,
    IteratorSource,
    Source,
    as_bytes,
    leaving_bytes,
)
from flarelocal.javascript.web.stream_iterator import ReadableStreamAsyncIterator

if TYPE_CHECKING:
    from flarelocal.javascript.web.carried import Failed
    from flarelocal.javascript.web.writable import WritableStream

__all__ = ["ReadableStream"]

_DONE: Options = {"value": None, "done": True}
_WHOLE = sys.maxsize
_DISCONNECTED = "ReadableStream received over RPC disconnected prematurely."
_LOCKED = "This ReadableStream is currently locked to a reader."


class ReadableStream(HostObject, constructible=True):
    """A stream of chunks (workerd, api/streams).

    Attributes:
        disturbed: something was read, or the stream was cancelled.
        holder: what has locked the stream.
    """

    __slots__ = ("_failure", "_reading", "_rest", "_source", "_state", "disturbed", "holder")

    def __init__(
        self,
        source: Annotated[Options, "UnderlyingSource"] = NO_OPTIONS,
        strategy: Value = None,
    ) -> None:
        self._begin(source_of(source, strategy))

    def _begin(self, source: Source) -> None:
        self._source = source
        self._state = "readable"
        self._failure: Value = None
        self._rest: Value = None
        self._reading = False
        self.disturbed = False
        self.holder: object | None = None
        source.attach(self)

    @classmethod
    def of(cls, source: Source) -> ReadableStream:
        """The stream of a source."""
        made = cls.__new__(cls)
        made._begin(source)
        return made

    @classmethod
    def of_bytes(cls, data: bytes | AsyncIterator[bytes]) -> ReadableStream:
        """A stream of bytes that are there, or that arrive."""
        return cls.of(BytesSource(data) if isinstance(data, bytes) else ByteIteratorSource(data))

    @property
    def state(self) -> str:
        """`readable`, `closed` or `errored`."""
        return self._state

    @property
    def failure(self) -> Value:
        """The reason of the failure of an errored stream."""
        return self._failure

    @property
    def length(self) -> int | None:
        """How many bytes are to come, where that is known."""
        return self._source.length if self._state == "readable" else 0

    @property
    def known_bytes(self) -> bytes | None:
        """All bytes of a stream, if they are there already and nothing was read."""
        source = self._source
        if type(source) is BytesSource and not self.disturbed and self._rest is None:
            return source.data
        return None

    def take_bytes(self) -> bytes | None:
        """All bytes of a stream, if they are there already; the stream is used up then."""
        data = self.known_bytes
        if data is not None:
            self.disturbed, self.holder = True, self
            self._source = BytesSource(b"")
            self.source_closed()
        return data

    def detach(self) -> ReadableStream:
        """Another stream that takes over; this one is used up.

        Raises:
            JsError: TypeError where the stream is locked.
        """
        self.lock(self)
        made = ReadableStream.of(self._source)
        made._state, made._failure, made._rest = self._state, self._failure, self._rest
        self._source, self._rest, self._state = BytesSource(b""), None, "closed"
        self.disturbed = True
        return made

    def moved(self) -> ReadableStream:
        """What arrives of the stream elsewhere; this one is used up.

        Raises:
            JsError: TypeError where something was read, or is being read.
        """
        if self.holder is not None:
            raise type_error("The ReadableStream has been locked to a reader.")
        if self.disturbed:
            raise type_error("This ReadableStream is disturbed.")
        if type(self._source) is BytesSource:
            return self.detach()
        return self._carried(lambda _: error(_DISCONNECTED))

    def carried(self, failed: Failed) -> ReadableStream:
        """The stream as another program sees it; this one is used up.

        Raises:
            JsError: TypeError where the stream is locked.
        """
        return self.detach() if self._hosted else self._carried(failed)

    def _carried(self, failed: Failed) -> ReadableStream:
        made = self.detach()
        from flarelocal.javascript.web.carried import CarriedSource

        return ReadableStream.of(CarriedSource(made, failed))

    # -- the end

    def source_closed(self) -> None:
        if self._state == "readable":
            self._state = "closed"
            if isinstance(self.holder, Reader):
                self.holder.stream_closed()

    def source_failed(self, reason: Value) -> None:
        if self._state == "readable":
            self._state, self._failure = "errored", reason
            if isinstance(self.holder, Reader):
                self.holder.stream_failed(reason)

    # -- reading

    def poll(self, limit: int = READ_SIZE) -> Value:
        """The next chunk, `DONE`, or `WAIT`.

        Args:
            limit: how many bytes of the host are given at once; the rest comes next.

        Raises:
            Exception: the stream has failed.
        """
        self.disturbed = True
        if self._state == "errored":
            rethrow(self._failure)
        if self._rest is not None:
            chunk, self._rest = self._rest, None
            return self._limited(chunk, limit)
        if self._state == "closed":
            return DONE
        chunk = self._source.poll()
        if chunk is DONE:
            self.source_closed()
            return DONE
        return WAIT if chunk is WAIT else self._limited(chunk, limit)

    def wait(self, limit: int = READ_SIZE) -> Awaitable[Value]:
        """After `WAIT`: the next chunk or `DONE`."""
        return self._wait(self._source.wait(), limit)

    async def _wait(self, waiting: Awaitable[Value], limit: int) -> Value:
        try:
            chunk = await waiting
        except Exception as failure:
            self.source_failed(reason_of(failure))
            raise
        if chunk is DONE:
            self.source_closed()
            return DONE
        return self._limited(chunk, limit)

    def _limited(self, chunk: Value, limit: int) -> Value:
        if not self._hosted:
            return chunk
        if chunk.byte_length > limit:
            self._rest = chunk.subarray(limit)
            return chunk.subarray(0, limit)
        self._source.consumed()
        return chunk

    def abandon(self, reason: Value) -> None:
        """Nobody waits any longer.

        Raises:
            JsError: TypeError where the source cannot do that.
        """
        if self._reading:
            raise type_error(READ_PENDING)
        self._source.abandon(reason)

    def read(self) -> Value:
        """What a default reader gives a program."""
        source = self._source
        if self._hosted:
            self._claim()
            return self._alone(self._result(self.next_chunk()))
        if self._state == "readable" and isinstance(source, ByteConsumer):
            self.disturbed = True
            return source.read_into(Uint8Array(source.allocate), 1)
        chunk = self.poll()
        if chunk is WAIT:
            return self._result(self.wait())
        return _DONE if chunk is DONE else {"value": chunk, "done": False}

    async def _result(self, coming: Awaitable[Value]) -> Value:
        chunk = await coming
        return _DONE if chunk is DONE else {"value": chunk, "done": False}

    async def next_chunk(self, limit: int = READ_SIZE) -> Value:
        """The next chunk, or `DONE`."""
        chunk = self.poll(limit)
        return await self.wait(limit) if chunk is WAIT else chunk

    def _claim(self) -> None:
        """Begin a read from the host: there is one at a time."""
        if self._state == "readable":
            if self._reading:
                raise type_error(ONE_READ)
            self._reading = True

    async def _alone(self, reading: Awaitable[Value]) -> Value:
        try:
            return await reading
        finally:
            self._reading = False

    def read_into(self, view: BufferView, least: int) -> Value:
        """What a BYOB reader gives a program: a view of the bytes that came.

        Args:
            least: how many bytes it waits for.
        """
        self.disturbed = True
        source = self._source
        if self._hosted:
            self._claim()
            return self._alone(self._fill(view, least))
        if self._state == "errored":
            rethrow(self._failure)
        if self._state == "readable" and isinstance(source, ByteConsumer):
            return source.read_into(view, least)
        return {"value": view.window(0), "done": True}

    async def _fill(self, view: BufferView, least: int) -> Value:
        filled, target = 0, view.writable_memory
        while filled < least:
            room = len(target) - filled
            if (chunk := await self.next_chunk(room)) is DONE:
                break
            target[filled : filled + chunk.byte_length] = chunk.memory
            filled += chunk.byte_length
        if not filled:
            return {"value": Uint8Array(view.buffer, 0, 0), "done": True}
        return {"value": Uint8Array(view.buffer, view.byte_offset, filled), "done": False}

    @property
    def _hosted(self) -> bool:
        """The chunks come from the runtime, not from a program."""
        return self._source.gives_bytes and not isinstance(self._source, ByteConsumer)

    @property
    def gives_bytes(self) -> bool:
        return self._source.gives_bytes

    async def byte_chunks(self, *, leaving: bool = False) -> AsyncIterator[bytes]:
        """All chunks as bytes, for Python code; the stream stays locked.

        Args:
            leaving: whether the bytes leave the program, which makes bytes of texts.

        Raises:
            JsError: TypeError where the stream is locked or a chunk is not made of bytes.
        """
        self.lock(self)
        try:
            while (chunk := await self.next_chunk(_WHOLE)) is not DONE:
                yield leaving_bytes(chunk) if leaving else as_bytes(chunk)
        finally:
            if self._state == "readable":
                await self.close_source(error("Network connection lost."))

    def lock(self, holder: object) -> None:
        """Give the stream to one reader.

        Raises:
            JsError: TypeError where it has one.
        """
        if self.holder is not None:
            raise type_error(_LOCKED)
        self.holder = holder

    def close_source(self, reason: Value) -> Promise:
        """Cancel the stream, whoever holds it."""
        self.disturbed, self._rest = True, None
        if self._state == "errored":
            return rejected(self._failure)
        if self._state == "closed":
            return resolved(None)
        self.source_closed()
        return self._source.cancel(reason)

    # -- what JavaScript sees

    def clone_refusal(self) -> str:
        return "ReadableStream can only be serialized for RPC."

    @getter
    def locked(self) -> bool:
        return self.holder is not None

    @method(promise=True)
    def cancel(self, reason: Value = None) -> Value:
        if self.holder is not None:
            raise type_error(_LOCKED)
        return self.close_source(reason)

    @method
    def get_reader(self, options: Annotated[Options, "GetReaderOptions"] = NO_OPTIONS) -> Value:
        mode = options.get("mode")
        if mode is not None and to_string(mode) != "byob":
            raise type_error("mode must be undefined or 'byob' in call to getReader().")
        return ReadableStreamDefaultReader(self) if mode is None else ReadableStreamBYOBReader(self)

    @method
    def tee(self) -> list[Value]:
        from flarelocal.javascript.web.tee import tee

        self.lock(self)
        source, self._source = self._source, BytesSource(b"")
        self.disturbed = True
        if self._state != "readable":
            left = right = source
        elif isinstance(source, Consumer):
            left, right = source.branch(), source.branch()
            source.leave()
        else:
            left, right = tee(source, self._rest)
        branches = [ReadableStream.of(left), ReadableStream.of(right)]
        for branch in branches:
            branch._state, branch._failure = self._state, self._failure
        self.source_closed()
        return list(branches)

    @method(promise=True)
    def pipe_to(self, destination: WritableStream, options: Options = NO_OPTIONS) -> Value:
        from flarelocal.javascript.web.piping import pipe

        return pipe(self, destination, options)

    @method
    def pipe_through(self, transform: Value, options: Options = NO_OPTIONS) -> Value:
        from flarelocal.javascript.web.piping import pipe, sides

        readable, writable = sides(transform)
        pipe(self, writable, options)
        return readable

    @method
    def values(self, options: Options = NO_OPTIONS) -> AsyncIterator[Value]:
        prevent_cancel = to_boolean(options.get("preventCancel"))
        return ReadableStreamAsyncIterator(self, prevent_cancel=prevent_cancel)

    def iterate_async(self) -> AsyncIterator[Value]:
        return ReadableStreamAsyncIterator(self, prevent_cancel=False)

    @staticmethod
    @static(name="from")
    def from_(iterable: Value) -> ReadableStream:
        return ReadableStream.of(IteratorSource(iterate_async(iterable)))
