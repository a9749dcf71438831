"""The controllers by which a program feeds a ReadableStream."""

from __future__ import annotations

from flarelocal.javascript.binary import ArrayBuffer, BufferView
from flarelocal.javascript.errors import type_error
from flarelocal.javascript.host import HostObject, getter, method
from flarelocal.javascript.numbers import to_int32
from flarelocal.javascript.promise import reason_of
from flarelocal.javascript.signature import BufferSource, Options, function_of
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.byob_request import ReadableStreamBYOBRequest
from flarelocal.javascript.web.byte_consumer import ByteConsumer
from flarelocal.javascript.web.consumer import Consumer, ValueConsumer
from flarelocal.javascript.web.queuing import Strategy
from flarelocal.javascript.web.source import READ_SIZE
from flarelocal.javascript.web.stream_queue import StreamQueue

__all__ = ["ReadableByteStreamController", "ReadableStreamDefaultController", "source_of"]

_CLOSED = "This ReadableStream is closed."
_PARTIAL = "This ReadableStream was closed with a partial read pending."


class ReadableStreamDefaultController(HostObject):
    """Feeds a stream of any values."""

    __slots__ = ("_queue", "_strategy")

    def __init__(self, queue: StreamQueue, strategy: Strategy) -> None:
        self._queue = queue
        self._strategy = strategy

    @getter
    def desired_size(self) -> Value:
        size = self._queue.desired_size
        return null if size is None else size

    @method
    def enqueue(self, chunk: Value = None) -> None:
        if not self._queue.open:
            raise type_error("Unable to enqueue")
        try:
            size = self._strategy.size(chunk)
        except Exception as failure:
            self._queue.fail(reason_of(failure))
        if self._queue.open:
            self._queue.enqueue(chunk, size)

    @method
    def close(self) -> None:
        if not self._queue.open:
            raise type_error(_CLOSED)
        self._queue.close()

    @method
    def error(self, reason: Value = None) -> None:
        self._queue.fail(reason)


class ReadableByteStreamController(HostObject):
    """Feeds a stream of bytes."""

    __slots__ = ("_queue", "_request")

    def __init__(self, queue: StreamQueue) -> None:
        self._queue = queue
        self._request: ReadableStreamBYOBRequest | None = None

    @getter
    def desired_size(self) -> Value:
        size = self._queue.desired_size
        return null if size is None else size

    @getter
    def byob_request(self) -> Value:
        if self._request is None or not self._request.valid:
            read = self._queue.next_offer()
            self._request = ReadableStreamBYOBRequest(self._queue, read) if read else None
        return self._request or null

    @method
    def enqueue(self, chunk: BufferSource) -> None:
        size = chunk.byte_length
        if not size:
            raise type_error("Cannot enqueue a zero-length ArrayBuffer.")
        if not self._queue.open:
            raise type_error("This ReadableByteStreamController is closed.")
        self.invalidate()
        self._queue.enqueue(_taken(chunk), size)

    @method
    def close(self) -> None:
        request = self._request
        if request is not None and request.partial:
            raise type_error(_PARTIAL)
        if not self._queue.open:
            raise type_error(_CLOSED)
        if self._queue.partial:
            failure = type_error(_PARTIAL)
            self._queue.fail(failure)
            raise failure
        self._queue.close()

    @method
    def error(self, reason: Value = None) -> None:
        self._queue.fail(reason)

    def invalidate(self) -> None:
        """End the life of the present BYOB request."""
        if self._request:
            self._request.invalidate()
            self._request = None


def _taken(chunk: ArrayBuffer | BufferView) -> memoryview:
    """The bytes of a chunk, which the program has no more."""
    if isinstance(chunk, BufferView):
        memory, buffer = chunk.memory, chunk.buffer
    else:
        memory, buffer = memoryview(chunk.data), chunk
    buffer.detach()
    return memory


def source_of(underlying: Options, strategy: Value) -> Consumer:
    """The source that a program describes by `start`, `pull`, `cancel` and `type`.

    Raises:
        JsError: TypeError for an unknown type, and for members of the wrong type.
    """
    given = underlying.get("type")
    kind = "" if given is None else to_string(given)
    allocate = underlying.get("autoAllocateChunkSize")
    allocate = READ_SIZE if allocate is None else to_int32(allocate)
    start, pull, cancel = (
        function_of(underlying, name, "UnderlyingSource") for name in ("start", "pull", "cancel")
    )
    source: Consumer
    controller: ReadableStreamDefaultController | ReadableByteStreamController
    pulling = (lambda: pull(controller)) if pull else None
    limits = Strategy.of(strategy, 0 if kind == "bytes" else 1, "ReadableStream")
    if kind == "bytes":
        if allocate <= 0:
            raise type_error("The autoAllocateChunkSize option cannot be zero.")
        queue = StreamQueue(limits.high_water, pulling, lambda reason: cancelled(reason))
        source = ByteConsumer(queue, allocate)
        controller = bytes_controller = ReadableByteStreamController(queue)

        def cancelled(reason: Value) -> Value:
            bytes_controller.invalidate()
            return cancel(reason) if cancel else None

    elif not kind:
        queue = StreamQueue(limits.high_water, pulling, cancel)
        source = ValueConsumer(queue)
        controller = ReadableStreamDefaultController(queue, limits)
    else:
        raise type_error(f'"{kind}" is not a valid type of ReadableStream.')
    queue.start((lambda: start(controller)) if start else None)
    return source
