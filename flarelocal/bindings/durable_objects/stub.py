"""Stubs: the way to one object."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import Protocol

from flarelocal.bindings.durable_objects.errors import js_error
from flarelocal.bindings.durable_objects.identity import DurableObjectId
from flarelocal.bindings.fetcher import Fetcher
from flarelocal.bindings.rpc import PropertyPath, passed, remote_error
from flarelocal.bindings.rpc.stub import RpcPromise
from flarelocal.durable_objects.channel import Way
from flarelocal.durable_objects.errors import DurableObjectError
from flarelocal.javascript.errors import error
from flarelocal.javascript.host import getter
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.request import Request
from flarelocal.javascript.web.response import Response
from flarelocal.prompt_future import PromptFuture
from flarelocal.worker.invocation import Invocation

__all__ = ["ObjectCalls", "ObjectReceiver", "ObjectStub", "present_event"]

_OTHER_EVENT = (
    "Cannot perform I/O on behalf of a different request. I/O objects (such as streams, "
    "request/response bodies, and others) created in the context of one request handler cannot be "
    "accessed from a different request's handler. This is a limitation of Cloudflare Workers which "
    "allows us to improve overall performance. (I/O type: OutgoingFactory)"
)


class ObjectCalls(Protocol):
    """How the methods of an object of one class are called."""

    def fetch(self, way: Way, request: Request) -> Awaitable[Response]:
        """Have the object answer a request."""

    def call(
        self,
        way: Way,
        path: PropertyPath,
        arguments: Sequence[Value] | None,
        reply: PromptFuture[Value],
    ) -> None:
        """Call what a path leads to, or read it (None).

        Args:
            reply: gets what it gives.
        """


def present_event() -> Value:
    """What stands for the present event: its context, which is one for all events of an object."""
    invocation = Invocation.current()
    return None if invocation is None else invocation.execution


class ObjectStub(Fetcher, js_name="DurableObject"):
    """The way to one object; calls begin in the order in which they are made.

    Args:
        event: the only one that may use the stub, as of `present_event`; None: any.
    """

    __slots__ = ("_id", "_object")

    def __init__(self, id: DurableObjectId, way: Way, calls: ObjectCalls, event: Value) -> None:
        self._id = id
        self._object = ObjectReceiver(way, calls, id.identity.hex, event)
        super().__init__(self._object.fetch, self._object)

    @getter(own=True)
    def id(self) -> DurableObjectId:
        return self._id

    @getter(own=True)
    def name(self) -> str | None:
        return self._id.identity.name

    def stub(self, object_id: str | None) -> Fetcher:
        """What arrives of it elsewhere: it leads to the object, and does not tell which one."""
        return _Sent(self._object.anywhere())

    def _admit(self) -> None:
        self._object.require_same_event()

    def _failure(self, raised: Exception) -> BaseException:
        return self._object.error(raised, called=False)


class _Sent(Fetcher, js_name="Fetcher"):
    """A stub that was sent."""

    __slots__ = ("_object",)

    def __init__(self, receiver: ObjectReceiver) -> None:
        self._object = receiver
        super().__init__(receiver.fetch, receiver)

    def _failure(self, raised: Exception) -> BaseException:
        return self._object.error(raised, called=False)


class ObjectReceiver:
    """An object as the receiver of calls.

    Args:
        hex: its id, which errors tell.
        event: the only one that may call it; None: any.
    """

    __slots__ = ("_event", "_hex", "calls", "way")

    def __init__(self, way: Way, calls: ObjectCalls, hex: str, event: Value = None) -> None:
        self.way = way
        self.calls = calls
        self._hex = hex
        self._event = event

    def anywhere(self) -> ObjectReceiver:
        """The same object, for any event."""
        return ObjectReceiver(self.way, self.calls, self._hex)

    def require_same_event(self) -> None:
        """Refuse a stub that was made in another event and kept.

        Raises:
            JsError: Error.
        """
        if self._event is not None and present_event() not in (None, self._event):
            raise error(_OTHER_EVENT)

    def start(
        self, path: PropertyPath, arguments: Sequence[Value] | None, reply: RpcPromise
    ) -> None:
        if self._event is not None:
            self.require_same_event()
        self.calls.call(self.way, path, arguments, reply)

    async def fetch(self, request: Request) -> Response:
        response = await self.calls.fetch(self.way, request)
        self.way.require_alive()
        return response

    def result(self, value: Value) -> Value:
        self.way.require_alive()
        return passed(value, self._hex)

    def error(self, error: BaseException, *, called: bool) -> BaseException:
        if isinstance(error, DurableObjectError):
            return js_error(error)
        return remote_error(error, self._hex if called else None)
