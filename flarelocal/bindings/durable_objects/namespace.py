"""`env.MY_OBJECTS`: the namespace of a class, and the stubs that it gives."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol, cast

from flarelocal.bindings.durable_objects.errors import js_error, translated
from flarelocal.bindings.durable_objects.identity import DurableObjectId
from flarelocal.bindings.fetcher import Fetcher
from flarelocal.durable_objects.channel import Channel
from flarelocal.durable_objects.errors import DurableObjectError
from flarelocal.durable_objects.namespace import Namespace
from flarelocal.javascript.errors import JsError, range_error, type_error
from flarelocal.javascript.host import HostObject, getter, method
from flarelocal.javascript.signature import properties_of
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.request import Request
from flarelocal.javascript.web.response import Response

__all__ = ["DurableObjectNamespace", "ObjectCalls", "ObjectStub"]


class ObjectCalls(Protocol):
    """How the methods of an object of one class are called."""

    def fetch(self, channel: Channel, request: Request) -> Awaitable[Response]: ...

    def call(self, channel: Channel, name: str, arguments: list[Value]) -> Awaitable[Value]: ...


class DurableObjectNamespace(HostObject):
    """The objects of one class (Cloudflare docs, "Durable Object Namespace")."""

    __slots__ = ("_calls", "_jurisdiction", "_namespace")

    def __init__(
        self, namespace: Namespace, calls: ObjectCalls, jurisdiction: str | None = None
    ) -> None:
        self._namespace = namespace
        self._calls = calls
        self._jurisdiction = jurisdiction

    @method
    @translated
    def id_from_name(self, name: Value) -> DurableObjectId:
        return DurableObjectId(self._namespace.ids.from_name(to_string(name), self._jurisdiction))

    @method
    @translated
    def id_from_string(self, text: Value) -> DurableObjectId:
        return DurableObjectId(self._namespace.ids.from_string(to_string(text)))

    @method
    @translated
    def new_unique_id(self, options: Value = None) -> DurableObjectId:
        asked = (properties_of(options) or {}).get("jurisdiction")
        wanted = self._jurisdiction if asked is None or asked is null else to_string(asked)
        return DurableObjectId(self._namespace.ids.unique(wanted))

    @method
    @translated
    def get(self, id: Value = None, options: Value = None) -> ObjectStub:
        if not isinstance(id, DurableObjectId):
            raise type_error(
                "Failed to execute 'get' on 'DurableObjectNamespace': "
                "parameter 1 is not of type 'DurableObjectId'."
            )
        if self._jurisdiction and id.identity.jurisdiction != self._jurisdiction:
            raise type_error(
                "get called on jurisdictional subnamespace with an ID from a different jurisdiction"
            )
        mode = (properties_of(options) or {}).get("routingMode")
        if mode is not None and mode != "primary-only":
            raise range_error(f"unknown routingMode: {to_string(mode)}")
        return ObjectStub(id, self._namespace.get(id.identity), self._calls)

    @method
    def get_by_name(self, name: Value, options: Value = None) -> ObjectStub:
        return self.get(self.id_from_name(name), options)

    @method
    @translated
    def jurisdiction(self, jurisdiction: Value = None) -> DurableObjectNamespace:
        if jurisdiction is None or jurisdiction is null:
            return DurableObjectNamespace(self._namespace, self._calls)
        wanted = to_string(jurisdiction)
        self._namespace.ids.unique(wanted)
        return DurableObjectNamespace(self._namespace, self._calls, wanted)


class ObjectStub(Fetcher, js_name="DurableObject"):
    """The way to one object; calls begin in the order in which they are made."""

    __slots__ = ("_id",)

    def __init__(self, id: DurableObjectId, channel: Channel, calls: ObjectCalls) -> None:
        async def fetch(request: Request) -> Response:
            return cast(
                "Response", await _reaching(id, lambda: calls.fetch(channel, request))
            )

        async def call(name: str, arguments: list[Value]) -> Value:
            return await _reaching(id, lambda: calls.call(channel, name, arguments))

        super().__init__(fetch, call)
        self._id = id

    @getter(own=True)
    def id(self) -> DurableObjectId:
        return self._id

    @getter(own=True)
    def name(self) -> str | None:
        return self._id.identity.name


async def _reaching(id: DurableObjectId, event: Callable[[], Awaitable[Value]]) -> Value:
    """Run an event of an object; its errors say which object they come from."""
    try:
        return await event()
    except DurableObjectError as error:
        raised = js_error(error)
        raised.properties |= {"remote": True, "durableObjectId": id.identity.hex}
        raise raised from error
    except JsError as error:
        error.properties.setdefault("durableObjectId", id.identity.hex)
        raise
