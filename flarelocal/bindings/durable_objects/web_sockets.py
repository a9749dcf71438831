"""The WebSockets of a Durable Object, as the Worker sees them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from flarelocal.durable_objects.actor import Actor
from flarelocal.durable_objects.sockets import AutoResponse, HibernatableSocket, ObjectSockets
from flarelocal.javascript.collections import iterate
from flarelocal.javascript.errors import error
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.socket_host import SocketRules
from flarelocal.sockets.connection import End

if TYPE_CHECKING:
    from flarelocal.javascript.web.websocket import WebSocket
    from flarelocal.javascript.web.websocket_pair import WebSocketRequestResponsePair

__all__ = ["ObjectWebSockets"]


class ObjectWebSockets:
    """The faces of the sockets of an object; also what the sockets that it uses belong to."""

    def __init__(self, actor: Actor, rules: SocketRules) -> None:
        self.rules = rules
        self._actor = actor

    @property
    def _sockets(self) -> ObjectSockets:
        return self._actor.sockets

    # -- as the host of sockets

    def confirmed(self, write: Callable[[], None]) -> None:
        """The output gate: nothing leaves the object before what was stored is durable."""
        self._actor.storage.confirmed(write)

    async def enter(self) -> None:
        """The input gate: critical sections hold up what arrives."""
        await self._actor.enter()

    def opened(self, drop: Callable[[], None]) -> Callable[[], None]:
        """A socket that cannot hibernate keeps the object in memory."""
        return self._actor.connections.open(drop)

    # -- for `ctx`

    def accept(self, socket: WebSocket, tags: Value) -> None:
        """Let the object receive from a socket, whether it is in memory or not.

        Raises:
            JsError: something else receives from it already.
            DurableObjectError: there are too many sockets or tags.
        """
        if socket.receiving:
            raise error(
                "Cannot call `acceptWebSocket()` if the WebSocket was already accepted via "
                "`accept()`"
            )
        if not socket.peer_is_new:
            raise error(
                "Cannot call `acceptWebSocket()` on this WebSocket because its pair has already "
                "been accepted or used in a Response."
            )
        distinct = self._sockets.distinct([to_string(tag) for tag in iterate(tags)])

        def accept(end: End) -> HibernatableSocket:
            accepted = self._sockets.accept(end, distinct)
            accepted.face = socket
            return accepted

        socket.hibernate(accept)

    def all(self, tag: str | None) -> list[WebSocket]:
        """The sockets that the object accepted, with a tag if one is given."""
        return [self.face(socket) for socket in self._sockets.all(tag)]

    def face(self, socket: HibernatableSocket) -> WebSocket:
        """What the Worker has of a socket: the same object until the next hibernation."""
        if socket.face is None:
            from flarelocal.javascript.web.websocket import WebSocket

            socket.face = WebSocket.revived(socket, self)
        return cast("WebSocket", socket.face)

    @staticmethod
    def tags(socket: WebSocket) -> list[Value]:
        """The tags of a socket.

        Raises:
            JsError: no object accepted it.
        """
        accepted = socket.accepted
        if accepted is not None:
            return list(cast(HibernatableSocket, accepted).tags)
        if socket.receiving:
            raise error("only hibernatable websockets can have tags.")
        raise error(
            "you must call 'acceptWebSocket()' before attempting to access the tags of a WebSocket."
        )

    @staticmethod
    def answered_ms(socket: WebSocket) -> int | None:
        """When a message of a socket was last answered automatically."""
        accepted = socket.accepted
        return None if accepted is None else cast(HibernatableSocket, accepted).answered_ms

    @property
    def auto_response(self) -> Value:
        """The pair of messages of which one answers the other; null: none."""
        from flarelocal.javascript.web.websocket_pair import WebSocketRequestResponsePair

        known = self._sockets.auto_response
        return WebSocketRequestResponsePair(known.request, known.response) if known else null

    def answer(self, pair: WebSocketRequestResponsePair | None) -> None:
        """Answer a message without an event from now on; None: none.

        Raises:
            DurableObjectError: RangeError; a message of the pair is too long.
        """
        self._sockets.auto_response = AutoResponse(pair.request, pair.response) if pair else None

    @property
    def event_timeout_ms(self) -> int | None:
        """How long a handler may take."""
        return self._sockets.event_timeout_ms

    def limit_events(self, timeout_ms: int | None) -> None:
        """Set how long a handler may take; None or 0: as long as it likes."""
        self._sockets.limit_events(timeout_ms)
