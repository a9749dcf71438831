"""The queue by which a program feeds a ReadableStream."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextvars import Context, copy_context
from typing import TYPE_CHECKING, Any

from flarelocal.javascript.promise import (
    Promise,
    awaitable,
    reason_of,
    rejected,
    resolved,
    run,
    settle,
    watch,
)
from flarelocal.javascript.values import Value

if TYPE_CHECKING:
    from flarelocal.javascript.web.byte_consumer import PullInto
    from flarelocal.javascript.web.consumer import Consumer

__all__ = ["StreamQueue"]

_NOTHING = object()


class StreamQueue:
    """What a program fills when it is asked to (`pull`), or on its own (workerd, streams/queue.h).

    Each branch of the stream is a consumer, which holds what it has not read yet; the one that
    holds most decides whether there is room.

    Args:
        high_water: how much is asked for in advance.
        pull: called when there is room; may give a promise.
        cancel: called when nobody wants further chunks.

    Attributes:
        consumers: the branches.
        offers: where the pending BYOB reads want their bytes.
    """

    __slots__ = (
        "_again",
        "_cancel",
        "_closed",
        "_context",
        "_failure",
        "_high_water",
        "_pull",
        "_pulling",
        "_size",
        "consumers",
        "offers",
    )

    def __init__(
        self,
        high_water: float,
        pull: Callable[[], Value] | None = None,
        cancel: Callable[[Value], Value] | None = None,
    ) -> None:
        self._high_water = high_water
        self._pull = pull
        self._cancel = cancel
        self._size: float = 0
        self._closed = self._pulling = self._again = False
        self._failure: Value = _NOTHING
        # The program's functions keep the context in which it made the stream.
        self._context: Context = copy_context()
        self.consumers: list[Consumer] = []
        self.offers: deque[PullInto] = deque()

    # -- for the controller

    @property
    def open(self) -> bool:
        """Chunks may be added."""
        return not self._closed and self._failure is _NOTHING

    @property
    def desired_size(self) -> float | None:
        """How much more is wanted; None after a failure."""
        if self._failure is not _NOTHING:
            return None
        return 0 if self._closed else self._high_water - self._size

    @property
    def wanted(self) -> bool:
        """Somebody waits for a chunk, or there is room for one."""
        return self.open and (
            self._high_water > self._size or any(each.awaited for each in self.consumers)
        )

    def enqueue(self, chunk: Any, size: float) -> None:
        """Add a chunk."""
        try:
            self.push(chunk, size)
        finally:
            self.pull_if_needed()

    def push(self, chunk: Any, size: float, skipped: Consumer | None = None) -> None:
        """Give a chunk to all consumers but one."""
        for consumer in self.consumers:
            if consumer is not skipped:
                consumer.push(chunk, size)
        self.measure()

    def close(self) -> None:
        """End the stream after the chunks that are queued."""
        self.offers.clear()
        self._closed = True
        for consumer in self.consumers:
            consumer.close()

    def fail(self, reason: Value) -> None:
        """Make the stream fail, at once."""
        if not self.open:
            return
        self._failure = reason
        for consumer in self.consumers:
            consumer.fail(reason)

    def next_offer(self) -> PullInto | None:
        """The BYOB read that waits longest, of those that the program was not offered yet."""
        while self.open and self.offers:
            read = self.offers.popleft()
            if read.pending:
                return read
        return None

    @property
    def partial(self) -> bool:
        """A read that the program was not offered yet has some of its bytes."""
        return bool(self.offers) and self.offers[0].partial

    # -- for the consumers

    def measure(self) -> None:
        """Find out how much is held."""
        self._size = max((consumer.size for consumer in self.consumers), default=0)

    def leave(self, consumer: Consumer) -> None:
        """A consumer wants nothing any more."""
        self.consumers.remove(consumer)
        self.measure()

    def cancel(self, consumer: Consumer, reason: Value) -> Promise:
        """A consumer is cancelled; the program hears of it when it was the last one."""
        self.leave(consumer)
        if self.consumers or not self.open:
            return resolved(None)
        self._closed = True
        if self._cancel is None:
            return resolved(None)
        try:
            result = self._context.copy().run(self._cancel, reason)
        except Exception as failure:
            return rejected(reason_of(failure))
        return run(_finish(result))

    # -- asking for more

    def start(self, function: Callable[[], Value] | None) -> None:
        """Call the program's `start`; `pull` is called at once, or when `start` is through."""
        if function is None:
            self.pull_if_needed()
        else:
            self._call(function, self.pull_if_needed)

    def pull_if_needed(self) -> None:
        """Ask the program for a chunk if one is wanted."""
        if self._pull is None or not self.wanted:
            return
        if self._pulling:
            self._again = True
            return
        self._pulling = True
        self._call(self._pull, self._pulled)

    def _pulled(self) -> None:
        self._pulling = False
        if self._again:
            self._again = False
            self.pull_if_needed()

    def _call(self, function: Callable[[], Value], done: Callable[[], None]) -> None:
        """Call a function of the program; what comes after it does in a later turn."""
        context = self._context.copy()
        try:
            pending = awaitable(context.run(function))
        except Exception as failure:
            loop = asyncio.get_running_loop()
            loop.call_soon(self._failed, reason_of(failure), context=context)
            return
        if pending is None:
            asyncio.get_running_loop().call_soon(done, context=context)
        else:
            watch(pending, lambda _: done(), self._failed, context)

    def _failed(self, reason: Value) -> None:
        self._pulling = False
        self.fail(reason)


async def _finish(result: Value) -> None:
    await settle(result)
