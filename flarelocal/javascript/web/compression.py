"""CompressionStream and DecompressionStream, by zlib."""

from __future__ import annotations

import zlib
from typing import Any

from flarelocal.javascript.binary import Uint8Array, bytes_of, is_buffer_source
from flarelocal.javascript.errors import type_error
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.consumer import HostConsumer
from flarelocal.javascript.web.transform import (
    HostTransformer,
    TransformStream,
    TransformStreamDefaultController,
)

__all__ = ["CompressionStream", "DecompressionStream"]

_WINDOW_BITS = {"deflate": 15, "deflate-raw": -15, "gzip": 31}


def _window(format: str) -> int:
    if format not in _WINDOW_BITS:
        raise type_error(
            "The compression format must be either 'deflate', 'deflate-raw' or 'gzip'."
        )
    return _WINDOW_BITS[format]


def _data(chunk: Value) -> bytes:
    if not is_buffer_source(chunk):
        raise type_error("This WritableStream only supports writing byte types.")
    return bytes_of(chunk)


class _Compressor(HostTransformer):
    __slots__ = ("_work",)

    def __init__(self, window: int) -> None:
        self._work: Any = zlib.compressobj(wbits=window)

    def transform(self, chunk: Value, controller: TransformStreamDefaultController) -> Value:
        _give(controller, self._work.compress(_data(chunk)))
        return None

    def flush(self, controller: TransformStreamDefaultController) -> Value:
        _give(controller, self._work.flush())
        return None


class _Decompressor(HostTransformer):
    __slots__ = ("_work",)

    def __init__(self, window: int) -> None:
        self._work: Any = zlib.decompressobj(wbits=window)

    def transform(self, chunk: Value, controller: TransformStreamDefaultController) -> Value:
        try:
            _give(controller, self._work.decompress(_data(chunk)))
        except zlib.error:
            raise type_error("Decompression failed.") from None
        if self._work.unused_data:
            raise type_error("Trailing bytes after end of compressed data")
        return None

    def flush(self, controller: TransformStreamDefaultController) -> Value:
        _give(controller, self._work.flush())
        if not self._work.eof:
            raise type_error("Called close() on a decompression stream with incomplete data")
        return None


def _give(controller: TransformStreamDefaultController, data: bytes) -> None:
    if data:
        controller.enqueue(Uint8Array.of_bytes(data))


class CompressionStream(TransformStream, constructible=True):
    """Compresses bytes as `deflate`, `deflate-raw` or `gzip`."""

    __slots__ = ()

    def __init__(self, format: str) -> None:
        self._connect(_Compressor(_window(format)), consumer=HostConsumer)


class DecompressionStream(TransformStream, constructible=True):
    """Decompresses what CompressionStream makes."""

    __slots__ = ()

    def __init__(self, format: str) -> None:
        self._connect(_Decompressor(_window(format)), consumer=HostConsumer)
