"""A queue that feeds a ReadableStream."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextvars import Context, copy_context
from typing import Any

from flarelocal.javascript.binary import BufferView
from flarelocal.javascript.promise import (
    Promise,
    awaitable,
    future,
    reason_of,
    reject,
    rethrow,
    settle,
    watch,
)
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.queuing import Strategy
from flarelocal.javascript.web.source import DONE, WAIT, EndListener, Source

__all__ = ["ByteControlledSource", "ControlledSource"]

_NOTHING = object()


class ControlledSource(Source):
    """A queue that a program fills: when it is asked to (`pull`), or on its own.

    Args:
        strategy: how much is asked for in advance.
        pull: called when there is room; may give a promise.
        cancel: called when nobody wants further chunks.
    """

    __slots__ = (
        "_again",
        "_cancel",
        "_closing",
        "_context",
        "_ended",
        "_failure",
        "_listener",
        "_pull",
        "_pulling",
        "_queue",
        "_started",
        "_strategy",
        "_total",
        "_waiting",
    )

    gives_bytes = False

    def __init__(
        self,
        strategy: Strategy,
        pull: Callable[[], Value] | None = None,
        cancel: Callable[[Value], Value] | None = None,
        *,
        started: bool = True,
    ) -> None:
        self._strategy = strategy
        self._pull = pull
        self._cancel = cancel
        self._started = started
        self._queue: deque[tuple[Value, float]] = deque()
        self._total: float = 0
        self._waiting: deque[Promise] = deque()
        self._closing = self._ended = self._pulling = self._again = False
        self._failure: Value = _NOTHING
        self._listener: EndListener | None = None
        # The program's functions keep the context in which it made the stream.
        self._context: Context = copy_context()

    def attach(self, ended: EndListener) -> None:
        self._listener = ended

    # -- for the stream

    def poll(self) -> Value:
        if self._queue:
            chunk, size = self._queue.popleft()
            self._total -= size
            if self._closing and not self._queue:
                self._end()
            else:
                self.pull_if_needed()
            return chunk
        if self._failure is not _NOTHING:
            rethrow(self._failure)
        return DONE if self._ended else WAIT

    def wait(self) -> Awaitable[Value]:
        waiting = future()
        self._waiting.append(waiting)
        self.pull_if_needed()
        return waiting

    async def cancel(self, reason: Value) -> Value:
        self._queue.clear()
        self._total = 0
        self._end()
        if self._cancel is not None:
            await settle(self._context.copy().run(self._cancel, reason))
        return None

    def abandon(self, reason: Value) -> None:
        while self._waiting:
            reject(self._waiting.popleft(), reason)

    # -- for the controller

    @property
    def desired_size(self) -> float | None:
        """How much more is wanted; None after a failure."""
        if self._failure is not _NOTHING:
            return None
        return 0 if self._ended else self._strategy.high_water - self._total

    @property
    def wanted(self) -> bool:
        """Somebody waits for a chunk, or there is room for one."""
        return bool(self._waiting) or (self.desired_size or 0) > 0

    @property
    def awaited(self) -> bool:
        """Somebody waits for a chunk."""
        return bool(self._waiting)

    @property
    def open(self) -> bool:
        """Chunks may be added."""
        return not (self._closing or self._ended) and self._failure is _NOTHING

    def enqueue(self, chunk: Value) -> None:
        """Add a chunk."""
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done():
                waiting.set_result(chunk)
                break
        else:
            try:
                size = self._strategy.size(chunk)
            except Exception as failure:
                self.fail(reason_of(failure))
                raise
            self._queue.append((chunk, size))
            self._total += size
        self.pull_if_needed()

    def close(self) -> None:
        """End the stream after the chunks that are queued."""
        self._closing = True
        if not self._queue:
            self._end()

    def fail(self, reason: Value) -> None:
        """Make the stream fail, at once."""
        if self._ended or self._failure is not _NOTHING:
            return
        self._failure = reason
        self._queue.clear()
        self._total = 0
        self.abandon(reason)
        if self._listener:
            self._listener.source_failed(reason)

    def _end(self) -> None:
        if self._ended:
            return
        self._ended = True
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done():
                waiting.set_result(DONE)
        if self._listener:
            self._listener.source_closed()

    # -- asking for more

    def start(self, function: Callable[[], Value] | None) -> None:
        """Call the program's `start`; `pull` is called once it is through."""
        result = function() if function else None
        pending = awaitable(result)
        if pending is not None:
            watch(pending, self._begin, self.fail, self._context.copy())
        elif self._pull is None:
            self._started = True
        else:
            asyncio.get_running_loop().call_soon(self._begin, context=self._context.copy())

    def _begin(self, _: Value = None) -> None:
        self._started = True
        self.pull_if_needed()

    def pull_if_needed(self) -> None:
        """Ask the program for a chunk if one is wanted."""
        if self._pull is None or not self._started:
            return
        if self._pulling:
            self._again = self.wanted
            return
        while self.open and self.wanted:
            self._pulling, self._again = True, False
            try:
                pending = awaitable(self._context.copy().run(self._pull))
            except Exception as failure:
                self._pulling = False
                self.fail(reason_of(failure))
                return
            if pending is not None:
                watch(pending, self._pulled, self._not_pulled, self._context.copy())
                return
            self._pulling = False
            if not self._again:
                return

    def _pulled(self, _: Value) -> None:
        self._pulling = False
        if self._again:
            self.pull_if_needed()

    def _not_pulled(self, reason: Value) -> None:
        self._pulling = False
        self.fail(reason)


class ByteControlledSource(ControlledSource):
    """A queue of bytes.

    Attributes:
        view: where the pending BYOB read wants its bytes.
        allocate: the size of the view that a read without one offers to the program.
    """

    __slots__ = ("allocate", "view")

    gives_bytes = True

    def __init__(self, *arguments: Any, allocate: int = 0, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.allocate = allocate
        self.view: BufferView | None = None
