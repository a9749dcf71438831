"""All objects of one class."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
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
from flarelocal.durable_objects.channel import Channel
from flarelocal.durable_objects.errors import DurableObjectError
from flarelocal.durable_objects.events import SocketsLost
from flarelocal.durable_objects.identity import IdentityFactory, ObjectId
from flarelocal.durable_objects.limits import Limits
from flarelocal.durable_objects.object_class import ActorSettings, ObjectClass
from flarelocal.durable_objects.reset import Reset
from flarelocal.durable_objects.socket_event import deliver_frame
from flarelocal.durable_objects.sockets import HibernatableSocket, ObjectSockets
from flarelocal.durable_objects.storage.database import ObjectDatabase, OpenFiles
from flarelocal.durable_objects.storage.snapshots import Snapshots
from flarelocal.durable_objects.storage.storage import Storage
from flarelocal.durable_objects.storage.youth import Youth
from flarelocal.durable_objects.turn import after_this_turn
from flarelocal.journal import Journal
from flarelocal.sockets.connection import Frame

if TYPE_CHECKING:
    from flarelocal.durable_objects.facet_tree import FacetTree
    from flarelocal.durable_objects.facets import Facets

__all__ = ["Namespace", "ObjectInfo"]

T = TypeVar("T")

_ENDING = ".sqlite"
_CATALOG = "metadata.sqlite"
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
        self._directory = directory
        self._files = OpenFiles.for_this_process() if files is None else files
        self._settings = ActorSettings(
            object_class, limits or Limits.production(sqlite=sqlite), clock, journal, idle_ms
        )
        self._actors: dict[str, Actor] = {}
        self._databases: dict[str, ObjectDatabase] = {}
        self._trees: dict[str, FacetTree] = {}
        self._sockets: dict[str, ObjectSockets] = {}
        self._started = asyncio.Event()
        self._restoring = self._left_restoring()
        self._catalog = Catalog(directory / _CATALOG if directory else None, after_this_turn)
        self._bring_up()
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
        return Channel(id, self._actor)

    def list(self) -> list[ObjectInfo]:
        """All objects which have stored something or are in memory, by their ids."""
        known = set(self._actors)
        known |= {key for key, tree in self._trees.items() if tree.names}
        known |= {key for key, database in self._databases.items() if database.exists}
        if self._directory is not None and self._directory.exists():
            # Names with another dot are those of facets.
            known |= {
                path.stem
                for pattern in ("*.sqlite", "*.facets")
                for path in self._directory.glob(pattern)
                if path.name != _CATALOG and "." not in path.stem
            }
        return [self.describe(self._id(key)) for key in sorted(known)]

    def find(self, object_id: str) -> ObjectInfo | None:
        """What is known of the object with these 64 lowercase hex digits, if it is listed."""
        database = self._databases.get(object_id)
        path = self._path(object_id)
        if (
            object_id in self._actors
            or (database is not None and database.exists)
            or (path is not None and os.path.exists(path))
            or self._facet_names(object_id)
        ):
            return self.describe(self._id(object_id))
        return None

    def describe(self, id: ObjectId) -> ObjectInfo:
        """What is known of the object."""
        actor = self._actors.get(id.hex)
        return ObjectInfo(
            self._named(actor.id if actor is not None and id.name is None else id),
            actor is not None and actor.constructed,
            self.alarms.next_of(id),
            self._stored_bytes(id.hex),
            self._facet_names(id.hex),
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

    async def evict(self, id: ObjectId) -> None:
        """Take the object out of memory as soon as nothing goes on in it.

        Raises:
            DurableObjectError: it is not in memory, or something went on in it for 30 s.
        """
        actor = self._actors.get(id.hex)
        if actor is None:
            raise DurableObjectError("Cannot evict Durable Object: it is not currently running.")
        await self._quiet([actor], _LONGEST_WAIT_MS)
        actor.evict()

    def reset(self, id: ObjectId, reason: str) -> None:
        """Destroy the object if it is in memory: callers get an error with that text."""
        actor = self._actors.get(id.hex)
        if actor is not None:
            actor.destroy(Reset(DurableObjectError(reason), by_worker=False))

    def delete(self, id: ObjectId) -> None:
        """Destroy the object and delete all that it stored, its alarm included."""
        self.reset(id, "Durable Object was deleted.")
        self._disconnect(id.hex)
        database = self._database(id)
        database.delete()
        database.snapshots.clear()
        self._databases.pop(id.hex, None)
        self._tree(id.hex).clear()
        self._trees.pop(id.hex, None)
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
            actor.disconnect()
        if grace_ms > 0:
            with suppress(DurableObjectError):
                await self._quiet(list(self._actors.values()), grace_ms)
        for actor in list(self._actors.values()):
            if actor.busy:
                self.reset(actor.id, "Durable Object reset because the runtime is shutting down.")
            else:
                actor.evict()
        for database in self._databases.values():
            self._put_away(database)
        self._catalog.close()

    async def _quiet(self, actors: Sequence[Actor], limit_ms: float) -> None:
        late = asyncio.get_running_loop().create_future()
        timer = self._settings.clock.call_later(limit_ms, late.cancel)
        quiet = asyncio.gather(*(actor.quiet() for actor in actors))
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
            database = self._database(id)
            restored = id.hex in self._restoring and database.begin_session()
            self._restoring.discard(id.hex)
            actor = Actor(
                id,
                database,
                self._settings,
                sockets=self._sockets_of(id),
                schedule=lambda when_ms: self.alarms.set(id, when_ms),
                ended=self._ended,
                facets=self._facets,
            )
            self._actors[id.hex] = actor
            if restored:
                # The alarm is what it was then, which the scheduler has to hear.
                actor.storage.alarm.announce()
        return actor

    def _ended(self, actor: Actor) -> None:
        del self._actors[actor.id.hex]
        if actor.reset is None or actor.reset.keep_sockets:
            actor.sockets.hibernate()
        else:
            self._lose_sockets(actor, actor.reset)
        if not actor.sockets:
            self._sockets.pop(actor.id.hex, None)
        database = self._databases[actor.id.hex]
        self._put_away(database)
        if actor.storage.bookmarks.restoring:
            self._restoring.add(actor.id.hex)
        if self._directory is not None:
            del self._databases[actor.id.hex]
            self._trees.pop(actor.id.hex, None)

    def _sockets_of(self, id: ObjectId) -> ObjectSockets:
        sockets = self._sockets.get(id.hex)
        if sockets is None:

            async def deliver(socket: HibernatableSocket, frame: Frame) -> None:
                await self._started.wait()
                await deliver_frame(self._actor(id), self._settings, socket, frame)

            def confirmed(write: Callable[[], None]) -> None:
                actor = self._actors.get(id.hex)
                if actor is None:
                    write()
                else:
                    actor.storage.confirmed(write)

            sockets = ObjectSockets(deliver, confirmed, self._settings.clock.now)
            self._sockets[id.hex] = sockets
        return sockets

    def _lose_sockets(self, actor: Actor, reset: Reset) -> None:
        if actor.sockets:
            self._settings.journal.record(
                SocketsLost(
                    self._settings.object_class.name,
                    actor.id.hex,
                    actor.id.name,
                    len(actor.sockets),
                    str(reset.cause),
                )
            )
        self._disconnect(actor.id.hex)

    def _disconnect(self, object_id: str) -> None:
        sockets = self._sockets.pop(object_id, None)
        if sockets is not None:
            sockets.disconnect()

    def _database(self, id: ObjectId) -> ObjectDatabase:
        database = self._databases.get(id.hex)
        if database is None:
            database = ObjectDatabase(
                self._path(id.hex),
                self._settings.limits,
                self._files,
                self._settings.clock.now,
                lambda: self._remember(id),
                Youth(self._catalog, id.hex) if self._directory is not None else None,
            )
            self._databases[id.hex] = database
        if database.exists:
            self._remember(id)
        return database

    def _put_away(self, database: ObjectDatabase) -> None:
        database.close()
        # Without room on the disk it stays where it is.
        with suppress(OSError):
            database.grow()

    def _facets(self, actor: Actor) -> Facets:
        from flarelocal.durable_objects.facets import Facets

        return Facets(actor, self._tree(actor.id.hex), self._settings)

    def _tree(self, object_id: str) -> FacetTree:
        tree = self._trees.get(object_id)
        if tree is None:
            tree = self._trees[object_id] = self._open_tree(object_id)
        return tree

    def _open_tree(self, object_id: str) -> FacetTree:
        from flarelocal.durable_objects.facet_tree import FacetTree

        path = self._path(object_id)
        return FacetTree(path and path.removesuffix(_ENDING), self._facet_database)

    def _facet_names(self, object_id: str) -> tuple[str, ...]:
        tree = self._trees.get(object_id)
        path = self._path(object_id)
        if tree is None and path is not None and os.path.exists(_index(path)):
            tree = self._open_tree(object_id)
        return () if tree is None else tree.names

    def _facet_database(self, path: str | None) -> ObjectDatabase:
        settings = self._settings
        return ObjectDatabase(path, settings.limits, self._files, settings.clock.now)

    def _remember(self, id: ObjectId) -> None:
        if id.name is not None:
            self._catalog.remember_name(id.hex, id.name)

    def _named(self, id: ObjectId) -> ObjectId:
        return id if id.name is not None else replace(id, name=self._catalog.name(id.hex))

    def _id(self, object_id: str) -> ObjectId:
        # Files which were brought from elsewhere may have ids of another key.
        with suppress(DurableObjectError):
            return self.ids.from_string(object_id)
        return ObjectId(object_id)

    def _left_restoring(self) -> set[str]:
        # Looking once is cheaper than looking at each birth of an object.
        if self._directory is None or not self._directory.exists():
            return set()
        kept = (path for path in self._directory.glob("*.bookmarks"))
        return {path.stem for path in kept if Snapshots(path).next is not None}

    def _bring_up(self) -> None:
        """Give the databases their files which a process that died has left young."""
        for object_id in self._catalog.young:
            self._put_away(self._database(self._id(object_id)))
            del self._databases[object_id]

    def _stored_bytes(self, object_id: str) -> int | None:
        database = self._databases.get(object_id)
        if database is not None and database.young_bytes is not None:
            return database.young_bytes
        path = self._path(object_id)
        return _size(path) if path is not None and os.path.exists(path) else None

    def _path(self, object_id: str) -> str | None:
        return f"{self._directory}/{object_id}.sqlite" if self._directory else None

    def _run_alarm(
        self, id: ObjectId, info: AlarmInfo, done: Callable[[AlarmOutcome], None]
    ) -> None:
        run_alarm(self._actor(id), self._settings, info, done)

    def _clear_alarm(self, id: ObjectId) -> None:
        storage = self._actor(id).storage
        storage.alarm.set(None)
        storage.flush()


def _size(path: str) -> int:
    log = path + "-wal"
    return os.path.getsize(path) + (os.path.getsize(log) if os.path.exists(log) else 0)


def _index(path: str) -> str:
    return path.removesuffix(_ENDING) + ".facets"
