"""Bytes that wait to be read."""

from __future__ import annotations

from flarelocal.javascript.errors import error
from flarelocal.javascript.promise import Promise, future, reject, resolved, rethrow
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.reason import as_error
from flarelocal.javascript.web.source import (
    DONE,
    WAIT,
    EndListener,
    Source,
    to_chunk,
)

__all__ = ["ByteStore"]

_NOTHING = object()


class ByteStore(Source):
    """Holds as much as the host puts in, and gives all of it to one read."""

    __slots__ = ("_closed", "_failure", "_held", "_listener", "_reading")

    def __init__(self) -> None:
        self._held = bytearray()
        self._closed = False
        self._failure: Value = _NOTHING
        self._listener: EndListener | None = None
        self._reading: Promise | None = None

    def attach(self, ended: EndListener) -> None:
        self._listener = ended

    def check(self) -> None:
        """Go on unless the store has failed.

        Raises:
            Exception: it has.
        """
        if self._failure is not _NOTHING:
            rethrow(self._failure)

    def put(self, data: bytes) -> None:
        """Add bytes."""
        self._held += data
        if self._reading is not None and self._held:
            self._answer(self._taken())

    def close(self) -> None:
        """There are no more bytes."""
        self._closed = True
        if self._reading is not None:
            self._answer(DONE)

    def fail(self, reason: Value) -> None:
        """There will be no more bytes, for this reason; those that are held are lost."""
        if self._failure is not _NOTHING:
            return
        self._failure = reason
        self._held.clear()
        reading, self._reading = self._reading, None
        if reading is not None:
            reject(reading, reason)

    def poll(self) -> Value:
        if self._failure is not _NOTHING:
            if self._listener:
                self._listener.source_failed(self._failure)
            rethrow(self._failure)
        if self._held:
            return self._taken()
        return DONE if self._closed else WAIT

    def wait(self) -> Promise:
        self._reading = future()
        return self._reading

    def cancel(self, reason: Value) -> Promise:
        self.fail(error("Stream was cancelled.") if reason is None else as_error(reason))
        return resolved(None)

    def _taken(self) -> Value:
        held, self._held = self._held, bytearray()
        return to_chunk(held)

    def _answer(self, chunk: Value) -> None:
        reading, self._reading = self._reading, None
        if reading is not None and not reading.done():
            reading.set_result(chunk)
