"""The chunks of a stream one by one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from flarelocal.javascript.host import HostObject, method
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.readers import ReadableStreamDefaultReader
from flarelocal.javascript.web.source import DONE

if TYPE_CHECKING:
    from flarelocal.javascript.web.readable import ReadableStream

__all__ = ["ReadableStreamAsyncIterator"]


class ReadableStreamAsyncIterator(HostObject):
    """What `for await (… of stream)` goes over.

    It locks the stream at once, and until it has come to an end; whoever leaves it before that
    without `return` leaves the stream locked.

    Args:
        prevent_cancel: `return` leaves the rest of the stream to whoever reads it next.
    """

    __slots__ = ("_prevent_cancel", "_reader", "_stream")

    def __init__(self, stream: ReadableStream, *, prevent_cancel: bool) -> None:
        self._reader: ReadableStreamDefaultReader | None = ReadableStreamDefaultReader(stream)
        self._stream = stream
        self._prevent_cancel = prevent_cancel

    def __aiter__(self) -> AsyncIterator[Value]:
        return self

    async def __anext__(self) -> Value:
        if self._reader is None:
            raise StopAsyncIteration
        try:
            chunk = await self._stream.next_chunk()
        except BaseException:
            self._release()
            raise
        if chunk is DONE:
            self._release()
            raise StopAsyncIteration
        return chunk

    async def aclose(self) -> None:
        """Let go of the stream, which is cancelled if there is more of it."""
        if self._reader is not None:
            self._release()
            if self._stream.state == "readable" and not self._prevent_cancel:
                await self._stream.close_source(None)

    def iterate_async(self) -> AsyncIterator[Value]:
        return self

    @method(promise=True)
    async def next(self) -> Value:
        try:
            return {"value": await anext(self), "done": False}
        except StopAsyncIteration:
            return {"value": None, "done": True}

    @method(name="return", promise=True)
    async def return_(self, value: Value = None) -> Value:
        await self.aclose()
        return {"done": True, "value": value}

    def _release(self) -> None:
        if self._reader is not None:
            self._reader.release_lock()
            self._reader = None
