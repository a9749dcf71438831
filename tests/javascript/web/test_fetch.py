from __future__ import annotations

import asyncio

import pytest

from flarelocal.javascript.errors import JsError
from flarelocal.javascript.web.abort import AbortController, AbortSignal
from flarelocal.javascript.web.fetch import current_outbound, fetch
from flarelocal.javascript.web.request import Request
from flarelocal.javascript.web.response import Response


async def echo(request: Request) -> Response:
    return Response(f"{request.method} {request.url}")


async def never(request: Request) -> Response:
    await asyncio.get_running_loop().create_future()
    raise AssertionError


async def test_requests_go_where_the_invocation_says() -> None:
    current_outbound.set(echo)
    response = await fetch("http://a", {"method": "POST"})
    assert await response.read() == b"POST http://a/"


async def test_what_makes_no_request_is_refused() -> None:
    with pytest.raises(JsError, match="Invalid URL: nope"):
        await fetch("nope")


async def test_a_signal_aborts() -> None:
    current_outbound.set(never)
    abort = AbortController()
    fetching = asyncio.ensure_future(fetch("http://a", {"signal": abort.signal}))
    await asyncio.sleep(0)
    abort.abort()
    with pytest.raises(JsError, match="The operation was aborted"):
        await fetching


async def test_an_aborted_signal_keeps_the_request_back() -> None:
    current_outbound.set(never)
    with pytest.raises(JsError, match="The operation was aborted"):
        await fetch("http://a", {"signal": AbortSignal.abort()})
