"""WritableStream and its writer."""

from __future__ import annotations

from collections import deque
from contextvars import Context, copy_context
from functools import partial
from typing import TYPE_CHECKING, Protocol

from flarelocal.javascript.errors import type_error
from flarelocal.javascript.host import HostObject, getter, method
from flarelocal.javascript.promise import (
    Promise,
    awaitable,
    future,
    reason_of,
    reject,
    rejected,
    run,
    settle,
    watch,
)
from flarelocal.javascript.signature import NO_OPTIONS, Options
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.queuing import Strategy
from flarelocal.javascript.web.writer import WritableStreamDefaultWriter

if TYPE_CHECKING:
    from flarelocal.javascript.web.abort import AbortController, AbortSignal

__all__ = ["Sink", "WritableStream", "WritableStreamDefaultController"]

_LOCKED = "This WritableStream is currently locked to a writer."
_CLOSED = "This WritableStream has been closed."
_CLOSE = object()


class Sink(Protocol):
    """Where chunks go; each method may give a promise."""

    def start(self, controller: WritableStreamDefaultController) -> Value: ...
    def write(self, chunk: Value, controller: WritableStreamDefaultController) -> Value: ...
    def close(self) -> Value: ...
    def abort(self, reason: Value) -> Value: ...


class _ProgramSink:
    """The sink that a program describes by an object."""

    __slots__ = ("_described",)

    def __init__(self, described: Options) -> None:
        if described.get("type") is not None:
            raise type_error("Invalid underlying sink type. Only undefined is valid.")
        self._described = described

    def _call(self, name: str, *arguments: Value) -> Value:
        function = self._described.get(name)
        return function(*arguments) if callable(function) else None

    def start(self, controller: WritableStreamDefaultController) -> Value:
        return self._call("start", controller)

    def write(self, chunk: Value, controller: WritableStreamDefaultController) -> Value:
        return self._call("write", chunk, controller)

    def close(self) -> Value:
        return self._call("close")

    def abort(self, reason: Value) -> Value:
        return self._call("abort", reason)


class WritableStreamDefaultController(HostObject):
    """What a sink is given to make its stream fail."""

    __slots__ = ("_abort", "_stream")

    def __init__(self, stream: WritableStream) -> None:
        self._stream = stream
        self._abort: AbortController | None = None

    @getter
    def signal(self) -> AbortSignal:
        from flarelocal.javascript.web.abort import AbortController

        if self._abort is None:
            self._abort = AbortController()
        signal: AbortSignal = self._abort.signal
        return signal

    @method
    def error(self, reason: Value = None) -> None:
        self._stream.fail(reason)

    def aborted(self, reason: Value) -> None:
        """The program aborts the stream."""
        if self._abort is not None:
            self._abort.abort(reason)


