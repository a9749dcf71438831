"""Which of the things that happen in an object may go on (workerd: io/io-gate.h)."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Generator
from contextvars import ContextVar
from types import coroutine
from typing import Any, TypeVar

from flarelocal.durable_objects.errors import DurableObjectError

__all__ = ["CriticalSection", "InputGate"]

T = TypeVar("T")

_DEEPEST = 64

_current: ContextVar[CriticalSection | None] = ContextVar("critical_section", default=None)


class CriticalSection:
    """A part of the object's work during which everything outside of it has to wait."""

    def __init__(self, parent: CriticalSection | None) -> None:
        self.parent = parent
        self.depth: int = parent.depth + 1 if parent else 0
        self.over = False
        self.child: CriticalSection | None = None
        self.sections: deque[CriticalSection] = deque()
        self.waiters: deque[asyncio.Future[None]] = deque()
        self.acquired: asyncio.Future[None] | None = None

    async def begin(self) -> None:
        """Wait for one's turn; then the present task, and all it starts, is within."""
        if self.acquired is not None:
            await self.acquired
        _current.set(self)


class InputGate:
    """Holds up what does not belong to the critical section which is under way.

    Python does one thing at a time anyway, so the gate matters only where something waits:
    a coroutine wrapped by `gated` passes the gate each time it goes on.
    """

    def __init__(self) -> None:
        self._outside: CriticalSection | None = None
        self._broken: BaseException | None = None

    @property
    def closed(self) -> bool:
        """Whether the present task has to wait, be it for ever."""
        if self._outside is None or self._outside.child is None:
            return self._broken is not None
        return self._broken is not None or self._scope().child is not None

    async def enter(self) -> None:
        """Wait until the present task may go on; first come, first served.

        Raises:
            BaseException: what the gate was broken with.
        """
        while self.closed:
            if self._broken is not None:
                raise self._broken
            waiter = asyncio.get_running_loop().create_future()
            self._scope().waiters.append(waiter)
            await waiter

    def begin(self) -> CriticalSection:
        """Announce a critical section within the one of the present task.

        The gate closes at once, unless another section is under way: then that one goes first.
        The section itself starts with its `begin`.

        Raises:
            DurableObjectError: sections are nested too deeply.
        """
        parent = self._scope()
        if parent.depth >= _DEEPEST:
            raise DurableObjectError("blockConcurrencyWhile() calls are nested too deeply.")
        section = CriticalSection(parent)
        section.acquired = asyncio.get_running_loop().create_future()
        if parent.child is None:
            parent.child = section
            section.acquired.set_result(None)
        else:
            parent.sections.append(section)
        return section

    def end(self, section: CriticalSection) -> None:
        """The section is over: what it started and did not wait for belongs to its parent now."""
        parent = section.parent
        assert parent is not None
        section.over = True
        parent.sections.extend(section.sections)
        parent.waiters.extend(section.waiters)
        parent.child = section.child
        if parent.child is not None:
            parent.child.parent = parent
        elif parent.sections:
            parent.child = parent.sections.popleft()
            _wake(parent.child.acquired)
        else:
            while parent.waiters:
                _wake(parent.waiters.popleft())

    def destroy(self, reason: BaseException) -> None:
        """Let nothing pass any more: who waits gets `reason`."""
        self._broken = reason
        section = self._outside
        while section is not None:
            for waiting in section.sections:
                _wake(waiting.acquired)
            while section.waiters:
                _wake(section.waiters.popleft())
            section = section.child

    @coroutine
    def gated(self, awaitable: Awaitable[T]) -> Generator[Any, Any, T]:
        """Await something such that it passes the gate each time it goes on.

        When the gate is destroyed, the coroutine is closed where it stands.
        """
        steps: Any = awaitable.__await__()
        step, value = steps.send, None
        while True:
            try:
                waited = step(value)
            except StopIteration as stop:
                result: T = stop.value
                return result
            try:
                value = yield waited
                step = steps.send
                if self.closed:
                    yield from self.enter().__await__()
            except BaseException as error:
                if self._broken is not None or isinstance(error, GeneratorExit):
                    # Its `finally` clauses run, but it cannot go on.
                    with contextlib.suppress(Exception):
                        steps.close()
                    raise
                step, value = steps.throw, error

    def _scope(self) -> CriticalSection:
        scope = _current.get()
        if scope is None:
            if self._outside is None:
                self._outside = CriticalSection(None)
            scope = self._outside
        while scope.over:
            assert scope.parent is not None
            scope = scope.parent
        return scope


def _wake(waiter: asyncio.Future[None] | None) -> None:
    if waiter is not None and not waiter.done():
        waiter.set_result(None)
