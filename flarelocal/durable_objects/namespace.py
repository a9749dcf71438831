"""All objects of one class."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, TypeVar

from flarelocal.clock import Clock
from flarelocal.dataclass import dataclass
from flarelocal.durable_objects.actor import Actor
from flarelocal.durable_objects.alarm_info import AlarmInfo, AlarmOutcome
from flarelocal.durable_objects.alarm_run import run_alarm
from flarelocal.durable_objects.alarms import AlarmScheduler
from flarelocal.durable_objects.catalog import Catalog
from flarelocal.durable_objects.catalog_file import CatalogFile
from flarelocal.durable_objects.channel import Channel
from flarelocal.durable_objects.errors import DurableObjectError
from flarelocal.durable_objects.events import SocketsLost
from flarelocal.durable_objects.identity import IdentityFactory, ObjectId
from flarelocal.durable_objects.limits import Limits
from flarelocal.durable_objects.object_class import ActorSettings, ObjectClass
from flarelocal.durable_objects.reset import Reset
from flarelocal.durable_objects.socket_event import deliver_frame
from flarelocal.durable_objects.sockets import HibernatableSocket, ObjectSockets
from flarelocal.durable_objects.storage.open_files import OpenFiles
from flarelocal.durable_objects.storage.storage import Storage
from flarelocal.durable_objects.stores import ObjectStores
from flarelocal.durable_objects.turn import TurnEnd
from flarelocal.journal import Journal
from flarelocal.sockets.connection import Frame

if TYPE_CHECKING:
    from flarelocal.durable_objects.facets import Facets

__all__ = ["Namespace", "ObjectInfo"]

T = TypeVar("T")

_LONGEST_NAME_BYTES = 1024
_LONGEST_WAIT_MS = 30_000
_CODE_UPDATED = "Durable Object reset because its code was updated."


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """What is known of an object without waking it.

    Attributes:
        id: with the name, if one was ever heard.
        running: whether it is in memory.
        alarm_ms: when its alarm fires next, retries included.
        file_bytes: the size of its storage on disk; None if it has none.
        facets: the names of the facets which it has had.
    """

    id: ObjectId
    running: bool
    alarm_ms: float | None
    file_bytes: int | None
    facets: tuple[str, ...] = ()


class Namespace:
    """The objects of one class, by their ids.

    Files are those of workerd: `<id>.sqlite` for each object which has stored something, and
    `metadata.sqlite` for all alarms. As long as an object has stored little and is in memory,
    that is also where its storage is.

    Args:
        unique_key: from which ids derive, `<worker>-<class>` by default.
        object_class: makes the instances.
        directory: of the files, or None to keep everything in memory.
        clock: tells when.
        journal: hears of what happens to objects.
        random: for unique ids and for the jitter of retries.
        sqlite: whether the class is declared with SQLite; only the limits differ here.
        limits: of storage; those of production if None.
        files: the open files of the process.
        idle_ms: how long an object rests in memory before it is evicted; None: for ever.
    """

    def __init__(
        self,
        unique_key: str,
        object_class: ObjectClass,
        *,
        directory: Path | None,
        clock: Clock,
        journal: Journal,
        random: Random,
        sqlite: bool = True,
        limits: Limits | None = None,
        files: OpenFiles | None = None,
        idle_ms: float | None = 10_000,
    ) -> None:
        self.unique_key = unique_key
        self.ids = IdentityFactory(unique_key, random)
        self.sqlite = sqlite
        self.class_name = object_class.name
        self.clock = clock
        defer = TurnEnd().defer
        self._settings = ActorSettings(
            object_class,
            limits or Limits.production(sqlite=sqlite),
            clock,
            journal,
            clock.now,
            defer,
            idle_ms,
        )
        self._actors: dict[str, Actor] = {}
        self._find = self._actor
        self._sockets: dict[str, ObjectSockets] = {}
        self._started = asyncio.Event()
        self._catalog = CatalogFile(directory / CatalogFile.FILE, defer) if directory else Catalog()
        opened = OpenFiles.for_this_process() if files is None else files
        self._stores = ObjectStores(directory, self._settings, opened, self._catalog)
        self.alarms = AlarmScheduler(
            object_class.name,
            self._catalog,
            clock,
            random,
            journal,
            self._run_alarm,
            self._clear_alarm,
        )

    def start(self) -> None:
        """Arm the alarms of earlier processes; those which are overdue fire at once."""
        self.alarms.start()
        self._started.set()

    def renew(self) -> None:
        """Destroy all objects in memory because their code has changed, and rest until `start`.

        WebSockets which objects accepted stay connected.
        """
        self._started.clear()
        self.alarms.stop()
        cause = DurableObjectError(_CODE_UPDATED)
        for actor in list(self._actors.values()):
            actor.destroy(Reset(cause, by_worker=False, keep_sockets=True))

    def get(self, id: ObjectId) -> Channel:
        """The way to the object; it comes to life with the first call.

        Raises:
            DurableObjectError: the id belongs to another namespace.
        """
        self.ids.require(id)
        return Channel(id, self._find)

    def list(self) -> list[ObjectInfo]:
        """All objects which have stored something or are in memory, by their ids."""
        known = self._stores.all() | self._actors.keys()
        return [self.describe(self._id(key)) for key in sorted(known)]

    def find(self, object_id: str) -> ObjectInfo | None:
        """What is known of the object with these 64 lowercase hex digits, if it is listed."""
        if object_id in self._actors or self._stores.has(object_id):
            return self.describe(self._id(object_id))
        return None

    def describe(self, id: ObjectId) -> ObjectInfo:
        """What is known of the object."""
        actor = self._actors.get(id.hex)
        return ObjectInfo(
            self._named(actor.id if actor is not None and id.name is None else id),
            actor is not None and actor.constructed,
            self.alarms.next_of(id),
            self._stores.bytes(id.hex),
            self._stores.facet_names(id.hex),
        )

    async def look(
        self, id: ObjectId, action: Callable[[Storage], T], facet: Sequence[str] = ()
    ) -> T:
        """Do something with the storage of the object from outside, as soon as an event could.

        The object is not constructed for it, and what was written is durable afterwards.

        Args:
            facet: the name of a facet and of facets within, whose storage is meant instead.

        Raises:
            DurableObjectError: there is no such facet.
        """
        actor = self._actor(self._named(id))
        try:
            return await (actor.facets.look(facet, action) if facet else actor.look(action))
        finally:
            if not (actor.constructed or actor.busy or actor.over):
                actor.evict()

    async def evict(self, id: ObjectId, *, disconnect: bool = False) -> None:
        """Take the object out of memory as soon as nothing goes on in it, its timers included.

        Args:
            disconnect: lose the WebSockets which it accepted, instead of keeping them.

        Raises:
            DurableObjectError: it is not in memory, or something went on in it for 30 s.
        """
        actor = self._actors.get(id.hex)
        if actor is None:
            raise DurableObjectError("Cannot evict Durable Object: it is not currently running.")
        await self._within(_LONGEST_WAIT_MS, actor.rest())
        actor.evict()
        if disconnect:
            self._disconnect(id.hex)

    def reset(self, id: ObjectId, reason: str) -> None:
        """Destroy the object if it is in memory: callers get an error with that text."""
        actor = self._actors.get(id.hex)
        if actor is not None:
            actor.destroy(Reset(DurableObjectError(reason), by_worker=False))

    def delete(self, id: ObjectId) -> None:
        """Destroy the object and delete all that it stored, its alarm included."""
        self.reset(id, "Durable Object was deleted.")
        self._disconnect(id.hex)
        self._stores.delete(id)
        self.alarms.set(id, None)
        self._catalog.forget(id.hex)

    async def close(self, *, grace_ms: float = 10_000) -> None:
        """Let what goes on come to an end, then close all files.

        Args:
            grace_ms: how long objects may go on; those which do not end by then are destroyed.
        """
        self.alarms.stop()
        for object_id in list(self._sockets):
            self._disconnect(object_id)
        for actor in self._actors.values():
            actor.connections.drop()
        if grace_ms > 0:
            with suppress(DurableObjectError):
                await self._within(grace_ms, *(actor.quiet() for actor in self._actors.values()))
        for actor in list(self._actors.values()):
            if actor.busy:
                self.reset(actor.id, "Durable Object reset because the runtime is shutting down.")
            else:
                actor.evict()
        self._stores.close()
        self._catalog.close()

    async def _within(self, limit_ms: float, *waits: Awaitable[None]) -> None:
        late = asyncio.get_running_loop().create_future()
        timer = self._settings.clock.call_later(limit_ms, late.cancel)
        quiet = asyncio.gather(*waits)
        try:
            await asyncio.wait((late, quiet), return_when=asyncio.FIRST_COMPLETED)
            if not quiet.done():
                raise DurableObjectError(
                    "Timed out waiting to evict Durable Object: it still has active references."
                )
        finally:
            timer.cancel()
            late.cancel()
            quiet.cancel()

    def _actor(self, id: ObjectId) -> Actor:
        actor = self._actors.get(id.hex)
        if actor is None:
            if id.name is not None and len(id.name.encode()) > _LONGEST_NAME_BYTES:
                id = replace(id, name=None)
            database = self._stores.database(id)
            restored = self._stores.begin(id.hex)
            actor = self._actors[id.hex] = Actor(id, database, self._settings, self)
            if restored:
                # The alarm is what it was then, which the scheduler has to hear.
                actor.storage.alarm.announce()
        return actor

    # -- as the home of objects

    has_alarms = True

    def alarm_changed(self, actor: Actor, when_ms: int | None) -> None:
        self.alarms.set(actor.id, when_ms)

    def facets(self, actor: Actor) -> Facets:
        from flarelocal.durable_objects.facets import Facets

        return Facets(actor, self._stores.facets(actor.id.hex), self._settings)

    def ended(self, actor: Actor) -> None:
        del self._actors[actor.id.hex]
        sockets = self._sockets.get(actor.id.hex)
        if sockets is not None:
            if actor.reset is None or actor.reset.keep_sockets:
                sockets.hibernate()
            else:
                self._lose_sockets(actor, sockets, actor.reset)
            if not sockets:
                self._sockets.pop(actor.id.hex, None)
        self._stores.end(actor.id.hex, restoring=actor.storage.restoring)

    def sockets(self, actor: Actor) -> ObjectSockets:
        id = actor.id
        sockets = self._sockets.get(id.hex)
        if sockets is None:

            def deliver(socket: HibernatableSocket, frame: Frame) -> asyncio.Future[None]:
                if self._started.is_set():
                    return deliver_frame(self._actor(id), self._settings, socket, frame)

                async def later() -> None:
                    await self._started.wait()
                    await deliver_frame(self._actor(id), self._settings, socket, frame)

                return asyncio.Task(later(), loop=asyncio.get_running_loop())

            def confirmed(write: Callable[[], None]) -> None:
                actor = self._actors.get(id.hex)
                if actor is None:
                    write()
                else:
                    actor.storage.confirmed(write)

            sockets = ObjectSockets(deliver, confirmed, self._settings.now)
            self._sockets[id.hex] = sockets
        return sockets

    def _lose_sockets(self, actor: Actor, sockets: ObjectSockets, reset: Reset) -> None:
        if sockets:
            self._settings.journal.record(
                SocketsLost(
                    self._settings.object_class.name,
                    actor.id.hex,
                    actor.id.name,
                    len(sockets),
                    str(reset.cause),
                )
            )
        self._disconnect(actor.id.hex)

    def _disconnect(self, object_id: str) -> None:
        sockets = self._sockets.pop(object_id, None)
        if sockets is not None:
            sockets.disconnect()

    def _named(self, id: ObjectId) -> ObjectId:
        return id if id.name is not None else replace(id, name=self._catalog.name(id.hex))

    def _id(self, object_id: str) -> ObjectId:
        # Files which were brought from elsewhere may have ids of another key.
        with suppress(DurableObjectError):
            return self.ids.from_string(object_id)
        return ObjectId(object_id)

    def _run_alarm(
        self, id: ObjectId, info: AlarmInfo, done: Callable[[AlarmOutcome], None]
    ) -> None:
        run_alarm(self._actor(id), self._settings, info, done)

    def _clear_alarm(self, id: ObjectId) -> None:
        storage = self._actor(id).storage
        storage.alarm.set(None)
        storage.flush()
