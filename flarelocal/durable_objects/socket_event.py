"""One event of a WebSocket that an object accepted."""

from __future__ import annotations

import asyncio
from typing import Any

from flarelocal.durable_objects.actor import Actor
from flarelocal.durable_objects.errors import DurableObjectError
from flarelocal.durable_objects.object_class import ActorSettings
from flarelocal.durable_objects.reset import Reset
from flarelocal.durable_objects.sockets import HibernatableSocket
from flarelocal.prompt_future import PromptFuture
from flarelocal.sockets.connection import Frame

__all__ = ["deliver_frame"]

_TOO_LONG = "Actor exceeded event execution time and was disconnected."


def deliver_frame(
    actor: Actor, settings: ActorSettings, socket: HibernatableSocket, frame: Frame
) -> asyncio.Future[None]:
    """Have the object handle a frame; what its handler raises concerns nobody else.

    Done when the handler begins, or, after the last frame, when it waits for something. A handler
    that takes longer than the object allows ends the object.
    """
    loop = asyncio.get_running_loop()
    begun: PromptFuture[None] = PromptFuture(loop=loop)

    async def event(instance: Any) -> None:
        if isinstance(frame, str | bytes):
            _tell(begun)
        else:
            # The handler still finds its socket among those of the object.
            loop.call_soon(_tell, begun)
        limit_ms = actor.sockets.event_timeout_ms
        if limit_ms is None:
            await settings.object_class.socket_event(instance, socket, frame)
            return
        reset = Reset(DurableObjectError(_TOO_LONG), by_worker=True)
        limit = settings.clock.call_later(
            limit_ms, lambda: actor.destroy(reset), label=f"limit of a socket of {actor.id}"
        )
        try:
            await settings.object_class.socket_event(instance, socket, frame)
        finally:
            limit.cancel()

    def over(reply: asyncio.Future[None]) -> None:
        if not reply.cancelled():
            reply.exception()
        _tell(begun)

    actor.start(event).add_done_callback(over)
    return begun


def _tell(begun: asyncio.Future[None]) -> None:
    if not begun.done():
        begun.set_result(None)
