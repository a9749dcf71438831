"""Two streams of one source."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable

from flarelocal.javascript.binary import BufferView
from flarelocal.javascript.promise import Promise, future, reason_of, reject, resolved, rethrow, run
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.source import (
    DONE,
    WAIT,
    BytesSource,
    EndListener,
    Source,
    as_bytes,
    to_chunk,
)

__all__ = ["tee"]

_NOTHING = object()


def tee(source: Source, first: Value = None) -> tuple[Source, Source]:
    """Two sources of the same chunks; the one that reads faster makes the other hold them.

    Args:
        first: a chunk that comes before those of the source.
    """
    if type(source) is BytesSource and first is None:
        return BytesSource(source.data), BytesSource(source.data)
    trunk = _Trunk(source)
    if first is not None:
        trunk.deliver(first)
    return trunk.branches[0], trunk.branches[1]


class _Trunk:
    """What the branches have in common."""

    __slots__ = ("_pulling", "branches", "source")

    def __init__(self, source: Source) -> None:
        self.source = source
        self.branches = (_Branch(self), _Branch(self))
        self._pulling = False
        source.attach(self)

    def source_closed(self) -> None:
        """The branches see the end when they have read what they hold."""

    def source_failed(self, reason: Value) -> None:
        for branch in self.branches:
            branch.fail(reason)

    def pull(self) -> None:
        """Get a chunk for both branches."""
        if self._pulling:
            return
        try:
            chunk = self.source.poll()
        except Exception as failure:
            self.source_failed(reason_of(failure))
            return
        if chunk is WAIT:
            self._pulling = True
            run(self._pull(self.source.wait()))
        else:
            self.deliver(chunk)

    async def _pull(self, waiting: Awaitable[Value]) -> None:
        try:
            chunk = await waiting
        except Exception as failure:
            self._pulling = False
            self.source_failed(reason_of(failure))
            return
        self._pulling = False
        self.deliver(chunk)
        if chunk is not DONE and any(branch.waits for branch in self.branches):
            self.pull()

    def deliver(self, chunk: Value) -> None:
        """Give a chunk, or the end, to both branches."""
        self.source.consumed()
        left, right = self.branches
        left.take(chunk)
        right.take(to_chunk(as_bytes(chunk)) if isinstance(chunk, BufferView) else chunk)


class _Branch(Source):
    __slots__ = ("_ended", "_failure", "_held", "_listener", "_reason", "_trunk", "_waiting")

    def __init__(self, trunk: _Trunk) -> None:
        self._trunk = trunk
        self._held: deque[Value] = deque()
        self._waiting: deque[Promise] = deque()
        self._ended = False
        self._failure: Value = _NOTHING
        self._reason: Value = _NOTHING
        self._listener: EndListener | None = None

    @property
    def gives_bytes(self) -> bool:  # type: ignore[override]
        return self._trunk.source.gives_bytes

    @property
    def length(self) -> int | None:
        return self._trunk.source.length if not self._held else None

    @property
    def waits(self) -> bool:
        return bool(self._waiting)

    def attach(self, ended: EndListener) -> None:
        self._listener = ended

    def poll(self) -> Value:
        if not self._held and not self._ended:
            self._trunk.pull()
        if self._held:
            return self._held.popleft()
        if self._failure is not _NOTHING:
            rethrow(self._failure)
        return DONE if self._ended else WAIT

    def wait(self) -> Awaitable[Value]:
        waiting = future()
        self._waiting.append(waiting)
        return waiting

    def take(self, chunk: Value) -> None:
        if self._ended:
            return
        if chunk is DONE:
            self._ended = True
            while self._waiting:
                self._waiting.popleft().set_result(DONE)
            if self._listener and not self._held:
                self._listener.source_closed()
        elif self._waiting:
            self._waiting.popleft().set_result(chunk)
        else:
            self._held.append(chunk)

    def fail(self, reason: Value) -> None:
        if self._ended:
            return
        self._ended, self._failure = True, reason
        self._held.clear()
        self.abandon(reason)
        if self._listener:
            self._listener.source_failed(reason)

    def abandon(self, reason: Value) -> None:
        while self._waiting:
            reject(self._waiting.popleft(), reason)

    def cancel(self, reason: Value) -> Promise:
        self._ended, self._reason = True, reason
        self._held.clear()
        reasons = [branch._reason for branch in self._trunk.branches]
        if any(given is _NOTHING for given in reasons):
            return resolved(None)
        return self._trunk.source.cancel(reasons)
