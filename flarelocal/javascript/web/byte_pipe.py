"""What is written at one end is read at the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flarelocal.javascript.errors import JsError, error, type_error
from flarelocal.javascript.promise import (
    Promise,
    future,
    reject,
    rejected,
    resolved,
    rethrow,
)
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.reason import as_error
from flarelocal.javascript.web.source import (
    DONE,
    WAIT,
    EndListener,
    Source,
    to_chunk,
)

if TYPE_CHECKING:
    from flarelocal.javascript.web.writable import WritableStreamDefaultController

__all__ = ["BytePipe"]

_NOTHING = object()


class BytePipe(Source):
    """Passes bytes on without holding any: what is written waits until it is read.

    It is the source of the stream that reads and the sink of the stream that writes (workerd,
    streams/identity-transform-stream.c++).

    Args:
        length: how many bytes must come in all, where that is fixed.
    """

    __slots__ = ("_closed", "_failure", "_left", "_listener", "_offered", "_reading", "_writing")

    def __init__(self, length: int | None = None) -> None:
        self._left = length
        self._closed = False
        self._failure: Value = _NOTHING
        self._listener: EndListener | None = None
        self._offered: bytes | None = None
        self._reading: Promise | None = None
        self._writing: Promise | None = None

    @property
    def length(self) -> int | None:
        return self._left

    def attach(self, ended: EndListener) -> None:
        self._listener = ended

    # -- the end that is read

    def poll(self) -> Value:
        if self._failure is not _NOTHING:
            self._tell()
            rethrow(self._failure)
        if self._offered is not None:
            data, self._offered = self._offered, None
            return self._counted(data)
        return self._counted(b"") if self._closed else WAIT

    def wait(self) -> Promise:
        self._reading = future()
        return self._reading

    def consumed(self) -> None:
        writing, self._writing = self._writing, None
        if writing is not None and not writing.done():
            writing.set_result(None)

    def cancel(self, reason: Value) -> Promise:
        if not self._closed and self._failure is _NOTHING:
            self._fail(error("Stream was cancelled.") if reason is None else as_error(reason))
        return resolved(None)

    def _counted(self, data: bytes) -> Value:
        """What a read gets; no bytes are the end.

        Raises:
            JsError: TypeError for more or fewer bytes than announced.
        """
        if self._left is not None:
            try:
                self._count(data)
            except JsError as failure:
                self._fail(failure)
                self._tell()
                raise
        return to_chunk(data) if data else DONE

    def _count(self, data: bytes) -> None:
        left = self._left or 0
        if len(data) > left:
            self.consumed()
            raise type_error("Attempt to write too many bytes through a FixedLengthStream.")
        if left and not data:
            raise type_error("FixedLengthStream did not see all expected bytes before close().")
        self._left = left - len(data)

    def _answer(self, chunk: Value) -> None:
        reading, self._reading = self._reading, None
        if reading is not None and not reading.done():
            reading.set_result(chunk)

    def _serve(self, data: bytes) -> None:
        """Give bytes, or the end, to the read that waits."""
        try:
            chunk = self._counted(data)
        except JsError as failure:
            reading, self._reading = self._reading, None
            if reading is not None:
                reject(reading, failure)
        else:
            self._answer(chunk)

    # -- the end that is written

    def start(self, controller: WritableStreamDefaultController) -> Value:
        return None

    def write(self, data: Value, controller: WritableStreamDefaultController) -> Promise:
        """Offer bytes; the promise settles when all of them are read."""
        if self._failure is not _NOTHING:
            return rejected(self._failure)
        if not data:
            return resolved(None)
        self._writing = writing = future()
        if self._reading is None:
            self._offered = data
        else:
            self._serve(data)
        return writing

    def close(self) -> Promise:
        """There are no more bytes."""
        if self._failure is not _NOTHING:
            return rejected(self._failure)
        self._closed = True
        if self._reading is not None:
            self._serve(b"")
        return resolved(None)

    def abort(self, reason: Value) -> None:
        """There will be no more bytes, for this reason."""
        lost = self._writing is not None and not self._writing.done()
        self._fail(error("Network connection lost.") if lost else as_error(reason))

    def _tell(self) -> None:
        """The stream that is read fails when somebody reads."""
        if self._listener:
            self._listener.source_failed(self._failure)

    def _fail(self, reason: Value) -> None:
        if self._failure is not _NOTHING:
            return
        self._failure, self._offered = reason, None
        for promise in (self._reading, self._writing):
            if promise is not None:
                reject(promise, reason)
        self._reading = self._writing = None
