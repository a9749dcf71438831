"""The readers of a ReadableStream."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from flarelocal.javascript.binary import BufferView
from flarelocal.javascript.errors import type_error
from flarelocal.javascript.host import Getter, HostObject, method
from flarelocal.javascript.numbers import to_int32
from flarelocal.javascript.promise import Promise, future, reject
from flarelocal.javascript.signature import NO_OPTIONS, Options, refused
from flarelocal.javascript.values import Value

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

    def _end(self) -> Promise:
        """The promise that tells of the end."""
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

    closed = Getter(_end)

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
        return self._stream.close_source(reason)

    @method
    def release_lock(self) -> None:
        if self._stream is None:
            return
        self._stream.abandon(type_error(_RELEASED))
        if self._stream.state != "readable":
            # What `closed` tells stays as it is.
            self._end()
        elif self._closed is not None:
            reject(self._closed, type_error(_RELEASED))
        self._stream.holder = None
        self._stream = None


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
        return stream.read()


class ReadableStreamBYOBReader(Reader, constructible=True):
    """Reads into buffers of the program."""

    __slots__ = ()

    def __init__(self, stream: ReadableStream) -> None:
        if stream.state == "readable" and stream.holder is None and not stream.gives_bytes:
            raise type_error("This ReadableStream does not support BYOB reads.")
        super().__init__(stream)

    @method(promise=True)
    def read(
        self,
        view: Annotated[Value, "ArrayBufferView"],
        options: Annotated[Options, "ReadableStreamBYOBReaderReadOptions"] = NO_OPTIONS,
    ) -> Value:
        if not isinstance(view, BufferView):
            raise refused("ReadableStreamBYOBReader", "read", 0, "ArrayBufferView")
        return self._read(view, to_int32(options.get("min", 1)))

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
        if not minimum:
            raise type_error(f"Requested invalid minimum number of bytes to read ({minimum}).")
        least = minimum % 2**64
        if least <= size:
            least *= view.item_size
        if least > size:
            raise type_error(f"Minimum bytes to read ({least}) exceeds size of buffer ({size}).")
        return stream.read_into(view.transfer(), least)
