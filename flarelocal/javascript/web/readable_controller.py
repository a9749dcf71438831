"""The controllers by which a program feeds a ReadableStream."""

from __future__ import annotations

from flarelocal.javascript.binary import BufferView, Uint8Array
from flarelocal.javascript.errors import type_error
from flarelocal.javascript.host import HostObject, getter, method
from flarelocal.javascript.numbers import to_integer
from flarelocal.javascript.signature import BufferSource, Options
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.controlled_source import ByteControlledSource, ControlledSource
from flarelocal.javascript.web.queuing import Strategy

__all__ = [
    "ReadableByteStreamController",
    "ReadableStreamBYOBRequest",
    "ReadableStreamDefaultController",
    "source_of",
]


class ReadableStreamDefaultController(HostObject):
    """Feeds a stream of any values."""

    __slots__ = ("_source",)

    def __init__(self, source: ControlledSource) -> None:
        self._source = source

    @getter
    def desired_size(self) -> Value:
        size = self._source.desired_size
        return null if size is None else size

    @method
    def enqueue(self, chunk: Value = None) -> None:
        if not self._source.open:
            raise type_error("Unable to enqueue")
        self._source.enqueue(chunk)

    @method
    def close(self) -> None:
        if not self._source.open:
            raise type_error("This ReadableStream is closed.")
        self._source.close()

    @method
    def error(self, reason: Value = None) -> None:
        self._source.fail(reason)


class ReadableByteStreamController(HostObject):
    """Feeds a stream of bytes."""

    __slots__ = ("_request", "_source")

    def __init__(self, source: ByteControlledSource) -> None:
        self._source = source
        self._request: ReadableStreamBYOBRequest | None = None

    @getter
    def desired_size(self) -> Value:
        size = self._source.desired_size
        return null if size is None else size

    @getter
    def byob_request(self) -> Value:
        if self._request is None and self._source.awaited:
            view = self._source.view
            if view is None and self._source.allocate:
                view = Uint8Array(self._source.allocate)
            if view is not None:
                window = Uint8Array(view.buffer, view.byte_offset, view.byte_length)
                self._request = ReadableStreamBYOBRequest(self, window)
        return self._request or null

    @method
    def enqueue(self, chunk: BufferSource) -> None:
        if not chunk.byte_length:
            raise type_error("Cannot enqueue a zero-length ArrayBuffer.")
        if not self._source.open:
            raise type_error("This ReadableByteStreamController is closed.")
        self.invalidate()
        self._source.enqueue(chunk)

    @method
    def close(self) -> None:
        if not self._source.open:
            raise type_error("This ReadableStream is closed.")
        self._source.close()

    @method
    def error(self, reason: Value = None) -> None:
        self.invalidate()
        self._source.fail(reason)

    def invalidate(self) -> None:
        """End the life of the present BYOB request."""
        if self._request:
            self._request.controller = None
            self._request = None

    def respond(self, view: BufferView, written: int) -> None:
        """Give the first bytes of a view to the pending read."""
        if self._source.open:
            if not written:
                raise type_error(
                    "The bytesWritten must be more than zero while the stream is open."
                )
            self._source.enqueue(Uint8Array.of_bytes(bytes(view.memory[:written])))
        elif written:
            raise type_error("The bytesWritten must be zero after the stream is closed.")
        self.invalidate()


class ReadableStreamBYOBRequest(HostObject):
    """The view that a pending read wants to have filled."""

    __slots__ = ("_view", "controller")

    def __init__(self, controller: ReadableByteStreamController, view: BufferView) -> None:
        self.controller: ReadableByteStreamController | None = controller
        self._view = view

    @getter
    def view(self) -> Value:
        return self._view if self.controller else null

    def _valid(self) -> ReadableByteStreamController:
        if self.controller is None:
            raise type_error("This ReadableStreamBYOBRequest has been invalidated.")
        return self.controller

    @method
    def respond(self, written: Value) -> None:
        count = to_integer(written)
        if count > self._view.byte_length:
            raise type_error(f"Too many bytes [{count}] in response to a BYOB read request.")
        self._valid().respond(self._view, count)

    @method
    def respond_with_new_view(self, view: Value) -> None:
        if not isinstance(view, BufferView):
            raise type_error(
                "Failed to execute 'respondWithNewView' on 'ReadableStreamBYOBRequest': parameter"
                " 1 is not of type 'BufferSource'."
            )
        self._valid().respond(view, int(view.byte_length))


def source_of(underlying: Options, strategy: Value) -> ControlledSource:
    """The source that a program describes by `start`, `pull`, `cancel` and `type`.

    Raises:
        JsError: TypeError for an unknown type; whatever `start` throws.
    """
    kind = underlying.get("type")
    pull, cancel, start = (underlying.get(name) for name in ("pull", "cancel", "start"))
    controller: ReadableStreamDefaultController | ReadableByteStreamController
    source: ControlledSource
    pulling = (lambda: pull(controller)) if pull else None
    if kind is None or kind == "":
        source = ControlledSource(Strategy.of(strategy, 1), pulling, cancel, started=False)
        controller = ReadableStreamDefaultController(source)
    elif to_string(kind) == "bytes":
        allocate = underlying.get("autoAllocateChunkSize")
        if allocate is not None and to_integer(allocate) == 0:
            raise type_error("The autoAllocateChunkSize option cannot be zero.")
        source = ByteControlledSource(
            Strategy.of(strategy, 0), pulling, cancel, started=False, allocate=to_integer(allocate)
        )
        controller = ReadableByteStreamController(source)
    else:
        raise type_error(f'"{to_string(kind)}" is not a valid type of ReadableStream.')
    source.start((lambda: start(controller)) if start else None)
    return source
