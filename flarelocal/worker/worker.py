"""A Worker at run time: its code, its bindings and the events that it is handling."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from types import CoroutineType

from flarelocal.clock import Clock, EventClock
from flarelocal.javascript.errors import error
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.socket_host import SocketHost, SocketRules
from flarelocal.journal import Journal
from flarelocal.pyodide.suspension import Escaped
from flarelocal.pyodide.traceback import format_error
from flarelocal.worker.code import Code, Instance
from flarelocal.worker.events import TaskFailed
from flarelocal.worker.hang import HangWatch
from flarelocal.worker.invocation import Invocation, Trigger
from flarelocal.worker.record import Record
from flarelocal.worker.scope import Scope
from flarelocal.worker.sockets import WorkerSockets

__all__ = ["Worker"]


class Worker:
    """One Worker of the configuration.

    Args:
        name: its name, for the journal.
        scope: what its code finds around it.

    Attributes:
        sockets: the WebSockets of its events.
        discard: called when the Worker ended its process: the code has to be loaded anew.
    """

    def __init__(self, name: str, scope: Scope, clock: Clock, journal: Journal) -> None:
        self.name = name
        self.scope = scope
        self.clock = clock
        self.journal = journal
        self.code: Code | None = None
        self.sockets = WorkerSockets(SocketRules())
        self.discard: Callable[[], None] = lambda: None
        self._watch = HangWatch()
        self._running: set[Invocation] = set()
        self._draining: set[asyncio.Task[None]] = set()

    def invocation(
        self, trigger: Trigger, clock: Clock | None = None, sockets: SocketHost | None = None
    ) -> Invocation:
        """A new invocation, not yet begun.

        Args:
            clock: what its timers belong to; default: the event itself.
            sockets: what its WebSockets belong to; default: the event itself.
        """
        return Invocation(
            self.name,
            trigger,
            clock or EventClock(self.clock),
            self.journal,
            self._watch,
            self.scope,
            sockets or self.sockets,
        )

    def recorded(self, invocation: Invocation) -> Record:
        """What writes the begin and the end of an invocation to the journal."""
        return Record(invocation, self.journal, self._running)

    def call(
        self,
        invocation: Invocation,
        entrypoint: str | None,
        method: str,
        arguments: list[Value],
        make_context: Callable[[Invocation], HostObject],
    ) -> Awaitable[Value]:
        """Construct an entrypoint and call a method of it, within the invocation.

        Raises:
            Exception: what the Worker raised; JsError for what the runtime refuses.
        """

        def use(instance: Instance) -> Value:
            return instance.call(method, arguments)

        return self.enter(invocation, entrypoint, use, make_context)

    async def enter(
        self,
        invocation: Invocation,
        entrypoint: str | None,
        use: Callable[[Instance], Value],
        make_context: Callable[[Invocation], HostObject],
    ) -> Value:
        """Construct an entrypoint and do something with it, within the invocation.

        Args:
            use: gives a result, or an awaitable of it.

        Raises:
            Exception: what the Worker raised; JsError for what the runtime refuses.
        """
        code = self.code
        assert code is not None

        async def run() -> Value:
            context = make_context(invocation)
            invocation.execution = context
            result = use(code.construct(entrypoint, context))
            waits = type(result) is CoroutineType or inspect.isawaitable(result)
            return await result if waits else result

        try:
            return await invocation.run(run())
        except Escaped as escaped:
            raise self.ended_by(escaped) from escaped.error

    def ended_by(self, escaped: Escaped) -> Exception:
        """What became of an event that something else than an Exception ended."""
        exit = escaped.error
        if not isinstance(exit, SystemExit):
            return escaped
        code = exit.code if isinstance(exit.code, int) else int(exit.code is not None)
        self.discard()
        return error(f"Python worker fatal error: Exit: Program terminated with exit({code})")

    def drain(self, invocation: Invocation, *, end: bool = True) -> None:
        """Let the tasks given to `waitUntil` finish in the background.

        Args:
            end: whether the invocation is over then; not so while its answer is being sent.
        """
        if not invocation.open:
            if end:
                self._end(invocation)
            return

        async def drain() -> None:
            await invocation.drained()
            if end:
                self._end(invocation)
            if invocation.failure:
                self.journal.record(
                    TaskFailed(invocation.number, self.name, format_error(invocation.failure))
                )

        task = asyncio.Task(drain(), loop=asyncio.get_running_loop())
        self._draining.add(task)
        task.add_done_callback(self._draining.discard)

    def drain_after_sockets(self, invocation: Invocation) -> None:
        """As `drain`, but the invocation is over when its sockets are closed as well."""
        self.sockets.when_closed(invocation, lambda: self.drain(invocation))

    def _end(self, invocation: Invocation) -> None:
        invocation.close()
        self.sockets.drop(invocation)

    @property
    def busy(self) -> bool:
        """Whether an event is being handled."""
        return bool(self._running or self._draining)

    async def finish(self, timeout_s: float | None = None) -> None:
        """Wait for the background tasks; after `timeout_s` seconds of real time, end them."""
        if self._draining:
            _, late = await asyncio.wait(self._draining, timeout=timeout_s)
            for task in late:
                task.cancel()
