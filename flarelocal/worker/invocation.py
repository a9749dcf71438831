"""One event that a Worker handles."""

from __future__ import annotations

import asyncio
import contextvars
import itertools
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from flarelocal.clock import Clock
from flarelocal.javascript.values import Value
from flarelocal.pyodide.suspension import Suspendable

__all__ = ["Invocation", "Trigger"]

_current: contextvars.ContextVar[Invocation] = contextvars.ContextVar("invocation")
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Trigger:
    """What caused an invocation.

    Attributes:
        kind: `fetch`, `queue`, `scheduled`, `alarm`, `rpc`, `websocket`, `import`.
        subject: the path, queue, cron or object that it is about.
    """

    kind: str
    subject: str = ""


@dataclass(eq=False)
class Invocation:
    """An event in progress: its context variables, its background tasks and what they came to.

    Attributes:
        worker: the name of the Worker.
        context: a context of its own, in which `current()` gives this invocation.
        env: the bindings that `workers.env` shows.
        execution: the object that `workers.wait_until` belongs to.
        failure: the first error of a task given to `waitUntil`.
    """

    worker: str
    trigger: Trigger
    clock: Clock
    env: Value = None
    execution: Value = None
    context: contextvars.Context = field(default_factory=contextvars.Context)
    number: int = field(default_factory=lambda: next(_numbers))
    failure: BaseException | None = None
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.context.run(self.enter)

    def enter(self) -> None:
        """Make the present context part of this invocation."""
        _current.set(self)
        self.clock.make_current()

    @staticmethod
    def current() -> Invocation | None:
        """The invocation around the caller."""
        return _current.get(None)

    def start(self, function: Callable[[], Awaitable[Value]]) -> asyncio.Task[Value]:
        """Run an async function of the Worker in this invocation."""

        async def run() -> Value:
            return await function()

        return _task(run(), self.context)

    def add(self, awaitable: Awaitable[Any]) -> None:
        """Keep the invocation open until `awaitable` is done; its error becomes `failure`."""

        async def wait() -> None:
            await awaitable

        inside = _current.get(None) is self
        task = _task(wait(), contextvars.copy_context() if inside else self.context.copy())
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) and self.failure is None:
            self.failure = error

    @property
    def open(self) -> bool:
        """Whether tasks given to `waitUntil` are not done."""
        return bool(self._tasks)

    async def drained(self) -> None:
        """Return when nothing that `waitUntil` was given, then or later, is left."""
        while self._tasks:
            await asyncio.wait(list(self._tasks))

    def cancel(self) -> None:
        """Stop the background tasks."""
        for task in list(self._tasks):
            task.cancel()


def _task(coroutine: Coroutine[Any, Any, Any], context: contextvars.Context) -> asyncio.Task[Any]:
    loop = asyncio.get_running_loop()
    return asyncio.Task(Suspendable(coroutine), loop=loop, context=context)
