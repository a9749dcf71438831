"""What a program is offered to fill when somebody reads bytes into a buffer."""

from __future__ import annotations

from flarelocal.javascript.binary import ArrayBuffer, BufferView
from flarelocal.javascript.errors import range_error, type_error
from flarelocal.javascript.host import HostObject, getter, method
from flarelocal.javascript.signature import BufferSource
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.byte_consumer import PullInto
from flarelocal.javascript.web.stream_queue import StreamQueue

__all__ = ["ReadableStreamBYOBRequest"]


class ReadableStreamBYOBRequest(HostObject):
    """The view that a pending read wants to have filled (workerd, streams/standard.c++)."""

    __slots__ = ("_queue", "_read", "_view")

    def __init__(self, queue: StreamQueue, read: PullInto) -> None:
        self._queue = queue
        self._read = read
        self._view: BufferView | None = read.rest()

    @property
    def valid(self) -> bool:
        """The program may still answer."""
        return self._view is not None

    @property
    def partial(self) -> bool:
        """The program has answered with too few bytes."""
        return self.valid and self._read.partial

    def invalidate(self) -> None:
        """Take the view from the program."""
        if self._view is not None:
            self._view.buffer.detach()
            self._view = None

    @getter
    def view(self) -> Value:
        return self._view or null

    @getter
    def at_least(self) -> Value:
        if self._view is None:
            return null
        return self._read.least if self._read.pending else 0

    def _valid_view(self) -> BufferView:
        if self._view is None:
            raise type_error("This ReadableStreamBYOBRequest has been invalidated.")
        return self._view

    @method
    def respond(self, written: int) -> None:
        view = self._valid_view()
        if not view.byte_length:
            raise type_error("Cannot respond with a zero-length or detached view")
        if not self._queue.open:
            if written:
                raise type_error("The bytesWritten must be zero after the stream is closed.")
            self.invalidate()
            return
        if written <= 0:
            raise type_error("The bytesWritten must be more than zero while the stream is open.")
        if written > view.byte_length:
            raise range_error(f"Too many bytes [{written}] in response to a BYOB read request.")
        if self._read.pending:
            self._respond(written)
        else:
            self._queue.enqueue(view.transfer().memory[:written], written)
            self.invalidate()

    @method
    def respond_with_new_view(self, view: BufferSource) -> None:
        self._valid_view()
        size = view.byte_length
        if not self._queue.open:
            if size:
                raise type_error("The view byte length must be zero after the stream is closed.")
            self.invalidate()
            return
        if not self._read.pending:
            self._queue.enqueue(_as_view(view).transfer().memory, size)
            return
        if not size:
            raise type_error(
                "The view byte length must be more than zero while the stream is open."
            )
        self._read.replace(_as_view(view))
        self._respond(size)

    def _respond(self, written: int) -> None:
        read = self._read
        through = read.consumer.respond(read, written)
        if not through and self._view is not None:
            self._view.buffer.detach()
            self._view = read.rest()
        self._queue.pull_if_needed()
        if through:
            self.invalidate()


def _as_view(source: ArrayBuffer | BufferView) -> BufferView:
    from flarelocal.javascript.binary import Uint8Array

    return Uint8Array(source) if isinstance(source, ArrayBuffer) else source
