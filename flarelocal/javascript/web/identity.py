"""The streams that pass bytes on."""

from __future__ import annotations

from typing import Annotated

from flarelocal.javascript.errors import type_error
from flarelocal.javascript.numbers import to_uint64
from flarelocal.javascript.signature import NO_OPTIONS, Options
from flarelocal.javascript.values import MAX_SAFE_INTEGER, Value
from flarelocal.javascript.web.byte_pipe import BytePipe
from flarelocal.javascript.web.host_writable import HostWritableStream
from flarelocal.javascript.web.readable import ReadableStream
from flarelocal.javascript.web.transform import TransformStream

__all__ = ["FixedLengthStream", "IdentityTransformStream"]


class IdentityTransformStream(TransformStream, constructible=True):
    """Passes bytes on."""

    __slots__ = ()

    def __init__(self, strategy: Annotated[Options, "QueuingStrategy"] = NO_OPTIONS) -> None:
        self._join(BytePipe(), strategy)

    def _join(self, pipe: BytePipe, strategy: Options) -> None:
        self._readable = ReadableStream.of(pipe)
        self._writable = HostWritableStream.taking(pipe, strategy)


class FixedLengthStream(IdentityTransformStream, constructible=True):
    """Passes on a given number of bytes: a body with a Content-Length."""

    __slots__ = ()

    def __init__(
        self,
        expected_length: Value,
        strategy: Annotated[Options, "QueuingStrategy"] = NO_OPTIONS,
    ) -> None:
        length = to_uint64(expected_length)
        if length > MAX_SAFE_INTEGER:
            raise type_error(
                "FixedLengthStream requires an integer expected length less than 2^53."
            )
        if "highWaterMark" in strategy:
            strategy = {"highWaterMark": min(length, to_uint64(strategy["highWaterMark"]))}
        self._join(BytePipe(length), strategy)
