"""`ctx` of a Durable Object."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated

from flarelocal.bindings.durable_objects.closure import settled
from flarelocal.bindings.durable_objects.errors import translating
from flarelocal.bindings.durable_objects.identity import DurableObjectId
from flarelocal.bindings.durable_objects.storage import DurableObjectStorage
from flarelocal.bindings.durable_objects.stub import ObjectCalls
from flarelocal.bindings.durable_objects.web_sockets import ObjectWebSockets
from flarelocal.bindings.execution_context import awaitable_of
from flarelocal.durable_objects.actor import Actor
from flarelocal.durable_objects.identity import GivenId
from flarelocal.javascript.date import Date
from flarelocal.javascript.errors import error
from flarelocal.javascript.foreign import Foreign
from flarelocal.javascript.host import HostObject, getter, method
from flarelocal.javascript.numbers import to_uint32
from flarelocal.javascript.signature import NO_OPTIONS, Options, to_boolean
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.socket_host import SocketRules

if TYPE_CHECKING:
    from flarelocal.javascript.web.websocket import WebSocket
    from flarelocal.javascript.web.websocket_pair import WebSocketRequestResponsePair

__all__ = ["DurableObjectState"]


@translating
class DurableObjectState(HostObject):
    """What an object has besides its bindings (Cloudflare docs, "Durable Object State").

    Args:
        calls: how methods of objects are called.
        sqlite: whether the class is declared to use SQLite.
        delete_alarm: whether `storage.deleteAll` takes the alarm as well.
        container: whether the object has a container.
        props: what the class was given.
        sockets: the rules of WebSockets.
        exports: the Worker's own entrypoints and classes.

    Attributes:
        web_sockets: the WebSockets that the object accepted.
    """

    __slots__ = (
        "_actor",
        "_calls",
        "_container",
        "_delete_alarm",
        "_exports",
        "_id",
        "_props",
        "_sqlite",
        "_storage",
        "web_sockets",
    )

    def __init__(
        self,
        actor: Actor,
        calls: ObjectCalls,
        *,
        sqlite: bool,
        delete_alarm: bool,
        container: bool,
        props: Value,
        sockets: SocketRules,
        exports: Value,
    ) -> None:
        self._actor = actor
        self._calls = calls
        self._props = props
        self._exports = exports
        self._container = _Container() if container else None
        self._id: Value = None
        self.web_sockets = ObjectWebSockets(actor, sockets)
        self._sqlite = sqlite
        self._delete_alarm = delete_alarm
        self._storage: DurableObjectStorage | None = None

    @getter
    def id(self) -> Value:
        if self._id is None:
            id = self._actor.id
            self._id = id.hex if isinstance(id, GivenId) else DurableObjectId(id)
        return self._id

    @getter
    def storage(self) -> DurableObjectStorage:
        if self._storage is None:
            self._storage = DurableObjectStorage(
                self._actor, sqlite=self._sqlite, delete_alarm=self._delete_alarm
            )
        return self._storage

    @getter
    def props(self) -> Value:
        return self._props

    @getter
    def exports(self) -> Value:
        return self._exports

    @getter
    def container(self) -> Value:
        return self._container

    @getter
    def facets(self) -> Value:
        from flarelocal.bindings.durable_objects.facets import DurableObjectFacets

        return DurableObjectFacets(lambda: self._actor.facets, self._calls)

    @method
    def wait_until(self, promise: Annotated[Value, "Promise"]) -> None:
        """Keep the object in memory until the promise is settled.

        As in the runtime, a bare coroutine never runs: pass a task, or use `workers.wait_until`.
        """
        if isinstance(promise, Foreign) and inspect.iscoroutine(getattr(promise, "object", None)):
            return
        awaitable = awaitable_of(promise)
        if awaitable is not None:
            self._actor.tasks.wait_until(awaitable)

    @method(promise=True)
    def block_concurrency_while(self, callback: Callable[[], Value]) -> Awaitable[Value]:
        """Run a closure while every other event of the object waits.

        If it throws, or takes longer than 30 s, the object is destroyed.
        """
        return self._actor.block_concurrency_while(lambda: settled(callback))

    @method
    def abort(self, reason: Value = None, options: Options = NO_OPTIONS) -> None:
        """Destroy the object; what is not yet durable is undone, and no code goes on.

        Raises:
            CancelledError: always, unless this is called in no task.
        """
        retry = options.get("retryAlarm")
        self._actor.abort(
            None if reason is None else to_string(reason),
            retry_alarm=retry is None or to_boolean(retry),
        )
        if asyncio.current_task() is not None:
            raise asyncio.CancelledError

    @method
    def accept_web_socket(self, socket: WebSocket, tags: Value = None) -> None:
        """Receive from a socket by `webSocketMessage` and the like, also after hibernation."""
        self.web_sockets.accept(socket, tags)

    @method
    def get_web_sockets(self, tag: str | None = None) -> list[WebSocket]:
        """The sockets that were accepted, the newest one first; with a tag, the oldest one."""
        return self.web_sockets.all(tag)

    @method
    def get_tags(self, socket: WebSocket) -> list[Value]:
        return self.web_sockets.tags(socket)

    @method
    def set_web_socket_auto_response(
        self, pair: WebSocketRequestResponsePair | None = None
    ) -> None:
        """Answer one text with another from now on, without waking the object up."""
        self.web_sockets.answer(pair)

    @method
    def get_web_socket_auto_response(self) -> Value:
        return self.web_sockets.auto_response

    @method
    def get_web_socket_auto_response_timestamp(self, socket: WebSocket) -> Value:
        when_ms = self.web_sockets.answered_ms(socket)
        return null if when_ms is None else Date(when_ms)

    @method
    def set_hibernatable_web_socket_event_timeout(self, timeout_ms: Value = None) -> None:
        self.web_sockets.limit_events(None if timeout_ms is None else to_uint32(timeout_ms))

    @method
    def get_hibernatable_web_socket_event_timeout(self) -> Value:
        timeout_ms = self.web_sockets.event_timeout_ms
        return null if timeout_ms is None else timeout_ms


class _Container(HostObject, js_name="Container"):
    """Stands for a container."""

    __slots__ = ()

    def dynamic_property(self, name: str) -> Value:
        """What any property gives.

        Raises:
            JsError: always.
        """
        raise error(
            "flarelocal runs no containers: use ctx.container only when deployed, "
            "or replace it in tests"
        )
