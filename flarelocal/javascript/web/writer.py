"""The writer of a WritableStream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flarelocal.javascript.errors import type_error
from flarelocal.javascript.host import Getter, HostObject, getter, method
from flarelocal.javascript.promise import Promise, future, reject
from flarelocal.javascript.values import Value, null

if TYPE_CHECKING:
    from flarelocal.javascript.web.writable import WritableStream

__all__ = ["WritableStreamDefaultWriter"]

_RELEASED = "This WritableStream writer has been released."


class WritableStreamDefaultWriter(HostObject, constructible=True):
    """Writes chunk by chunk."""

    __slots__ = ("_closed", "_ready", "_stream")

    def __init__(self, stream: WritableStream) -> None:
        stream.lock(self)
        self._stream: WritableStream | None = stream
        self._closed: Promise | None = None
        self._ready: Promise | None = None

    def _held(self) -> WritableStream:
        if self._stream is None:
            raise type_error(_RELEASED)
        return self._stream

    def stream_changed(self) -> None:
        """Settle the promises that depend on the stream."""
        stream = self._held()
        closed, ready = self._closed, self._ready
        if stream.state in ("erroring", "errored"):
            if closed is not None and stream.state == "errored":
                reject(closed, stream.failure)
            if ready is not None:
                self._end_readiness(stream, ready)
            return
        if stream.state == "closed" and closed is not None and not closed.done():
            closed.set_result(None)
        if ready is None:
            return
        if stream.state != "writable" or (stream.desired_size or 0) > 0:
            if not ready.done():
                ready.set_result(None)
        elif ready.done():
            self._ready = None

    def _end_readiness(self, stream: WritableStream, ready: Promise) -> None:
        if ready.done():
            self._ready = None
        elif stream.broken_off:
            ready.set_result(None)
        else:
            reject(ready, stream.failure)

    def _end(self) -> Promise:
        """The promise that tells of the end."""
        if self._closed is None:
            self._closed = future()
            if self._stream is None:
                reject(self._closed, type_error(_RELEASED))
            else:
                self.stream_changed()
        return self._closed

    closed = Getter(_end)

    @getter
    def ready(self) -> Promise:
        if self._ready is None:
            ready = self._ready = future()
            if self._stream is None:
                reject(ready, type_error(_RELEASED))
            else:
                self.stream_changed()
            return ready
        return self._ready

    @getter
    def desired_size(self) -> Value:
        size = self._held().desired_size
        return null if size is None else size

    @method(promise=True)
    def write(self, chunk: Value = None) -> Value:
        return self._held().write_chunk(chunk)

    @method(promise=True)
    def close(self) -> Value:
        return self._held().finish()

    @method(promise=True)
    def abort(self, reason: Value = None) -> Value:
        return self._held().give_up(reason)

    @method
    def release_lock(self) -> None:
        if self._stream is None:
            return
        self._stream.drop_writes(type_error(_RELEASED))
        if self._stream.state in ("closed", "errored"):
            # What `closed` tells stays as it is.
            self._end()
        elif self._closed is not None:
            reject(self._closed, type_error(_RELEASED))
        self._stream.holder = None
        self._stream = None
        if self._ready is not None:
            reject(self._ready, type_error(_RELEASED))
            self._ready = None
