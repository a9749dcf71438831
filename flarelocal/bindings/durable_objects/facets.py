"""`ctx.facets`: parts of an object with a class and a storage of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

from flarelocal.bindings.durable_objects.closure import settled
from flarelocal.bindings.durable_objects.errors import js_error, translating
from flarelocal.bindings.durable_objects.identity import DurableObjectId
from flarelocal.bindings.durable_objects.object_class import DurableObjectClass
from flarelocal.bindings.durable_objects.stub import ObjectCalls, ObjectReceiver
from flarelocal.bindings.fetcher import Fetcher
from flarelocal.bindings.loopback import LoopbackNamespace
from flarelocal.durable_objects.errors import DurableObjectError
from flarelocal.durable_objects.facets import Facet, Facets, FacetStart
from flarelocal.durable_objects.identity import GivenId
from flarelocal.javascript.errors import JsError, dom_exception, type_error
from flarelocal.javascript.host import HostObject, method
from flarelocal.javascript.signature import properties_of
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value
from flarelocal.prompt_future import PromptFuture

__all__ = ["DurableObjectFacets"]

T = TypeVar("T")

_CLASS = "DurableObjectClass or LoopbackDurableObjectNamespace or LoopbackColoLocalActorNamespace"


@translating
class DurableObjectFacets(HostObject):
    """The facets of an object, by name (Cloudflare docs, "Durable Object Facets").

    Args:
        facets: gives those of the object.
        calls: how methods of objects are called.
    """

    __slots__ = ("_calls", "_facets")

    def __init__(self, facets: Callable[[], Facets], calls: ObjectCalls) -> None:
        self._facets = facets
        self._calls = calls

    @method
    def get(self, name: str, get_startup_options: Callable[[], Value]) -> FacetStub:
        """The way to a facet; the function tells its class when it is first called."""
        facets = self._facets()
        facets.require_room(name)

        async def make() -> FacetStart:
            return _start(await settled(get_startup_options))

        way = _Way(lambda: facets.get(name, make))
        return FacetStub(ObjectReceiver(way, self._calls, facets.parent.id.hex))

    @method
    def abort(self, name: str, reason: Annotated[Value, "JsValue"]) -> None:
        """End a facet; its callers get the reason."""
        error = reason if isinstance(reason, BaseException) else JsError(to_string(reason))
        self._facets().abort(name, error)

    @method
    def delete(self, name: str) -> None:
        """End a facet, and delete what it has stored."""
        self._facets().delete(name)

    @method
    def clone(self, source: str, target: str) -> None:
        """Let one facet begin with what another one has stored."""
        self._facets().clone(source, target)


class FacetStub(Fetcher, js_name="Fetcher"):
    """The way to a facet, of which only its parent may make use."""

    __slots__ = ()

    def __init__(self, receiver: ObjectReceiver) -> None:
        super().__init__(receiver.fetch, receiver)

    def stub(self, object_id: str | None) -> HostObject:
        raise dom_exception(
            "Stubs pointing to Durable Object facets are not serializable.", "DataCloneError"
        )

    def _failure(self, raised: Exception) -> BaseException:
        if isinstance(raised, DurableObjectError):
            return js_error(raised)
        return super()._failure(raised)


class _Way:
    """Leads to a facet, which starts when it is first called."""

    def __init__(self, find: Callable[[], Facet]) -> None:
        self._find = find
        self._facet: Facet | None = None

    def start(
        self, event: Callable[[Any], Awaitable[T]], reply: PromptFuture[T] | None = None
    ) -> asyncio.Future[T]:
        if self._facet is None:
            self._facet = self._find()
        return self._facet.start(event, reply)

    def require_alive(self) -> None:
        if self._facet is not None:
            self._facet.require_alive()


def _start(options: Value) -> FacetStart:
    given = properties_of(options) or {}
    object_class = given.get("class")
    if not isinstance(object_class, DurableObjectClass | LoopbackNamespace):
        raise type_error(
            "Incorrect type for the 'class' field on 'StartupOptions': "
            f"the provided value is not of type '{_CLASS}'."
        )
    id = given.get("id")
    if id is None:
        return FacetStart(object_class.objects)
    known = id.identity if isinstance(id, DurableObjectId) else GivenId(to_string(id))
    return FacetStart(object_class.objects, known)
