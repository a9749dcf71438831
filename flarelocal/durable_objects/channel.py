"""What a stub holds: the way to one object."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar

from flarelocal.durable_objects.actor import Actor
from flarelocal.durable_objects.errors import ObjectResetError
from flarelocal.durable_objects.identity import ObjectId
from flarelocal.prompt_future import PromptFuture

__all__ = ["Channel", "Way"]

T = TypeVar("T")


class Way(Protocol):
    """Leads to an object or to a part of it."""

    def start(
        self, event: Callable[[Any], Awaitable[T]], reply: PromptFuture[T] | None = None
    ) -> asyncio.Future[T]:
        """Begin an event there; see `Actor.start`."""

    def require_alive(self) -> None:
        """Raise what the object was reset with, if it was."""


class Channel:
    """Leads to one life of an object, from the first call on.

    Calls begin in the order in which they were made. When the object is reset, all further
    calls fail with the same error; only a new channel reaches the object again. An eviction goes
    unnoticed.

    Args:
        id: of the object.
        find: gives the present life of the object, or begins one.
    """

    def __init__(self, id: ObjectId, find: Callable[[ObjectId], Actor]) -> None:
        self.id = id
        self._find = find
        self._actor: Actor | None = None

    def start(
        self, event: Callable[[Any], Awaitable[T]], reply: PromptFuture[T] | None = None
    ) -> asyncio.Future[T]:
        """Begin an event in the object; see `Actor.start`."""
        if self._actor is None or (self._actor.over and self._actor.reset is None):
            self._actor = self._find(self.id)
        return self._actor.start(event, reply)

    def require_alive(self) -> None:
        """Raise what the object was reset with, if it was: nothing leaves it any more.

        Raises:
            ObjectResetError: it was.
        """
        if self._actor is not None and self._actor.reset is not None:
            raise ObjectResetError(self._actor.reset.cause)

    async def run(self, event: Callable[[Any], Awaitable[T]]) -> T:
        """Begin an event in the object and wait for what it gives."""
        return await self.start(event)
