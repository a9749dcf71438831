"""TransformStream, and the streams that pass bytes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import copy_context
from typing import Protocol

from flarelocal.javascript.errors import type_error
from flarelocal.javascript.host import HostObject, getter, method
from flarelocal.javascript.promise import Promise, awaitable, future, reason_of, reject, settle
from flarelocal.javascript.signature import NO_OPTIONS, Options
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.consumer import ValueConsumer
from flarelocal.javascript.web.queuing import Strategy
from flarelocal.javascript.web.readable import ReadableStream
from flarelocal.javascript.web.readable_controller import ReadableStreamDefaultController
from flarelocal.javascript.web.stream_queue import StreamQueue
from flarelocal.javascript.web.writable import WritableStream, WritableStreamDefaultController

__all__ = [
    "HostTransformer",
    "TransformStream",
    "TransformStreamDefaultController",
    "Transformer",
]


_ONE = Strategy(1)
_NONE = Strategy(0)


class Transformer(Protocol):
    """What makes chunks of chunks; each method may give a promise."""

    def start(self, controller: TransformStreamDefaultController) -> Value: ...
    def transform(self, chunk: Value, controller: TransformStreamDefaultController) -> Value: ...
    def flush(self, controller: TransformStreamDefaultController) -> Value: ...
    def cancel(self, reason: Value) -> Value: ...


class HostTransformer:
    """Base of the transformers of the host: `transform` is the only method they need."""

    __slots__ = ()

    def start(self, controller: TransformStreamDefaultController) -> Value:
        return None

    def flush(self, controller: TransformStreamDefaultController) -> Value:
        return None

    def cancel(self, reason: Value) -> Value:
        return None


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
    """What a transformer is given to produce chunks.

    Attributes:
        demand: the readable side has asked for a chunk and not got it yet.
    """

    __slots__ = ("_queue", "_readable", "_writable", "demand")

    def __init__(self, queue: StreamQueue, strategy: Strategy) -> None:
        self._queue = queue
        self._readable = ReadableStreamDefaultController(queue, strategy)
        self._writable: WritableStream | None = None
        self.demand = False

    @property
    def erroring(self) -> WritableStream | None:
        """The writable side, where it waits for a write to end before it fails."""
        writable = self._writable
        return writable if writable is not None and writable.state == "erroring" else None

    def connect(self, writable: WritableStream) -> None:
        """Tell the controller of the other side."""
        self._writable = writable

    @getter
    def desired_size(self) -> Value:
        return self._readable.desired_size

    @method
    def enqueue(self, chunk: Value = None) -> None:
        if not self._queue.open:
            raise type_error("The readable side of this TransformStream is no longer readable.")
        self._readable.enqueue(chunk)
        self.demand = self._queue.wanted

    def refuse(self, reason: Value) -> None:
        """Make writing fail."""
        if self._writable:
            self._writable.break_off(reason)

    @method
    def error(self, reason: Value = None) -> None:
        self._queue.fail(reason)
        self.refuse(reason)

    @method
    def terminate(self) -> None:
        if self._queue.open:
            self._queue.close()
        self.refuse(type_error("The transform stream has been terminated"))


class _TransformSink:
    """The writable side: waits until the readable side wants a chunk."""

    __slots__ = ("_context", "_held", "_transformer", "controller", "queue")

    def __init__(self, transformer: Transformer, strategy: Strategy) -> None:
        self._transformer = transformer
        self._held: tuple[Value, Promise] | None = None
        self._context = copy_context()
        self.queue = StreamQueue(strategy.high_water, self._demanded, self._cancelled)
        self.controller = TransformStreamDefaultController(self.queue, strategy)

    def _demanded(self) -> None:
        """The readable side wants a chunk, or none any more."""
        self.controller.demand = True
        if self._held is None:
            return
        (chunk, promise), self._held = self._held, None
        if self.controller.erroring is not None:
            reject(promise, self.controller.erroring.failure)
            return
        try:
            pending = self._context.copy().run(self._transform, chunk)
        except Exception as failure:
            reject(promise, reason_of(failure))
        else:
            if not promise.done():
                promise.set_result(pending)

    async def _cancelled(self, reason: Value) -> Value:
        """Nobody reads any more."""
        self.controller.refuse(reason)
        self._demanded()
        return await settle(self._transformer.cancel(reason))

    def start(self, controller: WritableStreamDefaultController) -> Value:
        return self._transformer.start(self.controller)

    def write(self, chunk: Value, controller: WritableStreamDefaultController) -> Value:
        if self.controller.demand or not self.queue.open:
            return self._transform(chunk)
        promise = future()
        self._held = (chunk, promise)
        return promise

    @contextmanager
    def _failing_together(self) -> Iterator[None]:
        try:
            yield
        except Exception as failure:
            self.queue.fail(reason_of(failure))
            raise

    def _transform(self, chunk: Value) -> Value:
        with self._failing_together():
            pending = awaitable(self._transformer.transform(chunk, self.controller))
        return None if pending is None else self._finish(pending)

    async def _finish(self, pending: Value) -> None:
        with self._failing_together():
            await settle(pending)

    async def close(self) -> Value:
        with self._failing_together():
            await settle(self._transformer.flush(self.controller))
        if self.queue.open:
            self.queue.close()
        return None

    async def abort(self, reason: Value) -> Value:
        self.queue.fail(reason)
        self._demanded()
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
            Strategy.of(writable_strategy, 1, "TransformStream"),
            Strategy.of(readable_strategy, 0, "TransformStream", 2),
        )

    def _connect(
        self,
        transformer: Transformer,
        writable: Strategy = _ONE,
        readable: Strategy = _NONE,
    ) -> None:
        sink = _TransformSink(transformer, readable)
        self._readable = ReadableStream.of(ValueConsumer(sink.queue))
        self._writable = WritableStream.of(sink, writable)
        sink.controller.connect(self._writable)
        sink.queue.start(None)

    @getter
    def readable(self) -> ReadableStream:
        return self._readable

    @getter
    def writable(self) -> WritableStream:
        return self._writable
