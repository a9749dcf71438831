"""The Worker's class, and how its objects are kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from contextvars import Context
from typing import TYPE_CHECKING, Any, Protocol

from flarelocal.clock import Clock
from flarelocal.dataclass import dataclass
from flarelocal.durable_objects.alarm_info import AlarmInfo
from flarelocal.durable_objects.limits import Limits
from flarelocal.durable_objects.sockets import HibernatableSocket
from flarelocal.journal import Journal
from flarelocal.sockets.connection import Frame

if TYPE_CHECKING:
    from flarelocal.durable_objects.actor import Actor

__all__ = ["ActorSettings", "ObjectClass"]


class ObjectClass(Protocol):
    """The Worker's class, as the engine needs it."""

    @property
    def name(self) -> str:
        """The name of the class."""

    def context(self) -> Context:
        """A new context for what goes on in an object."""

    def construct(self, actor: Actor) -> Any:
        """Make an instance; what this raises destroys the object."""

    def has_alarm(self, instance: Any) -> bool:
        """Whether the instance has an `alarm` method."""

    def alarm(self, instance: Any, info: AlarmInfo) -> Coroutine[Any, Any, object]:
        """Call that method."""

    def socket_event(
        self, instance: Any, socket: HibernatableSocket, frame: Frame
    ) -> Awaitable[object]:
        """Call the method for what arrived at a socket which the object accepted."""


@dataclass(frozen=True, slots=True)
class ActorSettings:
    """What all objects of a namespace have in common.

    Attributes:
        object_class: makes the instances.
        limits: of storage.
        clock: for limits of time and for the eviction.
        journal: hears of construction, eviction and reset.
        now: the time of the clock in ms; each object keeps it.
        defer: calls a function when the present turn of the event loop is over.
        idle_ms: how long after its last task an object is evicted; None: never.
    """

    object_class: ObjectClass
    limits: Limits
    clock: Clock
    journal: Journal
    now: Callable[[], int]
    defer: Callable[[Callable[[], None]], None]
    idle_ms: float | None = 10_000
