"""A namespace on a virtual clock, whose class does what the test says."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextvars import Context
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from flarelocal.clock import VirtualClock
from flarelocal.durable_objects import Actor, AlarmInfo, Channel, Limits, Namespace, Storage
from flarelocal.durable_objects.events import ObjectEvent
from flarelocal.durable_objects.sockets import HibernatableSocket
from flarelocal.journal import Event, Journal
from flarelocal.sockets.connection import Frame

T = TypeVar("T")


Hear = Callable[["Instance", HibernatableSocket, Frame], Awaitable[None]]


class Instance:
    """What the class under test makes: it has memory, as any Python object."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.seen: list[Any] = []

    @property
    def storage(self) -> Storage:
        return self.actor.storage


async def remember(instance: Instance, socket: HibernatableSocket, frame: Frame) -> None:
    instance.seen.append(frame)


class Stage:
    """One process: its namespace, and the class of which tests replace the parts.

    Attributes:
        constructing: called with each new instance.
        ringing: the `alarm` method; None: the class has none.
        hearing: the methods for what arrives at WebSockets; at first the instance remembers it.
    """

    name = "Counter"

    def __init__(
        self, directory: Path | None, *, clock: VirtualClock | None = None, **options: Any
    ) -> None:
        self.clock = clock or VirtualClock()
        self.journal = Journal(self.clock)
        self.began_ms = self.clock.now()
        self.constructing: Callable[[Instance], None] = lambda instance: None
        self.ringing: Callable[[Instance, AlarmInfo], Awaitable[object]] | None = None
        self.hearing: Hear = remember
        self.rung: list[tuple[int, AlarmInfo]] = []
        self.namespace = Namespace(
            "worker-Counter",
            self,
            directory=directory,
            clock=self.clock,
            journal=self.journal,
            random=Random(4),
            **{"limits": Limits.local()} | options,
        )
        self.namespace.start()

    def context(self) -> Context:
        return Context()

    def construct(self, actor: Actor) -> Instance:
        instance = Instance(actor)
        self.constructing(instance)
        return instance

    def has_alarm(self, instance: Instance) -> bool:
        return self.ringing is not None

    async def alarm(self, instance: Instance, info: AlarmInfo) -> None:
        self.rung.append((self.clock.now() - self.began_ms, info))
        assert self.ringing is not None
        await self.ringing(instance, info)

    async def socket_event(
        self, instance: Instance, socket: HibernatableSocket, frame: Frame
    ) -> None:
        await self.hearing(instance, socket, frame)

    def object(self, name: str = "a") -> Channel:
        return self.namespace.get(self.namespace.ids.from_name(name))

    async def run(self, event: Callable[[Instance], Awaitable[T]], name: str = "a") -> T:
        """Run one event, with the clock standing still."""
        return await self.object(name).run(event)

    async def do(self, action: Callable[[Instance], T], name: str = "a") -> T:
        """Run one event which awaits nothing."""

        async def event(instance: Instance) -> T:
            return action(instance)

        return await self.run(event, name)

    def events(self, *kinds: type[ObjectEvent]) -> list[Event]:
        return [entry.event for entry in self.journal if isinstance(entry.event, kinds)]

    async def end(self) -> None:
        await self.namespace.close(grace_ms=0)
