"""crypto.DigestStream: the digest of what is written (workerd, api/crypto/crypto.c++)."""

from __future__ import annotations

from typing import Protocol

from flarelocal.javascript.binary import ArrayBuffer, bytes_of, is_buffer_source
from flarelocal.javascript.errors import type_error
from flarelocal.javascript.host import getter
from flarelocal.javascript.promise import Promise, future, reject
from flarelocal.javascript.values import BigInt, Value
from flarelocal.javascript.web.crypto.checksums import CHECKSUMS, Checksum
from flarelocal.javascript.web.crypto.digests import hash_of
from flarelocal.javascript.web.crypto.parameters import HashAlgorithm
from flarelocal.javascript.web.queuing import Strategy
from flarelocal.javascript.web.writable import WritableStream, WritableStreamDefaultController

__all__ = ["DigestStream"]


class _Digest(Protocol):
    def update(self, data: bytes, /) -> None: ...
    def digest(self) -> bytes: ...


class _Sink:
    """Where a DigestStream writes to."""

    __slots__ = ("_digest", "promise", "written")

    def __init__(self, digest: _Digest) -> None:
        self._digest = digest
        self.promise = future()
        self.written = 0

    def start(self, controller: WritableStreamDefaultController) -> Value:
        return None

    def write(self, chunk: Value, controller: WritableStreamDefaultController) -> Value:
        if isinstance(chunk, str):
            data = chunk.encode(errors="replace")
        elif is_buffer_source(chunk):
            data = bytes_of(chunk)
        else:
            raise type_error(
                "DigestStream is a byte stream but received an object of"
                " non-ArrayBuffer/ArrayBufferView/string type on its writable side."
            )
        self._digest.update(data)
        self.written += len(data)
        return None

    def close(self) -> Value:
        self.promise.set_result(ArrayBuffer.of(self._digest.digest()))
        return None

    def abort(self, reason: Value) -> Value:
        reject(self.promise, reason)
        return None


class DigestStream(WritableStream, constructible=True):
    """A stream of which only the digest remains."""

    __slots__ = ("_digest_sink",)

    def __init__(self, algorithm: HashAlgorithm) -> None:
        name = algorithm.name.lower()
        digest = Checksum(CHECKSUMS[name]) if name in CHECKSUMS else hash_of(name)
        self._digest_sink = _Sink(digest)
        self._begin(self._digest_sink, Strategy(1))

    @getter
    def digest(self) -> Promise:
        return self._digest_sink.promise

    @getter
    def bytes_written(self) -> BigInt:
        return BigInt(self._digest_sink.written)
