"""The readers of a ReadableStream."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Annotated

from flarelocal.javascript.binary import ArrayBuffer, BufferView
from flarelocal.javascript.errors import type_error
from flarelocal.javascript.host import HostObject, getter, method
from flarelocal.javascript.numbers import to_integer
from flarelocal.javascript.promise import Promise, future, reject, run
from flarelocal.javascript.signature import NO_OPTIONS, Options, refused
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.source import DONE, WAIT, as_bytes, to_chunk

if TYPE_CHECKING:
    from flarelocal.javascript.web.readable import ReadableStream

__all__ = ["ReadableStreamBYOBReader", "ReadableStreamDefaultReader", "Reader"]

_RELEASED = "This ReadableStream reader has been released."


class Reader(HostObject):
    """What readers of both kinds do."""

    __slots__ = ("_closed", "_stream")

    def __init__(self, stream: ReadableStream) -> None:
        stream.lock(self)
        self._stream: ReadableStream | None = stream
        self._closed: Promise | None = None

    @getter
    def closed(self) -> Promise:
        if self._closed is None:
            self._closed = future()
            stream = self._stream
            if stream is None:
                reject(self._closed, type_error(_RELEASED))
            elif stream.state == "closed":
                self._closed.set_result(None)
            elif stream.state == "errored":
                reject(self._closed, stream.failure)
        return self._closed

    def stream_closed(self) -> None:
        """The stream has ended."""
        if self._closed is not None and not self._closed.done():
            self._closed.set_result(None)

    def stream_failed(self, reason: Value) -> None:
        """The stream has failed."""
        if self._closed is not None:
            reject(self._closed, reason)

    @method(promise=True)
    def cancel(self, reason: Value = None) -> Value:
        if self._stream is None:
            raise type_error(_RELEASED)
        return run(self._stream.close_source(reason))

    @method
    def release_lock(self) -> None:
        if self._stream is None:
            return
        self._stream.abandon(type_error(_RELEASED))
        self._stream.holder = None
        self._stream = None
        if self._closed is not None:
            if self._closed.done():
                self._closed = None
            else:
                reject(self._closed, type_error(_RELEASED))


class ReadableStreamDefaultReader(Reader, constructible=True):
    """Reads chunk by chunk."""

    __slots__ = ()

    def __init__(self, stream: ReadableStream) -> None:
        super().__init__(stream)

    @method(promise=True)
    def read(self) -> Value:
        stream = self._stream
        if stream is None:
            raise type_error(_RELEASED)
        chunk = stream.poll()
        if chunk is WAIT:
            return _result(stream.wait())
        return _done() if chunk is DONE else {"value": chunk, "done": False}


async def _result(waiting: Awaitable[Value]) -> Value:
    chunk = await waiting
    return _done() if chunk is DONE else {"value": chunk, "done": False}


def _done() -> Value:
    return {"value": None, "done": True}


class ReadableStreamBYOBReader(Reader, constructible=True):
    """Reads into buffers of the program."""

    __slots__ = ()

    def __init__(self, stream: ReadableStream) -> None:
        if not stream.gives_bytes:
            raise type_error("This ReadableStream does not support BYOB reads.")
        super().__init__(stream)

    @method(promise=True)
    def read(
        self, view: Annotated[Value, "ArrayBufferView"], options: Options = NO_OPTIONS
    ) -> Value:
        if not isinstance(view, BufferView):
            raise refused("ReadableStreamBYOBReader", "read", 0, "ArrayBufferView")
        return self._read(view, to_integer(options.get("min", 1)))

    @method(promise=True)
    def read_at_least(self, minimum: int, view: Annotated[Value, "ArrayBufferView"]) -> Value:
        if not isinstance(view, BufferView):
            raise refused("ReadableStreamBYOBReader", "readAtLeast", 1, "ArrayBufferView")
        return self._read(view, minimum)

    def _read(self, view: BufferView, minimum: int) -> Value:
        stream = self._stream
        if stream is None:
            raise type_error(_RELEASED)
        size = int(view.byte_length)
        if not size:
            raise type_error(
                'You must call read() on a "byob" reader with a positive-sized TypedArray object.'
            )
        if minimum < 1:
            raise type_error(f"Requested invalid minimum number of bytes to read ({minimum}).")
        if minimum * getattr(view, "item_size", 1) > size:
            raise type_error(f"Minimum bytes to read ({minimum}) exceeds size of buffer ({size}).")
        stream.disturbed = True
        return _fill(stream, _transferred(view), minimum)


def _transferred(view: BufferView) -> BufferView:
    """The same window of a new buffer that has the bytes; the old buffer is detached."""
    offset, length = int(view.byte_offset), int(view.byte_length)
    buffer = ArrayBuffer.of(view.buffer.writable())
    view.buffer.detach()
    return _window(type(view), buffer, offset, length)


def _window(kind: type[BufferView], buffer: ArrayBuffer, offset: int, length: int) -> BufferView:
    made = kind.__new__(kind)
    BufferView.__init__(made, buffer, offset, length)
    return made


async def _fill(stream: ReadableStream, view: BufferView, minimum: int) -> Value:
    """Read into a view until it has `minimum` elements."""
    item = getattr(view, "item_size", 1)
    target = view.writable_memory
    filled = 0
    while filled < minimum * item:
        stream.offer(
            _window(type(view), view.buffer, int(view.byte_offset) + filled, len(target) - filled)
        )
        try:
            chunk = stream.poll()
            if chunk is WAIT:
                chunk = await stream.wait()
        finally:
            stream.offer(None)
        if chunk is DONE:
            break
        data = as_bytes(chunk)
        taken = min(len(data), len(target) - filled)
        target[filled : filled + taken] = data[:taken]
        filled += taken
        if taken < len(data):
            stream.put_back(to_chunk(data[taken:]))
    result = _window(type(view), view.buffer, int(view.byte_offset), filled)
    return {"value": result, "done": not filled}
