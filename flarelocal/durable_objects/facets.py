"""Facets: parts of an object, each with a class and a storage of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from flarelocal.dataclass import dataclass
from flarelocal.durable_objects.actor import Actor
from flarelocal.durable_objects.errors import DurableObjectError, ObjectResetError
from flarelocal.durable_objects.facet_index import ROOT
from flarelocal.durable_objects.facet_tree import FacetTree
from flarelocal.durable_objects.identity import ObjectId
from flarelocal.durable_objects.object_class import ActorSettings, ObjectClass
from flarelocal.durable_objects.reset import Reset
from flarelocal.durable_objects.socket_event import deliver_frame
from flarelocal.durable_objects.sockets import HibernatableSocket, ObjectSockets
from flarelocal.durable_objects.storage.storage import Storage
from flarelocal.prompt_future import PromptFuture
from flarelocal.sockets.connection import Frame

__all__ = ["Facet", "FacetStart", "Facets"]

T = TypeVar("T")
_Event = Callable[[Any], Awaitable[T]]

_LONGEST_NAME = 256
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class FacetStart:
    """How a facet begins.

    Attributes:
        object_class: makes its instance.
        id: what it sees as its id; None: that of its parent.
    """

    object_class: ObjectClass
    id: ObjectId | None = None


class Facet:
    """A facet from its start until it is aborted, or its parent leaves memory.

    Like any object it is constructed for its first event, and evicted when it has rested.
    """

    def __init__(
        self, facets: Facets, name: str, make: Callable[[], Awaitable[FacetStart]]
    ) -> None:
        self._facets = facets
        self._name = name
        self._start: FacetStart | None = None
        self._failure: BaseException | None = None
        self._actor: Actor | None = None
        self._waiting: list[tuple[_Event[Any], PromptFuture[Any]]] = []
        facets.parent.tasks.spawn(self._begin(make))

    def start(
        self, event: Callable[[Any], Awaitable[T]], reply: PromptFuture[T] | None = None
    ) -> asyncio.Future[T]:
        """Begin an event in the facet; see `Actor.start`."""
        if self._start is not None and self._failure is None:
            return self._life(self._start).start(event, reply)
        if reply is None:
            reply = PromptFuture(loop=asyncio.get_running_loop())
        if self._failure is not None:
            reply.set_exception(self._failure)
        else:
            self._waiting.append((event, reply))
        return reply

    def require_alive(self) -> None:
        """Raise what the facet was ended with, if it was.

        Raises:
            ObjectResetError: it was.
        """
        if isinstance(self._failure, ObjectResetError):
            raise self._failure

    def destroy(self, reset: Reset) -> None:
        """End the facet: whoever calls it gets an `ObjectResetError`."""
        self._fail(ObjectResetError(reset.cause))
        if self._actor is not None:
            self._actor.destroy(reset)

    def evict(self) -> None:
        """Take the facet out of memory, if it is there."""
        if self._actor is not None:
            self._actor.evict()

    @property
    def actor(self) -> Actor | None:
        """The facet in memory."""
        return self._actor

    def flush(self) -> None:
        """Make durable what was written so far."""
        if self._actor is not None:
            self._actor.storage.flush()

    async def _begin(self, make: Callable[[], Awaitable[FacetStart]]) -> None:
        try:
            start = await make()
        except Exception as error:
            self._fail(error)
            return
        if self._failure is None:
            self._start = start
            waiting, self._waiting = self._waiting, []
            for event, reply in waiting:
                self._life(start).start(event, reply)

    def _life(self, start: FacetStart) -> Actor:
        if self._actor is None:
            self._actor = self._facets.actor(self._name, start, self._ended)
        return self._actor

    def _ended(self, actor: Actor) -> None:
        self._actor = None
        if actor.reset is not None:
            self._fail(ObjectResetError(actor.reset.cause))
            self._facets.forget(self._name, self)

    def _fail(self, error: BaseException) -> None:
        self._failure = self._failure or error
        for _, reply in self._waiting:
            if not reply.done():
                reply.set_exception(self._failure)
        self._waiting.clear()


class Facets:
    """The facets of one object or facet (workerd: api/actor-state.c++, server/server.c++).

    Args:
        parent: whose facets they are.
        tree: the storage of all facets of the object.
        settings: of the parent.
        number: of the parent in the tree.
        depth: how far the parent is below the object.
    """

    def __init__(
        self,
        parent: Actor,
        tree: FacetTree,
        settings: ActorSettings,
        number: int = ROOT,
        depth: int = 0,
    ) -> None:
        self.parent = parent
        self._tree = tree
        self._settings = settings
        self._number = number
        self._depth = depth
        self._facets: dict[str, Facet] = {}

    def require_room(self, name: str) -> None:
        """Raise if there can be no facet of that name.

        Raises:
            DurableObjectError: the name is too long, or facets are nested too deeply.
        """
        _require_name(name)
        if self._depth + 1 >= _DEEPEST:
            raise DurableObjectError(
                "Facet nesting depth limit exceeded. The maximum depth including the root Durable "
                f"Object is {_DEEPEST}."
            )

    def get(self, name: str, make: Callable[[], Awaitable[FacetStart]]) -> Facet:
        """The facet of that name.

        Args:
            make: tells how it begins, if it does not run yet.
        """
        facet = self._facets.get(name)
        if facet is None:
            facet = self._facets[name] = Facet(self, name, make)
        return facet

    def abort(self, name: str, reason: BaseException) -> None:
        """End the facet if it runs; what is not durable is undone.

        Args:
            reason: what callers get.
        """
        _require_name(name)
        facet = self._facets.pop(name, None)
        if facet is not None:
            facet.destroy(Reset(reason, by_worker=True))

    def delete(self, name: str) -> None:
        """End the facet, and delete what it and its facets have stored."""
        self.abort(name, DurableObjectError("Facet was deleted."))
        number = self._tree.index.find(self._number, name)
        if number is not None:
            self._tree.delete(number)

    def clone(self, source: str, target: str) -> None:
        """Let one facet begin with what another one and its facets have stored."""
        _require_name(source)
        self.abort(target, DurableObjectError("Facet was cloned-over."))
        if source == target:
            return
        self.delete(target)
        original = self._tree.index.find(self._number, source)
        if original is not None:
            if source in self._facets:
                self._facets[source].flush()
            self._tree.copy(original, self._tree.index.number(self._number, target))

    def delete_all(self) -> None:
        """End all facets, and delete what they have stored."""
        for name in list(self._facets):
            self.abort(name, DurableObjectError("Facet was deleted."))
        self._tree.delete_below(self._number)

    async def look(self, path: Sequence[str], action: Callable[[Storage], T]) -> T:
        """Do something with the storage of a facet from outside; see `Actor.look`.

        Args:
            path: the name of the facet, and of facets within.

        Raises:
            DurableObjectError: there was never such a facet.
        """
        name, *inner = path
        if self._tree.index.find(self._number, name) is None:
            raise DurableObjectError(f'There is no facet "{name}".')
        facet = self._facets.get(name)
        found = facet.actor if facet is not None else None
        actor = found or self.actor(name, FacetStart(self._settings.object_class), lambda _: None)
        try:
            return await (actor.facets.look(inner, action) if inner else actor.look(action))
        finally:
            if found is None and not actor.over:
                actor.evict()

    def destroy(self, reset: Reset) -> None:
        """The parent is destroyed, and its facets with it."""
        facets, self._facets = self._facets, {}
        for facet in facets.values():
            facet.destroy(reset)

    def expected(self) -> float | None:
        """Until when more is to come in a facet; None if nothing is; see `Actor.expect`."""
        actors = (facet.actor for facet in self._facets.values())
        until = (actor.expected() for actor in actors if actor is not None)
        return max((each for each in until if each is not None), default=None)

    def evict(self) -> None:
        """The parent leaves memory, and its facets with it."""
        for facet in self._facets.values():
            facet.evict()
        self._facets.clear()

    def forget(self, name: str, facet: Facet) -> None:
        """The facet has ended: the next one of its name begins anew."""
        if self._facets.get(name) is facet:
            del self._facets[name]

    def actor(self, name: str, start: FacetStart, ended: Callable[[Actor], None]) -> Actor:
        """Begin a life of a facet."""
        number = self._tree.index.number(self._number, name)
        settings = replace(self._settings, object_class=start.object_class)
        database = self._tree.database(number)
        database.begin_session()

        def inner(actor: Actor) -> Facets:
            return Facets(actor, self._tree, settings, number, self._depth + 1)

        def close(actor: Actor) -> None:
            database.close()
            ended(actor)

        id = start.id or self.parent.id
        return Actor(id, database, settings, _FacetHome(settings, inner, close), self.parent)


class _FacetHome:
    """What a facet has in place of a namespace.

    Args:
        settings: of the facet.
        facets: makes what knows its own facets.
        ended: called when the facet has left memory.
    """

    has_alarms = False

    def __init__(
        self,
        settings: ActorSettings,
        facets: Callable[[Actor], Facets],
        ended: Callable[[Actor], None],
    ) -> None:
        self._settings = settings
        self.facets = facets
        self._ended = ended
        self._sockets: ObjectSockets | None = None

    def alarm_changed(self, actor: Actor, when_ms: int | None) -> None:
        """There is no alarm to tell of."""

    def sockets(self, actor: Actor) -> ObjectSockets:
        def deliver(socket: HibernatableSocket, frame: Frame) -> asyncio.Future[None]:
            return deliver_frame(actor, self._settings, socket, frame)

        if self._sockets is None:
            self._sockets = ObjectSockets(
                deliver,
                lambda write: actor.storage.confirmed(write),
                self._settings.now,
                # Nobody could start the facet for a message once its parent has left memory.
                keep=lambda: actor.connections.open(lambda: None),
            )
        return self._sockets

    def ended(self, actor: Actor) -> None:
        if self._sockets is not None:
            self._sockets.disconnect()
        self._ended(actor)


def _require_name(name: str) -> None:
    if len(name.encode()) > _LONGEST_NAME:
        raise DurableObjectError(
            f"Facet name is too long (max {_LONGEST_NAME} characters).", "TypeError"
        )
