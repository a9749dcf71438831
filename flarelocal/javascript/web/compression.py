"""CompressionStream and DecompressionStream, by zlib."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from flarelocal.javascript.errors import JsError, type_error
from flarelocal.javascript.signature import NO_OPTIONS
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.byte_store import ByteStore
from flarelocal.javascript.web.host_writable import HostWritableStream
from flarelocal.javascript.web.readable import ReadableStream
from flarelocal.javascript.web.reason import as_error
from flarelocal.javascript.web.transform import TransformStream

if TYPE_CHECKING:
    from flarelocal.javascript.web.writable import WritableStreamDefaultController

__all__ = ["CompressionStream", "DecompressionStream"]

_WINDOW_BITS = {"deflate": 15, "deflate-raw": -15, "gzip": 31}


def _window(format: str) -> int:
    if format not in _WINDOW_BITS:
        raise type_error(
            "The compression format must be either 'deflate', 'deflate-raw' or 'gzip'."
        )
    return _WINDOW_BITS[format]


class _Codec(Protocol):
    def take(self, data: bytes) -> bytes: ...
    def finish(self) -> bytes: ...


class _Compressor:
    __slots__ = ("_work",)

    def __init__(self, window: int) -> None:
        self._work: Any = zlib.compressobj(wbits=window)

    def take(self, data: bytes) -> bytes:
        return bytes(self._work.compress(data))

    def finish(self) -> bytes:
        return bytes(self._work.flush())


class _Decompressor:
    __slots__ = ("_work",)

    def __init__(self, window: int) -> None:
        self._work: Any = zlib.decompressobj(wbits=window)

    def take(self, data: bytes) -> bytes:
        try:
            made = bytes(self._work.decompress(data))
        except zlib.error:
            raise type_error("Decompression failed.") from None
        if self._work.unused_data:
            raise type_error("Trailing bytes after end of compressed data")
        return made

    def finish(self) -> bytes:
        made = bytes(self._work.flush())
        if not self._work.eof:
            raise type_error("Called close() on a decompression stream with incomplete data")
        return made


class _CodecSink:
    """The writable side: what a codec makes waits to be read."""

    __slots__ = ("_codec", "store")

    def __init__(self, codec: _Codec) -> None:
        self._codec = codec
        self.store = ByteStore()

    def start(self, controller: WritableStreamDefaultController) -> Value:
        return None

    def write(self, chunk: Value, controller: WritableStreamDefaultController) -> Value:
        return self._put(lambda: self._codec.take(chunk))

    def close(self) -> Value:
        self._put(self._codec.finish)
        self.store.close()
        return None

    def _put(self, made: Callable[[], bytes]) -> None:
        self.store.check()
        try:
            self.store.put(made())
        except JsError as failure:
            self.store.fail(failure)
            raise

    def abort(self, reason: Value) -> Value:
        self.store.fail(as_error(reason))
        return None


class _CodecStream(TransformStream):
    __slots__ = ()

    def _work_with(self, codec: _Codec) -> None:
        sink = _CodecSink(codec)
        self._readable = ReadableStream.of(sink.store)
        self._writable = HostWritableStream.taking(sink, NO_OPTIONS)


class CompressionStream(_CodecStream, constructible=True):
    """Compresses bytes as `deflate`, `deflate-raw` or `gzip`."""

    __slots__ = ()

    def __init__(self, format: str) -> None:
        self._work_with(_Compressor(_window(format)))


class DecompressionStream(_CodecStream, constructible=True):
    """Decompresses what CompressionStream makes."""

    __slots__ = ()

    def __init__(self, format: str) -> None:
        self._work_with(_Decompressor(_window(format)))
