"""Stubs: the way to one object."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Protocol

from flarelocal.bindings.durable_objects.errors import js_error
from flarelocal.bindings.durable_objects.identity import DurableObjectId
from flarelocal.bindings.fetcher import Fetcher
from flarelocal.bindings.rpc import PropertyPath, passed, remote_error
from flarelocal.durable_objects.channel import Channel
from flarelocal.durable_objects.errors import DurableObjectError
from flarelocal.javascript.host import getter
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.request import Request
from flarelocal.javascript.web.response import Response

__all__ = ["ObjectCalls", "ObjectStub"]


class ObjectCalls(Protocol):
    """How the methods of an object of one class are called."""

    def fetch(self, channel: Channel, request: Request) -> Awaitable[Response]:
        """Have the object answer a request."""

    def call(
        self, channel: Channel, path: PropertyPath, arguments: Sequence[Value] | None
    ) -> asyncio.Future[Value]:
        """Call what a path leads to, or read it (None)."""


class ObjectStub(Fetcher, js_name="DurableObject"):
    """The way to one object; calls begin in the order in which they are made."""

    __slots__ = ("_id",)

    def __init__(self, id: DurableObjectId, channel: Channel, calls: ObjectCalls) -> None:
        async def fetch(request: Request) -> Response:
            response = await calls.fetch(channel, request)
            channel.require_alive()
            return response

        super().__init__(fetch, _Object(channel, calls, id.identity.hex))
        self._id = id

    @getter(own=True)
    def id(self) -> DurableObjectId:
        return self._id

    @getter(own=True)
    def name(self) -> str | None:
        return self._id.identity.name

    def _failure(self, raised: Exception) -> BaseException:
        return js_error(raised) if isinstance(raised, DurableObjectError) else remote_error(raised)


class _Object:
    """An object as the receiver of calls."""

    __slots__ = ("_calls", "_channel", "_hex")

    def __init__(self, channel: Channel, calls: ObjectCalls, hex: str) -> None:
        self._channel = channel
        self._calls = calls
        self._hex = hex

    def start(self, path: PropertyPath, arguments: Sequence[Value] | None) -> asyncio.Future[Value]:
        return self._calls.call(self._channel, path, arguments)

    def result(self, value: Value) -> Value:
        self._channel.require_alive()
        return passed(value, self._hex)

    def error(self, error: BaseException, *, called: bool) -> BaseException:
        if isinstance(error, DurableObjectError):
            return js_error(error)
        return remote_error(error, self._hex if called else None)
