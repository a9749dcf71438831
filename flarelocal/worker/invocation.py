"""One event that a Worker handles."""

from __future__ import annotations

import asyncio
import contextvars
import weakref
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any, ClassVar

from flarelocal.clock import Clock, EventClock
from flarelocal.dataclass import dataclass
from flarelocal.javascript.errors import error
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.socket_host import SocketHost, current_host
from flarelocal.journal import Journal
from flarelocal.pyodide.python_error import exception_behind
from flarelocal.pyodide.suspension import Escaped, Suspendable
from flarelocal.worker.eager import eager_task
from flarelocal.worker.events import Logged
from flarelocal.worker.hang import HangWatch
from flarelocal.worker.log import Log
from flarelocal.worker.output import recorder
from flarelocal.worker.scope import Scope

__all__ = ["Invocation", "Trigger"]

_current: contextvars.ContextVar[Invocation] = contextvars.ContextVar("invocation")
_HUNG = (
    "The Workers runtime canceled this request because it detected that your Worker's code had "
    "hung and would never generate a response. Refer to: "
    "https://developers.cloudflare.com/workers/observability/errors/"
)


@dataclass(frozen=True, slots=True)
class Trigger:
    """What caused an invocation.

    Attributes:
        kind: `fetch`, `queue`, `scheduled`, `alarm`, `rpc`, `websocket`, `import`.
        subject: the path, queue, cron or object that it is about.
    """

    kind: str
    subject: str = ""


class Invocation:
    """An event in progress: its context variables, its clock, its background tasks.

    Attributes:
        worker: the name of the Worker.
        scope: what the code of the Worker finds around it.
        sockets: what its WebSockets belong to.
        execution: the object that `workers.wait_until` belongs to.
        failure: the first error of a task given to `waitUntil`.
    """

    __slots__ = (
        "_context",
        "_journal",
        "_known",
        "_number",
        "_printed",
        "_task",
        "_tasks",
        "_watch",
        "clock",
        "execution",
        "failure",
        "scope",
        "sockets",
        "trigger",
        "worker",
    )

    def __init__(
        self,
        worker: str,
        trigger: Trigger,
        clock: Clock,
        journal: Journal,
        watch: HangWatch,
        scope: Scope,
        sockets: SocketHost | None = None,
    ) -> None:
        self.worker = worker
        self.trigger = trigger
        self.clock = clock
        self.scope = scope
        self.sockets = sockets
        self.execution: Value = None
        self._number: int | None = None
        self.failure: BaseException | None = None
        self._printed: Log | None = None
        self._journal = journal
        self._watch = watch
        self._tasks: set[asyncio.Task[Any]] | None = None
        self._task: asyncio.Task[Value] | None = None
        self._known: weakref.ref[asyncio.Task[Value]] | None = None
        self._context: contextvars.Context | None = None

    @property
    def context(self) -> contextvars.Context:
        """A context of its own, in which `current()` gives this invocation."""
        if self._context is None:
            self._context = self.scope.context()
            self._context.run(self.begin)
        return self._context

    @property
    def printed(self) -> Log:
        """What the Worker printed."""
        if self._printed is None:
            self._printed = Log()
        return self._printed

    @property
    def number(self) -> int:
        """What tells it from others in the journal."""
        if self._number is None:
            self._number = self._journal.number()
        return self._number

    def enter(self) -> None:
        """Make the present context part of this invocation."""
        self.scope.enter()
        self.begin()

    def begin(self) -> None:
        """As `enter`, in a context of the scope."""
        _current.set(self)
        self.clock.make_current()
        recorder.set(self)
        if self.sockets is not None:
            current_host.set(self.sockets)

    def follow(self) -> None:
        """As `enter`, in a copy of a context in which another one of the same kind was entered."""
        _current.set(self)
        recorder.set(self)

    current: ClassVar[Callable[[], Invocation | None]] = staticmethod(partial(_current.get, None))
    """The invocation around the caller."""

    async def run(self, coroutine: Coroutine[Any, Any, Value]) -> Value:
        """Run a coroutine of the Worker in this invocation; give its result.

        Raises:
            JsError: nothing is left that could ever wake it up.
            Escaped: it raised something that is no Exception.
        """
        loop = asyncio.get_running_loop()
        suspendable = Suspendable(coroutine)
        task = eager_task(suspendable, loop, self.context)
        if task.done():
            return _result(task)
        answer: asyncio.Future[asyncio.Future[Value]] = loop.create_future()

        def ended() -> None:
            ending = asyncio.current_task()
            if not answer.done() and ending is not None:
                answer.set_result(ending)

        suspendable.ended = ended
        task._log_destroy_pending = False  # type: ignore[attr-defined]

        def lost(_: object) -> None:
            if not answer.done():
                loop.call_soon_threadsafe(_hang, answer)

        self._task, self._known = task, weakref.ref(task, lost)
        del task, suspendable, coroutine
        self._watch.add(self)
        try:
            return _result(await answer)
        except asyncio.CancelledError:
            if self._task is not None:
                self._task.cancel()
            raise
        finally:
            self._watch.discard(self)
            self._task = None

    def let_go(self) -> None:
        """See `Waiting`."""
        self._task = None

    def hold(self) -> None:
        """See `Waiting`."""
        if self._known is not None:
            self._task = self._known()

    def add(self, awaitable: Awaitable[Any]) -> None:
        """Keep the invocation open until `awaitable` is done; its error becomes `failure`."""

        async def wait() -> None:
            await awaitable

        inside = _current.get(None) is self
        task = _task(wait(), contextvars.copy_context() if inside else self.context.copy())
        if self._tasks is None:
            self._tasks = set()
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[Any]) -> None:
        if self._tasks is not None:
            self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) and self.failure is None:
            self.failure = exception_behind(error)

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
        for task in list(self._tasks or ()):
            task.cancel()

    def close(self) -> None:
        """End the event: tasks that nobody waits for get no timer and no answer any more."""
        if isinstance(self.clock, EventClock):
            self.clock.stop()
        # Both have the invocation: in a circle, only a search for garbage would find them.
        self._context = self.execution = None

    @property
    def idle(self) -> bool:
        """Whether neither a timer nor an answer from outside is to come."""
        return isinstance(self.clock, EventClock) and not self.clock.busy

    def log(self, stream: str, level: str, text: str) -> None:
        """Record what the Worker printed."""
        self.printed.add(level, text)
        self._journal.record(Logged(self.number, self.worker, stream, level, text))


def _result(task: asyncio.Future[Value]) -> Value:
    try:
        return task.result()
    except asyncio.CancelledError as cancelled:
        # Nobody but the Worker itself cancelled it.
        raise Escaped(cancelled) from cancelled


def _hang(answer: asyncio.Future[Any]) -> None:
    if not answer.done():
        answer.set_exception(error(_HUNG))


def _task(coroutine: Coroutine[Any, Any, Any], context: contextvars.Context) -> asyncio.Task[Any]:
    return asyncio.Task(Suspendable(coroutine), loop=asyncio.get_running_loop(), context=context)
