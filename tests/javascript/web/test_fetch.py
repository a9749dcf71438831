from __future__ import annotations

import asyncio

import pytest

from flarelocal.javascript.errors import JsError
from flarelocal.javascript.values import null
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


async def test_a_request_that_was_made_is_used_up() -> None:
    current_outbound.set(echo)
    request = Request("http://a", {"method": "POST", "body": "text"})
    await request.read()
    with pytest.raises(JsError, match="Cannot reconstruct a Request with a used body"):
        await fetch(request)


@pytest.mark.parametrize(
    ("url", "kind", "data"),
    [
        ("data:,a%20b#c", "text/plain;charset=US-ASCII", b"a b"),
        ("data:text/html,<b>", "text/html", b"<b>"),
        ("data:;charset=x;base64,aGk", "text/plain;charset=x", b"hi"),
        ("data:image/png; Base64 ,aGk=", "image/png", b"hi"),
        ("data:text/plain;base64,!", "text/plain", b""),
    ],
)
async def test_data_urls(url: str, kind: str, data: bytes) -> None:
    response = await fetch(url)
    assert response.headers.get("content-type") == kind
    assert response.url == ""
    assert await response.read() == data


async def test_only_get_gets_the_data() -> None:
    response = await fetch("data:,text", {"method": "POST", "body": "x"})
    assert response.body is null


@pytest.mark.parametrize("url", ["data:x", "ftp://a/", "blob:x"])
async def test_other_urls_cannot_be_loaded(url: str) -> None:
    with pytest.raises(JsError, match=f"Fetch API cannot load: {url}"):
        await fetch(url)
