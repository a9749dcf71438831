"""Where an object lives while it is in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from flarelocal.durable_objects.actor import Actor
    from flarelocal.durable_objects.facets import Facets
    from flarelocal.durable_objects.sockets import ObjectSockets

__all__ = ["Home"]


class Home(Protocol):
    """The namespace of an object, or what a facet has in its place."""

    @property
    def has_alarms(self) -> bool:
        """Whether its objects can set alarms."""

    def alarm_changed(self, actor: Actor, when_ms: int | None) -> None:
        """The object has another time for its alarm now, or none."""

    def sockets(self, actor: Actor) -> ObjectSockets:
        """The WebSockets which the object accepted; they outlive the actor."""

    def facets(self, actor: Actor) -> Facets:
        """What knows the facets of the object."""

    def ended(self, actor: Actor) -> None:
        """The object has left memory; called once."""
