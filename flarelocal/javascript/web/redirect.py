"""Following redirects."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from flarelocal.javascript.errors import type_error
from flarelocal.javascript.values import null
from flarelocal.javascript.web.headers import Headers
from flarelocal.javascript.web.request import Request
from flarelocal.javascript.web.response import Response
from flarelocal.javascript.web.url import URL

__all__ = ["follow"]

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 20
_ONE_TIME_BODY = (
    "A request with a one-time-use body (it was initialized from a stream, not a buffer)"
    " encountered a redirect requiring the body to be retransmitted. To avoid this error in the"
    " future, construct this request from a buffer-like body initializer."
)


async def follow(request: Request, send: Callable[[Request], Awaitable[Response]]) -> Response:
    """Make a request, and those that redirects lead to unless it says `manual`.

    Args:
        send: makes one request, and uses its body up.

    Returns:
        The last response; its `urls` tell where it came from.

    Raises:
        JsError: TypeError for too many redirects, and for a redirect that wants a body again which
            was a stream.
    """
    urls = [request.url]
    while True:
        bodiless, body = request.bodiless, request.known_body
        response = await send(request)
        target = response.headers.first("location")
        if not target or response.status not in _REDIRECTS or request.redirect == "manual":
            response.urls = tuple(urls)
            return response
        async for _ in response.body_chunks():
            pass
        followed = _followed(target, request.url)
        if len(urls) > _MOST_REDIRECTS:
            raise type_error(f"Too many redirects.{', '.join(urls)}")
        request = _next(request, body, response.status, followed, bodiless=bodiless)
        urls.append(request.url)


def _next(
    request: Request, body: bytes | None, status: int, url: str, *, bodiless: bool
) -> Request:
    headers, method = request.headers.raw(), request.method
    if status != 303 and body is None:
        raise type_error(_ONE_TIME_BODY)
    if (status == 303 and method != "HEAD") or (method == "POST" and status in (301, 302)):
        method, bodiless = "GET", True
    if URL(url).origin != URL(request.url).origin:
        headers = [pair for pair in headers if pair[0] != "authorization"]
    return request.redirected(url, method, Headers.of(headers), None if bodiless else body)


def _followed(target: str, base: str) -> str:
    followed = URL.parse(target, base)
    if followed is null or "://" not in followed.href:
        raise type_error("Invalid Location header; unable to follow redirect.")
    return str(followed.href)
