"""What can be fetched and called: another Worker, an entrypoint, a Durable Object."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from flarelocal.bindings.rpc import Method, RpcStub, call
from flarelocal.javascript.errors import type_error
from flarelocal.javascript.host import HostObject, method
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.request import Request
from flarelocal.javascript.web.response import Response

__all__ = ["Fetch", "Fetcher"]

Fetch: TypeAlias = Callable[[Request], Awaitable[Response]]

_RESERVED = frozenset({"constructor", "dup", "connect", "then"})


class Fetcher(HostObject):
    """A service binding: `fetch`, and every other name is a method of the entrypoint.

    Args:
        fetch: has the other side answer a request.
        call: calls a method of the other side.
    """

    __slots__ = ("_call", "_fetch")

    def __init__(self, fetch: Fetch, call: Method) -> None:
        self._fetch = fetch
        self._call = call

    @method
    async def fetch(self, resource: Value = None, init: Value = None) -> Response:
        """Send a request to the other side, whatever the host of its URL is."""
        request = (
            resource if isinstance(resource, Request) and init is None else Request(resource, init)
        )
        response = await self._fetch(request)
        if not isinstance(response, Response):
            raise type_error("Fetch handler didn't return a Response object.")
        return response.delivered(request.url)

    def dynamic_property(self, name: str) -> Value:
        """The method of that name; whether it exists turns out when it is called."""
        if name in _RESERVED:
            return None

        async def remote(*arguments: Value) -> Value:
            return await call(self._call, name, arguments)

        return RpcStub(remote)
