"""The streams that pass bytes on."""

from __future__ import annotations

from functools import partial

from flarelocal.javascript.binary import is_buffer_source
from flarelocal.javascript.errors import range_error, type_error
from flarelocal.javascript.numbers import to_number
from flarelocal.javascript.values import MAX_SAFE_INTEGER, BigInt, Value
from flarelocal.javascript.web.consumer import HostConsumer
from flarelocal.javascript.web.queuing import Strategy
from flarelocal.javascript.web.source import as_bytes, to_chunk
from flarelocal.javascript.web.stream_queue import StreamQueue
from flarelocal.javascript.web.transform import (
    HostTransformer,
    TransformStream,
    TransformStreamDefaultController,
)

__all__ = ["FixedLengthStream", "IdentityTransformStream"]


class _Identity(HostTransformer):
    """Passes bytes on.

    Args:
        length: how many bytes must be written in all, where that is fixed.
    """

    __slots__ = ("_left",)

    def __init__(self, length: int | None = None) -> None:
        self._left = length

    def transform(self, chunk: Value, controller: TransformStreamDefaultController) -> Value:
        if isinstance(chunk, str):
            data = chunk.encode()
        elif is_buffer_source(chunk):
            data = as_bytes(chunk)
        else:
            raise type_error("This WritableStream only supports writing byte types.")
        if self._left is not None:
            self._left -= len(data)
            if self._left < 0:
                raise type_error("Attempt to write too many bytes through a FixedLengthStream.")
        if data:
            controller.enqueue(to_chunk(data))
        return None

    def flush(self, controller: TransformStreamDefaultController) -> Value:
        if self._left:
            raise type_error("FixedLengthStream did not see all expected bytes before close().")
        return None


class IdentityTransformStream(TransformStream, constructible=True):
    """Passes bytes on."""

    __slots__ = ()

    def __init__(self, strategy: Value = None) -> None:
        limits = Strategy.of(strategy, 1, self.js_name, 0)
        self._connect(_Identity(), limits, consumer=HostConsumer)


class _FixedLengthConsumer(HostConsumer):
    """Bytes whose number is known."""

    __slots__ = ("_length",)

    def __init__(self, queue: StreamQueue, length: int) -> None:
        super().__init__(queue)
        self._length = length

    @property
    def length(self) -> int | None:
        return self._length


class FixedLengthStream(IdentityTransformStream, constructible=True):
    """Passes on a given number of bytes: a body with a Content-Length."""

    __slots__ = ()

    def __init__(self, expected_length: Value, strategy: Value = None) -> None:
        if isinstance(expected_length, BigInt):
            expected_length = int(expected_length)
        length = to_number(expected_length)
        if not isinstance(length, int) or not 0 <= length <= MAX_SAFE_INTEGER:
            raise range_error(
                "FixedLengthStream requires an integer expected length less than 2^53."
            )
        limits = Strategy.of(strategy, 1, self.js_name, 1)
        self._connect(
            _Identity(length), limits, consumer=partial(_FixedLengthConsumer, length=length)
        )
