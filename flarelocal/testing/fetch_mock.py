"""`flare.fetch_mock`: what answers the requests that the Worker makes."""

from __future__ import annotations

import inspect
import json as json_module
import re
from collections.abc import Awaitable, Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from flarelocal.dataclass import dataclass
from flarelocal.javascript.errors import error
from flarelocal.javascript.web.request import Request
from flarelocal.javascript.web.response import Response

__all__ = ["FetchCall", "FetchMock", "Route"]

Url = str | re.Pattern[str]
Handler = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class FetchCall:
    """A request that the Worker made.

    Attributes:
        answered: by a route, or by the network if it was let through.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    answered: bool

    def json(self) -> Any:
        """The body as JSON."""
        return json_module.loads(self.body)


class Route:
    """A rule of a mock; it answers any number of times unless `times` says how often.

    Attributes:
        calls: the requests that it answered.
    """

    def __init__(self, method: str | None, url: Url, answer: Handler, times: int | None) -> None:
        self.calls: list[FetchCall] = []
        self._method = method
        self._url = url
        self._answer = answer
        self._left = times

    def takes(self, method: str, url: str) -> bool:
        """Whether it answers such a request."""
        if self._left == 0 or self._method not in (None, method):
            return False
        if isinstance(self._url, str):
            return fnmatchcase(url, self._url) or url.rstrip("/") == self._url.rstrip("/")
        return self._url.search(url) is not None

    async def answer(self, request: Request, call: FetchCall) -> Response:
        """Answer a request."""
        if self._left is not None:
            self._left -= 1
        self.calls.append(call)
        answer = self._answer(request)
        found: Response = await answer if inspect.isawaitable(answer) else answer
        return found


class FetchMock:
    """Outgoing requests: refused, unless a route answers them or they are let through.

    Of several routes that match, the one added last answers.

    Args:
        network: makes a request in earnest.

    Attributes:
        calls: all requests in their order, refused ones included.
    """

    def __init__(self, network: Callable[[Request], Awaitable[Response]]) -> None:
        self.calls: list[FetchCall] = []
        self._routes: list[Route] = []
        self._network = network

    def route(
        self,
        url: Url,
        handler: Handler | None = None,
        *,
        method: str | None = None,
        status: int = 200,
        json: Any = None,
        text: str | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        times: int | None = None,
        error: str | None = None,
    ) -> Route:
        """Answer requests.

        Args:
            url: with `*` for anything, or a compiled pattern to be found in it.
            handler: gets the SDK's Request and gives the SDK's Response; may be async.
            method: None: any.
            times: how often; None: always.
            error: the network fails, with this message.
        """
        if handler is not None:
            answer = _handled(handler)
        elif error is not None:
            answer = _failing(error)
        else:
            answer = _fixed(status, json, text, content, headers or {})
        return self._add(Route(method and method.upper(), url, answer, times))

    def get(self, url: Url, handler: Handler | None = None, **answer: Any) -> Route:
        """Answer GET requests; see `route`."""
        return self.route(url, handler, method="GET", **answer)

    def post(self, url: Url, handler: Handler | None = None, **answer: Any) -> Route:
        """Answer POST requests; see `route`."""
        return self.route(url, handler, method="POST", **answer)

    def put(self, url: Url, handler: Handler | None = None, **answer: Any) -> Route:
        """Answer PUT requests; see `route`."""
        return self.route(url, handler, method="PUT", **answer)

    def delete(self, url: Url, handler: Handler | None = None, **answer: Any) -> Route:
        """Answer DELETE requests; see `route`."""
        return self.route(url, handler, method="DELETE", **answer)

    def passthrough(self, url: Url = "*") -> Route:
        """Let requests through to the network."""
        return self._add(Route(None, url, self._network, None))

    def reset(self) -> None:
        """Forget all routes and requests."""
        self._routes.clear()
        self.calls.clear()

    async def __call__(self, request: Request) -> Response:
        method, url = request.method, request.url
        route = next((each for each in reversed(self._routes) if each.takes(method, url)), None)
        kept = request.clone()
        body = await kept.read()
        call = FetchCall(
            method, url, dict(request.headers.combined()), bytes(body), route is not None
        )
        self.calls.append(call)
        if route is None:
            raise error(
                f"{method} {url} is blocked: a test reaches no network. Answer it with "
                f'flare.fetch_mock.{_adder(method)}("{url}", json=...), '
                "or let it through with flare.fetch_mock.passthrough()."
            )
        return await route.answer(request, call)

    def _add(self, route: Route) -> Route:
        self._routes.append(route)
        return route


def _adder(method: str) -> str:
    return method.lower() if method in ("GET", "POST", "PUT", "DELETE") else "route"


def _handled(handler: Handler) -> Handler:
    async def answer(request: Request) -> Response:
        import workers

        from flarelocal.pyodide.boundary import to_python
        from flarelocal.pyodide.proxy import js_value

        given = handler(workers.Request(to_python(request)))
        given = await given if inspect.isawaitable(given) else given
        response = js_value(getattr(given, "js_object", given))
        if not isinstance(response, Response):
            raise TypeError(
                f"the handler of a route gave {type(given).__name__}: give a workers.Response"
            )
        return response

    return answer


def _failing(message: str) -> Handler:
    def answer(request: Request) -> Response:
        raise error(message)

    return answer


def _fixed(
    status: int, json: Any, text: str | None, content: bytes | None, headers: Mapping[str, str]
) -> Handler:
    given = [(name.lower(), value) for name, value in headers.items()]
    names = {name for name, _ in given}
    kind = None
    if json is not None:
        content, kind = json_module.dumps(json).encode(), "application/json"
    elif text is not None:
        content, kind = text.encode(), "text/plain;charset=UTF-8"
    if kind is not None and "content-type" not in names:
        given.append(("content-type", kind))

    def answer(request: Request) -> Response:
        return Response.received(status, given, content, urls=(request.url,))

    return answer
