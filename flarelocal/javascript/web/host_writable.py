"""A WritableStream whose bytes the runtime takes."""

from __future__ import annotations

import math
from typing import Self

from flarelocal.javascript.binary import bytes_of, is_buffer_source
from flarelocal.javascript.errors import type_error
from flarelocal.javascript.numbers import to_uint64
from flarelocal.javascript.promise import Promise, reject, rejected, resolved
from flarelocal.javascript.signature import Options, usv_string
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.queuing import Strategy
from flarelocal.javascript.web.writable import CLOSED, Sink, WritableStream

__all__ = ["HostWritableStream"]


class HostWritableStream(WritableStream, js_name="WritableStream"):
    """Takes bytes and texts, without a limit unless one is given (workerd, internal.c++)."""

    __slots__ = ()

    @classmethod
    def taking(cls, sink: Sink, strategy: Options) -> Self:
        """The stream of a sink that gets `bytes`."""
        mark = strategy.get("highWaterMark")
        made = cls.__new__(cls)
        made._begin(sink, Strategy(math.inf if mark is None else to_uint64(mark)))
        return made

    @property
    def desired_size(self) -> float | None:
        if self._state in ("closed", "errored"):
            return 0
        return (
            1 if self._strategy.high_water == math.inf else self._strategy.high_water - self._total
        )

    def write_chunk(self, chunk: Value) -> Promise:
        if self._state != "writable":
            return rejected(type_error(CLOSED))
        data = _bytes_of(chunk)
        if data or isinstance(chunk, str):
            return self._enqueue(data, len(data))
        return resolved(None)

    def fail(self, reason: Value) -> None:
        self.break_off(reason)

    def finish(self) -> Promise:
        if self._state == "closing":
            return resolved(None)
        return rejected(type_error(CLOSED)) if self._state == "errored" else super().finish()

    def give_up(self, reason: Value) -> Promise:
        if self._state not in ("errored", "closed"):
            if self._written is not None:
                reject(self._written[2], reason)
            self._sink.abort(reason)
            self.break_off(reason)
            self.drop_writes(reason)
        return resolved(None)


def _bytes_of(chunk: Value) -> bytes:
    if chunk is None:
        return b""
    if isinstance(chunk, str):
        return usv_string(chunk).encode()
    if is_buffer_source(chunk):
        return bytes_of(chunk)
    raise type_error(
        "This TransformStream is being used as a byte stream, but received an object of"
        " non-ArrayBuffer/ArrayBufferView type on its writable side."
    )
