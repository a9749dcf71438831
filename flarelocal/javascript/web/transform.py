"""TransformStream, and the streams that pass bytes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import copy_context
from typing import Protocol

from flarelocal.javascript.binary import is_buffer_source
from flarelocal.javascript.errors import range_error, type_error
from flarelocal.javascript.host import HostObject, getter, method
from flarelocal.javascript.numbers import to_number
from flarelocal.javascript.promise import Promise, awaitable, future, reason_of, reject, settle
from flarelocal.javascript.signature import NO_OPTIONS, Options
from flarelocal.javascript.values import MAX_SAFE_INTEGER, BigInt, Value, null
from flarelocal.javascript.web.queuing import Strategy
from flarelocal.javascript.web.readable import ReadableStream
from flarelocal.javascript.web.readable_controller import ByteControlledSource, ControlledSource
from flarelocal.javascript.web.source import as_bytes, to_chunk
from flarelocal.javascript.web.writable import WritableStream, WritableStreamDefaultController

__all__ = [
    "FixedLengthStream",
    "IdentityTransformStream",
    "TransformStream",
    "TransformStreamDefaultController",
    "Transformer",
]


class Transformer(Protocol):
    """What makes chunks of chunks; each method may give a promise."""

    def start(self, controller: TransformStreamDefaultController) -> Value: ...
    def transform(self, chunk: Value, controller: TransformStreamDefaultController) -> Value: ...
    def flush(self, controller: TransformStreamDefaultController) -> Value: ...
    def cancel(self, reason: Value) -> Value: ...


class _ProgramTransformer:
    """The transformer that a program describes by an object; none passes chunks on."""

    __slots__ = ("_described",)

    def __init__(self, described: Options) -> None:
        for name in ("readableType", "writableType"):
            if described.get(name) is not None:
                raise type_error(f"transformer.{name} must be undefined.")
        self._described = described

    def _call(self, name: str, *arguments: Value) -> Value:
        function = self._described.get(name)
        return function(*arguments) if callable(function) else None

    def start(self, controller: TransformStreamDefaultController) -> Value:
        return self._call("start", controller)

    def transform(self, chunk: Value, controller: TransformStreamDefaultController) -> Value:
        if callable(self._described.get("transform")):
            return self._call("transform", chunk, controller)
        controller.enqueue(chunk)
        return None

    def flush(self, controller: TransformStreamDefaultController) -> Value:
        return self._call("flush", controller)

    def cancel(self, reason: Value) -> Value:
        return self._call("cancel", reason)


class TransformStreamDefaultController(HostObject):
    """What a transformer is given to produce chunks."""

    __slots__ = ("_source", "_writable")

    def __init__(self, source: ControlledSource) -> None:
        self._source = source
        self._writable: WritableStream | None = None

    def connect(self, writable: WritableStream) -> None:
        """Tell the controller of the other side."""
        self._writable = writable

    @getter
    def desired_size(self) -> Value:
        size = self._source.desired_size
        return null if size is None else size

    @method
    def enqueue(self, chunk: Value = None) -> None:
        if not self._source.open:
            raise type_error("The readable side of this TransformStream is no longer readable.")
        self._source.enqueue(chunk)

    @method
    def error(self, reason: Value = None) -> None:
        self._source.fail(reason)
        if self._writable:
            self._writable.fail(reason)

    @method
    def terminate(self) -> None:
        if self._source.open:
            self._source.close()
        if self._writable:
            self._writable.fail(type_error("The transform stream has been terminated"))


class _TransformSink:
    """The writable side: waits until the readable side wants a chunk."""

    __slots__ = ("_context", "_controller", "_held", "_source", "_transformer")

    def __init__(self, transformer: Transformer, source: ControlledSource) -> None:
        self._transformer = transformer
        self._source = source
        self._controller = TransformStreamDefaultController(source)
        self._held: tuple[Value, Promise] | None = None
        self._context = copy_context()

    @property
    def controller(self) -> TransformStreamDefaultController:
        return self._controller

    def demanded(self) -> None:
        """The readable side wants a chunk, or none any more."""
        if self._held is None:
            return
        (chunk, promise), self._held = self._held, None
        try:
            pending = self._context.copy().run(self._transform, chunk)
        except Exception as failure:
            reject(promise, reason_of(failure))
        else:
            if not promise.done():
                promise.set_result(pending)

    def start(self, controller: WritableStreamDefaultController) -> Value:
        return self._transformer.start(self._controller)

    def write(self, chunk: Value, controller: WritableStreamDefaultController) -> Value:
        if self._source.wanted or not self._source.open:
            return self._transform(chunk)
        promise = future()
        self._held = (chunk, promise)
        return promise

    @contextmanager
    def _failing_together(self) -> Iterator[None]:
        try:
            yield
        except Exception as failure:
            self._source.fail(reason_of(failure))
            raise

    def _transform(self, chunk: Value) -> Value:
        with self._failing_together():
            pending = awaitable(self._transformer.transform(chunk, self._controller))
        return None if pending is None else self._finish(pending)

    async def _finish(self, pending: Value) -> None:
        with self._failing_together():
            await settle(pending)

    async def close(self) -> Value:
        with self._failing_together():
            await settle(self._transformer.flush(self._controller))
        if self._source.open:
            self._source.close()
        return None

    async def abort(self, reason: Value) -> Value:
        self._source.fail(reason)
        self.demanded()
        return await settle(self._transformer.cancel(reason))


class TransformStream(HostObject, constructible=True):
    """What is written to one side is read, transformed, from the other."""

    __slots__ = ("_readable", "_writable")

    def __init__(
        self,
        transformer: Options = NO_OPTIONS,
        writable_strategy: Value = None,
        readable_strategy: Value = None,
    ) -> None:
        self._connect(
            _ProgramTransformer(transformer),
            Strategy.of(writable_strategy, 1),
            Strategy.of(readable_strategy, 0),
        )

    def _connect(
        self,
        transformer: Transformer,
        writable: Strategy = Strategy(1),  # noqa: B008
        readable: Strategy = Strategy(0),  # noqa: B008
        kind: type[ControlledSource] = ControlledSource,
    ) -> None:
        async def cancel(reason: Value) -> Value:
            self._writable.fail(reason)
            sink.demanded()
            return await settle(transformer.cancel(reason))

        source = kind(readable, lambda: sink.demanded(), cancel)
        sink = _TransformSink(transformer, source)
        self._readable = ReadableStream.of(source)
        self._writable = WritableStream.of(sink, writable)
        sink.controller.connect(self._writable)

    @getter
    def readable(self) -> ReadableStream:
        return self._readable

    @getter
    def writable(self) -> WritableStream:
        return self._writable


class _Identity:
    """Passes bytes on.

    Args:
        length: how many bytes must be written in all, where that is fixed.
    """

    __slots__ = ("_left",)

    def __init__(self, length: int | None = None) -> None:
        self._left = length

    def start(self, controller: TransformStreamDefaultController) -> Value:
        return None

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

    def cancel(self, reason: Value) -> Value:
        return None


class IdentityTransformStream(TransformStream, constructible=True):
    """Passes bytes on."""

    __slots__ = ()

    def __init__(self, strategy: Value = None) -> None:
        self._connect(_Identity(), Strategy.of(strategy, 1), kind=ByteControlledSource)


class _FixedLengthSource(ByteControlledSource):
    """Bytes whose number is known."""

    __slots__ = ("_length",)

    def of_length(self, length: int) -> None:
        self._length = length

    @property
    def length(self) -> int | None:
        return self._length


class FixedLengthStream(IdentityTransformStream, constructible=True):
    """Passes on a given number of bytes: a body with a Content-Length."""

    __slots__ = ()

    def __init__(self, expected_length: Value, strategy: Value = None) -> None:
        length = (
            int(expected_length)
            if isinstance(expected_length, BigInt)
            else to_number(expected_length)
        )
        if not isinstance(length, int) or not 0 <= length <= MAX_SAFE_INTEGER:
            raise range_error(
                "FixedLengthStream requires an integer expected length less than 2^53."
            )
        self._connect(_Identity(length), Strategy.of(strategy, 1), kind=_FixedLengthSource)
        source = self._readable._source
        assert isinstance(source, _FixedLengthSource)
        source.of_length(length)