class WritableStream(HostObject, constructible=True):
    """A stream to write to (workerd, api/streams)."""

    __slots__ = (
        "_busy",
        "_context",
        "_controller",
        "_failure",
        "_queue",
        "_sink",
        "_started",
        "_state",
        "_strategy",
        "_total",
        "holder",
    )

    def __init__(self, sink: Options = NO_OPTIONS, strategy: Value = None) -> None:
        self._begin(_ProgramSink(sink), Strategy.of(strategy, 1, "WritableStream"))

    def _begin(self, sink: Sink, strategy: Strategy) -> None:
        self._sink = sink
        self._strategy = strategy
        self._state = "writable"
        self._failure: Value = None
        self._queue: deque[tuple[Value, float, Promise]] = deque()
        self._total: float = 0
        self._busy = False
        self._started = True
        self._context: Context = copy_context()
        self._controller = WritableStreamDefaultController(self)
        self.holder: object | None = None
        pending = awaitable(sink.start(self._controller))
        if pending is not None:
            self._started = False
            watch(pending, self._start, self._start_failed, self._context.copy())

    @classmethod
    def of(cls, sink: Sink, strategy: Strategy | None = None) -> WritableStream:
        """The stream of a sink."""
        made = cls.__new__(cls)
        made._begin(sink, strategy or Strategy(1))
        return made

    def _start(self, _: Value) -> None:
        self._started = True
        self._advance()

    def _start_failed(self, reason: Value) -> None:
        self._started = True
        self.fail(reason)

    @property
    def state(self) -> str:
        """`writable`, `closing`, `closed` or `errored`."""
        return self._state

    @property
    def failure(self) -> Value:
        """The reason of the failure of an errored stream."""
        return self._failure

    @property
    def desired_size(self) -> float | None:
        """How much more may be written without waiting; None after a failure."""
        if self._state == "errored":
            return None
        return 0 if self._state == "closed" else self._strategy.high_water - self._total

    def _tell(self) -> None:
        if isinstance(self.holder, WritableStreamDefaultWriter):
            self.holder.stream_changed()

    def lock(self, holder: object) -> None:
        """Give the stream to one writer.

        Raises:
            JsError: TypeError where it has one.
        """
        if self.holder is not None:
            raise type_error(_LOCKED)
        self.holder = holder

    # -- writing

    def write_chunk(self, chunk: Value) -> Promise:
        """Write a chunk, whoever holds the stream; settles when the sink is through with it."""
        if self._state == "errored":
            return rejected(self._failure)
        if self._state != "writable":
            return rejected(type_error(_CLOSED))
        try:
            size = self._strategy.size(chunk)
        except Exception as failure:
            self.fail(reason_of(failure))
            return rejected(reason_of(failure))
        return self._enqueue(chunk, size)

    def finish(self) -> Promise:
        """Close the stream after what was written, whoever holds it."""
        if self._state == "errored":
            return rejected(self._failure)
        if self._state == "closed":
            return rejected(type_error(_CLOSED))
        if self._state == "closing":
            return rejected(type_error("Cannot close a writer that is already being closed"))
        self._state = "closing"
        return self._enqueue(_CLOSE, 0)

    def _enqueue(self, chunk: Value, size: float) -> Promise:
        promise = future()
        self._queue.append((chunk, size, promise))
        self._total += size
        self._tell()
        self._advance()
        return promise

    def _advance(self) -> None:
        """Hand what is queued to the sink, one by one."""
        while self._queue and self._started and not self._busy and self._state != "errored":
            chunk, size, promise = self._queue[0]
            self._busy = True
            try:
                if chunk is _CLOSE:
                    result = self._context.copy().run(self._sink.close)
                else:
                    result = self._context.copy().run(self._sink.write, chunk, self._controller)
                pending = awaitable(result)
            except Exception as failure:
                self._busy = False
                self._failed(promise, reason_of(failure))
                return
            if pending is not None:
                watch(
                    pending,
                    partial(self._written, chunk, size, promise),
                    partial(self._not_written, promise),
                    self._context.copy(),
                )
                return
            self._done(chunk, size, promise)

    def _written(self, chunk: Value, size: float, promise: Promise, _: Value) -> None:
        self._done(chunk, size, promise)
        self._advance()

    def _not_written(self, promise: Promise, reason: Value) -> None:
        self._busy = False
        self._failed(promise, reason)

    def _done(self, chunk: Value, size: float, promise: Promise) -> None:
        self._busy = False
        if self._queue and self._queue[0][2] is promise:
            self._queue.popleft()
            self._total -= size
        if chunk is _CLOSE and self._state == "closing":
            self._state = "closed"
        if not promise.done():
            promise.set_result(None)
        self._tell()

    def _failed(self, promise: Promise, reason: Value) -> None:
        reject(promise, reason)
        self.fail(reason)

    def fail(self, reason: Value) -> None:
        """Make the stream fail; what was not written yet is lost."""
        if self._state in ("errored", "closed"):
            return
        self._state, self._failure = "errored", reason
        queue, self._queue = self._queue, deque()
        in_flight = queue.popleft() if self._busy and queue else None
        if in_flight:
            self._queue.append(in_flight)
        for _, _, promise in queue:
            reject(promise, reason)
        self._tell()

    async def give_up(self, reason: Value) -> Value:
        """Abort the stream, whoever holds it."""
        if self._state in ("errored", "closed"):
            return None
        self.fail(reason)
        self._controller.aborted(reason)
        await settle(self._context.copy().run(self._sink.abort, reason))
        return None

    # -- what JavaScript sees

    def clone_refusal(self) -> str:
        return "WritableStream can only be serialized for RPC."

    @getter
    def locked(self) -> bool:
        return self.holder is not None

    @method
    def get_writer(self) -> WritableStreamDefaultWriter:
        return WritableStreamDefaultWriter(self)

    @method(promise=True)
    def abort(self, reason: Value = None) -> Value:
        if self.holder is not None:
            raise type_error(_LOCKED)
        return run(self.give_up(reason))

    @method(promise=True)
    def close(self) -> Value:
        if self.holder is not None:
            raise type_error(_LOCKED)
        return self.finish()
