"""`env.MY_OBJECTS`: the namespace of a class."""

from __future__ import annotations

from typing import Annotated, Protocol

from flarelocal.bindings.durable_objects.errors import translating
from flarelocal.bindings.durable_objects.identity import DurableObjectId
from flarelocal.bindings.durable_objects.stub import ObjectCalls, ObjectStub, present_event
from flarelocal.durable_objects.channel import Channel
from flarelocal.durable_objects.identity import IdentityFactory, ObjectId
from flarelocal.javascript.errors import range_error, type_error
from flarelocal.javascript.host import HostObject, method
from flarelocal.javascript.signature import NO_OPTIONS, Options
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value, null

__all__ = ["DurableObjectNamespace", "Objects"]


class Objects(Protocol):
    """The objects of a class, by their ids."""

    @property
    def ids(self) -> IdentityFactory:
        """Makes and checks their ids."""

    def get(self, id: ObjectId) -> Channel:
        """The way to an object.

        Raises:
            DurableObjectError: the id belongs to another class.
        """


@translating
class DurableObjectNamespace(HostObject):
    """The objects of one class (Cloudflare docs, "Durable Object Namespace")."""

    __slots__ = ("_calls", "_jurisdiction", "_objects")

    def __init__(
        self, objects: Objects, calls: ObjectCalls, jurisdiction: str | None = None
    ) -> None:
        self._objects = objects
        self._calls = calls
        self._jurisdiction = jurisdiction

    @method
    def id_from_name(self, name: str) -> DurableObjectId:
        return DurableObjectId(self._objects.ids.from_name(name, self._jurisdiction))

    @method
    def id_from_string(self, text: str) -> DurableObjectId:
        return DurableObjectId(self._objects.ids.from_string(text))

    @method
    def new_unique_id(
        self, options: Annotated[Options, "NewUniqueIdOptions"] = NO_OPTIONS
    ) -> DurableObjectId:
        asked = options.get("jurisdiction")
        wanted = self._jurisdiction if asked is None or asked is null else to_string(asked)
        return DurableObjectId(self._objects.ids.unique(wanted))

    @method
    def get(
        self,
        id: DurableObjectId,
        options: Annotated[Options, "GetDurableObjectOptions"] = NO_OPTIONS,
    ) -> ObjectStub:
        if self._jurisdiction and id.identity.jurisdiction != self._jurisdiction:
            raise type_error(
                "get called on jurisdictional subnamespace with an ID from a different jurisdiction"
            )
        mode = options.get("routingMode")
        if mode is not None and mode != "primary-only":
            raise range_error(f"unknown routingMode: {to_string(mode)}")
        return ObjectStub(id, self._objects.get(id.identity), self._calls, present_event())

    @method
    def get_by_name(
        self, name: str, options: Annotated[Options, "GetDurableObjectOptions"] = NO_OPTIONS
    ) -> ObjectStub:
        return self.get(self.id_from_name(name), options)

    @method
    def jurisdiction(self, jurisdiction: Value = None) -> DurableObjectNamespace:
        if jurisdiction is None or jurisdiction is null:
            return DurableObjectNamespace(self._objects, self._calls)
        wanted = to_string(jurisdiction)
        self._objects.ids.unique(wanted)
        return DurableObjectNamespace(self._objects, self._calls, wanted)
