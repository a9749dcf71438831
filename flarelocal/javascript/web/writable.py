"""WritableStream and its writer."""

from __future__ import annotations

import asyncio
from collections import deque
from contextvars import Context, copy_context
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
    resolved,
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

__all__ = ["CLOSED", "Sink", "WritableStream", "WritableStreamDefaultController"]

_LOCKED = "This WritableStream is currently locked to a writer."
CLOSED = "This WritableStream has been closed."
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
        if self._described.get("start") is None:
            return None
        try:
            result = self._call("start", controller)
        except Exception as failure:
            return rejected(reason_of(failure))
        return resolved(None) if awaitable(result) is None else result

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
    """A stream to write to (workerd, api/streams).

    Attributes:
        broken_off: it failed without a warning: whoever waits to write goes on.
    """

    __slots__ = (
        "_aborting",
        "_closing",
        "_context",
        "_controller",
        "_failed_before",
        "_failure",
        "_queue",
        "_sink",
        "_started",
        "_state",
        "_strategy",
        "_total",
        "_written",
        "broken_off",
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
        self._written: tuple[Value, float, Promise] | None = None
        self._aborting: Promise | None = None
        self._started = True
        self._closing = self._failed_before = self.broken_off = False
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
        if self._state == "erroring":
            self._finish_failing()
        self._advance()

    def _start_failed(self, reason: Value) -> None:
        self._started = True
        self.fail(reason)
        if self._state == "erroring":
            self._finish_failing()

    @property
    def state(self) -> str:
        """`writable`, `closing`, `closed`, `erroring` or `errored`."""
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
        if self._state == "closed":
            return rejected(type_error(CLOSED))
        try:
            size = self._strategy.size(chunk)
        except Exception as failure:
            self.fail(reason_of(failure))
            return rejected(reason_of(failure))
        if self._closing and self._state != "errored":
            return rejected(type_error("This ReadableStream is closed."))
        return rejected(self._failure) if self._state != "writable" else self._enqueue(chunk, size)

    def finish(self) -> Promise:
        """Close the stream after what was written, whoever holds it."""
        if self._state == "errored":
            return rejected(self._failure)
        if self._state == "closed":
            return rejected(type_error(CLOSED))
        if self._closing:
            return rejected(type_error("Cannot close a writer that is already being closed"))
        self._closing = True
        if self._state == "writable":
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
        """Hand the next of what is queued to the sink."""
        if not self._queue or not self._started or self._written is not None:
            return
        if self._state not in ("writable", "closing"):
            return
        self._written = (chunk, _, _) = self._queue.popleft()
        context = self._context.copy()
        loop = asyncio.get_running_loop()
        try:
            if chunk is _CLOSE:
                result = context.run(self._sink.close)
            else:
                result = context.run(self._sink.write, chunk, self._controller)
            pending = awaitable(result)
        except Exception as failure:
            loop.call_soon(self._not_done, reason_of(failure), context=context)
            return
        if pending is None:
            loop.call_soon(self._done, None, context=context)
        else:
            watch(pending, self._done, self._not_done, context)

    def _take_written(self) -> tuple[Value, Promise]:
        """What the sink is through with."""
        assert self._written is not None
        (chunk, size, promise), self._written = self._written, None
        self._total -= size
        return chunk, promise

    def _done(self, _: Value) -> None:
        chunk, promise = self._take_written()
        if not promise.done():
            promise.set_result(None)
        if chunk is _CLOSE and self._state != "errored":
            self._state = "closed"
            if self._aborting is not None:
                self._aborting.set_result(None)
        if self._state == "erroring":
            self._finish_failing()
        self._tell()
        self._advance()

    def _not_done(self, reason: Value) -> None:
        chunk, promise = self._take_written()
        reject(promise, reason)
        if chunk is _CLOSE and self._aborting is not None:
            reject(self._aborting, reason)
        if self._state == "erroring":
            self._finish_failing()
        elif self._state == "errored":
            self.drop_writes(reason)
        else:
            self.fail(reason)

    # -- failing

    def fail(self, reason: Value) -> None:
        """Make the stream fail when the sink is through with what it has; the rest is lost."""
        if self._state not in ("writable", "closing"):
            return
        self._state, self._failure = "erroring", reason
        self._tell()
        if self._started and self._written is None:
            self._finish_failing()

    def break_off(self, reason: Value) -> None:
        """Make the stream fail at once; what the sink has goes on."""
        if self._state in ("writable", "closing", "erroring"):
            self._state, self._failure = "errored", reason
            self.broken_off = True
            if self._written is None:
                self.drop_writes(reason)
            self._tell()

    def drop_writes(self, reason: Value) -> None:
        """Refuse what the sink has not got yet."""
        queue, self._queue = self._queue, deque()
        for _, size, promise in queue:
            self._total -= size
            reject(promise, reason)

    def _finish_failing(self) -> None:
        self._state = "errored"
        self.drop_writes(self._failure)
        aborting = self._aborting
        if aborting is None:
            self._tell()
        elif self._failed_before:
            reject(aborting, self._failure)
            self._tell()
        else:
            run(self._abort(aborting))

    async def _abort(self, aborting: Promise) -> None:
        try:
            await settle(self._context.copy().run(self._sink.abort, self._failure))
        except Exception as failure:
            reject(aborting, reason_of(failure))
        else:
            if not aborting.done():
                aborting.set_result(None)
        self._tell()

    def give_up(self, reason: Value) -> Promise:
        """Abort the stream, whoever holds it."""
        if self._state in ("errored", "closed"):
            return resolved(None)
        if self._aborting is not None:
            return self._aborting
        self._controller.aborted(reason)
        self._aborting = aborting = future()
        self._failed_before = self._state == "erroring"
        self.fail(reason)
        return aborting

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
        return self.give_up(reason)

    @method(promise=True)
    def close(self) -> Value:
        if self.holder is not None:
            raise type_error(_LOCKED)
        return self.finish()
