"""`ctx` of a Durable Object."""

from __future__ import annotations

import inspect

from flarelocal.bindings.durable_objects.errors import js_error
from flarelocal.bindings.durable_objects.identity import DurableObjectId
from flarelocal.bindings.durable_objects.storage import DurableObjectStorage
from flarelocal.bindings.execution_context import awaitable_of
from flarelocal.durable_objects.actor import Actor
from flarelocal.durable_objects.errors import DurableObjectError
from flarelocal.javascript.errors import error
from flarelocal.javascript.foreign import Foreign
from flarelocal.javascript.host import HostObject, getter, method
from flarelocal.javascript.signature import properties_of
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value, null
from flarelocal.pyodide.suspension import Suspendable

__all__ = ["DurableObjectState"]


class DurableObjectState(HostObject):
    """What an object has besides its bindings (Cloudflare docs, "Durable Object State").

    Args:
        sqlite: whether the class is declared to use SQLite.
        delete_alarm: whether `storage.deleteAll` takes the alarm as well.
    """

    __slots__ = ("_actor", "_id", "_storage")

    def __init__(self, actor: Actor, *, sqlite: bool, delete_alarm: bool) -> None:
        self._actor = actor
        self._id = DurableObjectId(actor.id)
        self._storage = DurableObjectStorage(actor, sqlite=sqlite, delete_alarm=delete_alarm)

    @getter
    def id(self) -> DurableObjectId:
        return self._id

    @getter
    def storage(self) -> DurableObjectStorage:
        return self._storage

    @getter
    def props(self) -> Value:
        return {}

    @getter
    def exports(self) -> Value:
        return {}

    @getter
    def container(self) -> Value:
        return null

    @getter
    def facets(self) -> Value:
        raise error("flarelocal does not emulate ctx.facets: use an object of its own instead")

    @method
    def wait_until(self, promise: Value = None) -> None:
        """Keep the object in memory until the promise is settled.

        As in the runtime, a bare coroutine never runs: pass a task, or use `workers.wait_until`.
        """
        if isinstance(promise, Foreign) and inspect.iscoroutine(getattr(promise, "object", None)):
            return
        awaitable = awaitable_of(promise)
        if awaitable is not None:
            self._actor.wait_until(awaitable)

    @method
    async def block_concurrency_while(self, callback: Value = None) -> Value:
        """Run a closure while every other event of the object waits.

        If it throws, or takes longer than 30 s, the object is destroyed.
        """

        async def run() -> Value:
            result = callback()
            awaitable = awaitable_of(result)
            return await awaitable if awaitable is not None else result

        async def suspendable() -> Value:
            return await Suspendable(run())

        try:
            return await self._actor.block_concurrency_while(suspendable)
        except DurableObjectError as raised:
            raise js_error(raised) from None

    @method
    def abort(self, reason: Value = None, options: Value = None) -> None:
        """Destroy the object; what is not yet durable is undone."""
        given = properties_of(options) or {}
        retry = given.get("retryAlarm")
        self._actor.abort(
            None if reason is None else to_string(reason), retry_alarm=retry is None or bool(retry)
        )

    @method
    def accept_web_socket(self, socket: Value = None, tags: Value = None) -> None:
        raise error(
            "flarelocal does not emulate hibernating WebSockets yet: "
            "use accept() on the socket while you work locally"
        )

    @method
    def get_web_sockets(self, tag: Value = None) -> list[Value]:
        """The hibernating sockets: none, since none can be accepted."""
        return []
