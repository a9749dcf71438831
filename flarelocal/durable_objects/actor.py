"""One object in memory: its instance, and all that goes on in it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar

from flarelocal.clock import EventClock
from flarelocal.durable_objects.connections import Connections
from flarelocal.durable_objects.errors import DurableObjectError, ObjectResetError
from flarelocal.durable_objects.events import (
    ObjectConstructed,
    ObjectEvent,
    ObjectEvicted,
    ObjectReset,
    ObjectTaskFailed,
)
from flarelocal.durable_objects.home import Home
from flarelocal.durable_objects.identity import ObjectId
from flarelocal.durable_objects.input_gate import InputGate
from flarelocal.durable_objects.object_class import ActorSettings
from flarelocal.durable_objects.occupation import Occupation
from flarelocal.durable_objects.reset import Reset
from flarelocal.durable_objects.sections import Sections
from flarelocal.durable_objects.storage.database import ObjectDatabase
from flarelocal.durable_objects.storage.storage import Storage
from flarelocal.durable_objects.storage.transaction import Transaction
from flarelocal.durable_objects.tasks import Tasks
from flarelocal.prompt_future import PromptFuture

if TYPE_CHECKING:
    from flarelocal.durable_objects.facets import Facets
    from flarelocal.durable_objects.sockets import ObjectSockets

__all__ = ["Actor"]

T = TypeVar("T")


class Actor:
    """One life of an object: from its first event until it is evicted or reset.

    Events begin in the order in which they were started. They take turns where they await
    something, unless a critical section keeps the others out. What an event gives is handed over
    when all that was written before is durable.

    Args:
        id: of the object, as the first event knew it.
        database: of the object; it outlives the actor.
        settings: of the namespace.
        home: where the object lives.
        parent: what this is a facet of.

    Attributes:
        context: what each event begins with a copy of.
        constructed: whether there is an instance.
        over: whether the object has left memory; a new event needs a new actor.
        reset: why the object was destroyed, if it was.
    """

    def __init__(
        self,
        id: ObjectId,
        database: ObjectDatabase,
        settings: ActorSettings,
        home: Home,
        parent: Actor | None = None,
    ) -> None:
        self.id = id
        self.constructed = False
        self.over = False
        self.reset: Reset | None = None
        self.context = settings.object_class.context()
        self.storage = Storage(
            database,
            settings.limits,
            now=settings.now,
            defer=settings.defer,
            schedule=self._schedule,
            broken=self._storage_broke,
        )
        self._settings = settings
        self._home = home
        self._gate = InputGate()
        self._instance: Any = None
        self._events: dict[asyncio.Future[Any], asyncio.Task[None]] = {}
        self._occupation: Occupation = Occupation(
            settings.clock, settings.idle_ms, self, parent._occupation if parent else None
        )
        self._clock: EventClock | None = None
        # Few objects have any of these.
        self._facets: Facets | None = None
        self._connections: Connections | None = None
        self._tasks: Tasks | None = None
        self._sections: Sections | None = None

    @property
    def busy(self) -> bool:
        """Whether anything is going on that keeps the object in memory."""
        return self._occupation.busy

    @property
    def facets(self) -> Facets:
        """The parts of the object that have a class and a storage of their own."""
        if self._facets is None:
            self._facets = self._home.facets(self)
        return self._facets

    @property
    def sockets(self) -> ObjectSockets:
        """The WebSockets which the object accepted; they outlive the actor."""
        return self._home.sockets(self)

    @property
    def connections(self) -> Connections:
        """The connections which it uses itself, and which end with it."""
        if self._connections is None:
            self._connections = Connections(self._occupation)
        return self._connections

    @property
    def tasks(self) -> Tasks:
        """What it does beside its events."""
        if self._tasks is None:
            self._tasks = Tasks(self._gate, self._occupation, self._task_failed)
        return self._tasks

    def start(
        self, event: Callable[[Any], Awaitable[T]], reply: PromptFuture[T] | None = None
    ) -> asyncio.Future[T]:
        """Begin an event.

        Args:
            event: is called with the instance, in a context of its own.
            reply: gets what the event gives, or an `ObjectResetError`; default: a new future.
        """
        if reply is None:
            reply = PromptFuture(loop=asyncio.get_running_loop())
        if self.reset is not None:
            reply.set_exception(ObjectResetError(self.reset.cause))
            return reply
        self._occupation.begin()
        # Not by the loop's factory: it makes tasks of Workers suspendable, which events are anyway.
        self._events[reply] = asyncio.Task(
            self._serve(event, reply), loop=reply.get_loop(), context=self.context.copy()
        )
        return reply

    async def look(self, action: Callable[[Storage], T]) -> T:
        """Do something with the storage as an event would; the object is not constructed for it.

        What was written is durable afterwards.
        """
        with self.pinned():
            await self._gate.enter()
            try:
                return action(self.storage)
            finally:
                self.storage.flush()

    def block_concurrency_while(self, callback: Callable[[], Awaitable[T]]) -> asyncio.Future[T]:
        """Run the callback while everything else in the object waits.

        If it raises, or takes longer than 30 s, the object is destroyed, and the result never
        comes.

        Raises:
            DurableObjectError: such calls are nested too deeply.
        """
        return self._critical().block(callback)

    def transaction(self, callback: Callable[[Transaction], Awaitable[T]]) -> asyncio.Future[T]:
        """Run the callback in a transaction, while everything else in the object waits.

        If it raises, what it wrote is undone, the result raises the same, and the object lives on.

        Raises:
            DurableObjectError: such calls are nested too deeply.
        """
        return self._critical().transaction(callback)

    def delete_all(self, *, delete_alarm: bool) -> None:
        """Delete all that the object and its facets have stored; see `Storage.delete_all`."""
        self.storage.delete_all(delete_alarm=delete_alarm)
        self.facets.delete_all()

    def expect(self, clock: EventClock) -> None:
        """Stay in memory while more is to come by a clock, which stops when the object leaves."""
        self._clock = clock

    def expected(self) -> float | None:
        """Until when more is to come, in the object or in a facet; None if nothing is."""
        own = self._clock.busy_until() if self._clock is not None else None
        within = self._facets.expected() if self._facets is not None else None
        return max((each for each in (own, within) if each is not None), default=None)

    @contextmanager
    def pinned(self) -> Iterator[None]:
        """Keep the object in memory, as long as the block lasts."""
        self._occupation.begin()
        try:
            yield
        finally:
            self._occupation.end()

    async def enter(self) -> None:
        """Wait until something which comes from outside may go on in the object."""
        if self._gate.closed:
            await self._gate.enter()

    async def quiet(self) -> None:
        """Wait until nothing goes on in the object, or it has left memory."""
        await self._occupation.quiet()

    async def rest(self) -> None:
        """Wait until nothing goes on in the object or is to come, or it has left memory."""
        await self._occupation.rest()

    def gated(self, awaitable: Awaitable[T]) -> Awaitable[T]:
        """Await something of the present event such that critical sections hold it up."""
        return self._gate.gated(awaitable)

    def set_alarm(self, when_ms: float) -> None:
        """Set the alarm.

        Args:
            when_ms: ms since 1970; a time in the past means now.

        Raises:
            DurableObjectError: the time is not after 1970, or the class has no `alarm` method.
        """
        if not self._home.has_alarms:
            error = DurableObjectError("Facets currently cannot set alarms.")
            self.destroy(Reset(error, by_worker=True))
            raise error
        if when_ms <= 0:
            raise DurableObjectError(
                "setAlarm() cannot be called with an alarm time <= 0", "TypeError"
            )
        if self.constructed and not self._settings.object_class.has_alarm(self._instance):
            raise DurableObjectError(
                "Your Durable Object class must have an alarm() handler "
                "in order to call setAlarm()",
                "TypeError",
            )
        self.storage.alarm.set(max(int(when_ms), self._settings.clock.now()))

    def abort(self, reason: str | None = None, *, retry_alarm: bool = True) -> None:
        """Destroy the object at the request of the Worker; what is not durable is undone.

        Args:
            reason: the text of the error which callers get.
            retry_alarm: whether an alarm which this interrupts is run again.
        """
        error = DurableObjectError(
            "Application called abort() to reset Durable Object." if reason is None else reason
        )
        self.destroy(Reset(error, by_worker=True, retry_alarm=retry_alarm))

    def destroy(self, reset: Reset) -> None:
        """Destroy the object: whoever waits for it gets an `ObjectResetError`."""
        if self.over:
            return
        self._leave()
        self.reset = reset
        if self._facets is not None:
            self._facets.destroy(reset)
        self.storage.close(ObjectResetError(reset.cause))
        self._gate.destroy(ObjectResetError(reset.cause))
        if self._tasks is not None:
            self._tasks.cancel()
        for task in list(self._events.values()):
            task.cancel()
        for reply in list(self._events):
            if not reply.done():
                reply.set_exception(ObjectResetError(reset.cause))
        self._record(ObjectReset, str(reset.cause))
        self._home.ended(self)

    def evict(self) -> None:
        """Take the object out of memory; nothing may be going on in it.

        Raises:
            DurableObjectError: something is.
        """
        if self.busy:
            raise DurableObjectError(
                "Timed out waiting to evict Durable Object: it still has active references."
            )
        if not self.over:
            self.storage.flush()
        if not self.over:
            self._leave()
            if self._facets is not None:
                self._facets.evict()
            self._instance = None
            self.storage.close(
                DurableObjectError("Durable Object storage is no longer accessible.")
            )
            if self.constructed:
                self._record(ObjectEvicted)
            self._home.ended(self)

    async def _serve(self, event: Callable[[Any], Awaitable[T]], reply: asyncio.Future[T]) -> None:
        try:
            if self._gate.closed:
                await self._gate.enter()
            if not self.constructed:
                self._construct()
                await self._gate.enter()
            result = await self._gate.gated(event(self._instance))
            self.storage.flush()
        except GeneratorExit:
            raise
        except BaseException as error:
            await self._fail(reply, error)
        else:
            if not reply.done():
                reply.set_result(result)
        finally:
            del self._events[reply]
        self._occupation.end()

    async def _fail(self, reply: asyncio.Future[T], error: BaseException) -> None:
        if not isinstance(error, Exception | asyncio.CancelledError):
            # The SDK raises such an error right after it has asked for the object to be aborted.
            await asyncio.sleep(0)
        if not self.over:
            # What was written before the error is kept, and has to be durable as well.
            with suppress(DurableObjectError):
                self.storage.flush()
        if isinstance(error, asyncio.CancelledError):
            reply.cancel()
            return
        if not reply.done():
            reply.set_exception(error)
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise error

    def _construct(self) -> None:
        try:
            self._instance = self._settings.object_class.construct(self)
        except BaseException as error:
            self.destroy(Reset(error, by_worker=True))
            raise
        self.constructed = True
        self._record(ObjectConstructed)

    def _leave(self) -> None:
        self.over = True
        self._occupation.stop()
        if self._clock is not None:
            self._clock.stop()
        if self._connections is not None:
            self._connections.drop()

    def _critical(self) -> Sections:
        if self._sections is None:
            self._sections = Sections(self, self._gate, self._settings.clock)
        return self._sections

    def _schedule(self, when_ms: int | None) -> None:
        self._home.alarm_changed(self, when_ms)

    def _storage_broke(self, error: DurableObjectError) -> None:
        self.destroy(Reset(error, by_worker=False))

    def _task_failed(self, error: BaseException) -> None:
        if not self.over:
            self._record(ObjectTaskFailed, str(error))

    def _record(self, event: Callable[..., ObjectEvent], *details: str) -> None:
        self._settings.journal.record(
            event(self._settings.object_class.name, self.id.hex, self.id.name, *details)
        )
