"""What can be fetched and called: another Worker, an entrypoint, a Durable Object."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, NoReturn, TypeAlias

from flarelocal.bindings.rpc.errors import remote_error
from flarelocal.bindings.rpc.message import ByReference
from flarelocal.bindings.rpc.stub import Receiver, RpcProperty
from flarelocal.javascript.departure import departure
from flarelocal.javascript.errors import error, type_error
from flarelocal.javascript.host import method
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.fetch import exchange, request_of
from flarelocal.javascript.web.redirect import follow
from flarelocal.javascript.web.request import Request
from flarelocal.javascript.web.response import Response
from flarelocal.javascript.web.sender import Sender

__all__ = ["Fetch", "Fetcher"]

Fetch: TypeAlias = Callable[[Request], Awaitable[Response]]

_NOT_PROPERTIES = frozenset({"constructor", "then"})


class Fetcher(ByReference, Sender):
    """A service binding: `fetch`, and every other name is a property of the entrypoint.

    Args:
        fetch: has the other side answer a request.
        receiver: where calls go to.
    """

    __slots__ = ("_fetch", "_receiver")

    def __init__(self, fetch: Fetch, receiver: Receiver) -> None:
        self._fetch = fetch
        self._receiver = receiver

    @method
    async def fetch(
        self, resource: Annotated[Value, "Request or string"], init: Value = None
    ) -> Response:
        """Send a request to the other side, whatever the host of its URL is; follow redirects."""
        self._admit()
        request = request_of(resource, init)
        await departure()
        return await exchange(request, self.send)

    async def send(self, request: Request) -> Response:
        return await follow(request, self._exchange)

    async def _exchange(self, request: Request) -> Response:
        request = request.delivered()
        try:
            response = await self._fetch(request)
            if not isinstance(response, Response):
                raise type_error("Fetch handler didn't return a Response object.")
        except Exception as raised:
            raise self._failure(raised) from raised
        return response.delivered(request, self._failure)

    @method
    def connect(self, address: Value = None, options: Value = None) -> NoReturn:
        """Refuse: sockets between Workers are not emulated."""
        raise error(
            "flarelocal does not emulate connect() of service bindings and Durable Objects: "
            "use fetch() with an Upgrade header for a WebSocket, or call a method"
        )

    @method(name="toString")
    def to_js_string(self) -> str:
        return super().to_js_string()

    def dynamic_property(self, name: str) -> Value:
        """The property of that name; whether it exists turns out when it is used."""
        return None if name in _NOT_PROPERTIES else RpcProperty(self._receiver, (name,))

    def _admit(self) -> None:
        """Raise if the present event must not use the binding."""

    def _failure(self, raised: Exception) -> BaseException:
        return remote_error(raised)
