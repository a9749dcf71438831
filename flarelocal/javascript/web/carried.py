"""Streams that one program feeds and another reads: what arrives are bytes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, TypeAlias

from flarelocal.javascript.promise import Promise, resolved
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.source import ByteIteratorSource

if TYPE_CHECKING:
    from flarelocal.javascript.web.readable import ReadableStream

__all__ = ["CarriedSource", "Failed", "truncated"]

Failed: TypeAlias = Callable[[Exception], BaseException | None]
"""What the reader sees of a failure of the program; None: nothing but the end."""


def truncated(failure: Exception) -> None:
    """The failure of the body of a request: whoever gets it sees but the end."""


class CarriedSource(ByteIteratorSource):
    """The bytes of a stream of another program.

    Args:
        stream: what the program feeds.
    """

    __slots__ = ("_stream",)

    def __init__(self, stream: ReadableStream, failed: Failed) -> None:
        super().__init__(_chunks(stream, failed), stream.length)
        self._stream = stream

    def cancel(self, reason: Value) -> Promise:
        if self._stream.state != "readable":
            return resolved(None)
        return self._stream.close_source(reason)


async def _chunks(stream: ReadableStream, failed: Failed) -> AsyncIterator[bytes]:
    try:
        async for chunk in stream.byte_chunks(leaving=True):
            yield chunk
    except Exception as raised:
        failure = failed(raised)
        if failure is not None:
            raise failure from raised
