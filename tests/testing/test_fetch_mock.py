"""`flare.fetch_mock`: a test reaches no network unless it wants to."""

from __future__ import annotations

import re
from typing import Any

import pytest

from flarelocal.javascript.web.request import Request
from flarelocal.javascript.web.response import Response
from flarelocal.testing.fetch_mock import FetchMock
from flarelocal.testing.flare import Flare

URL = "https://api.example.org/rates"


async def test_requests_are_blocked_with_a_hint(flare: Flare) -> None:
    with pytest.raises(OSError, match=re.escape(f'flare.fetch_mock.post("{URL}", json=...)')):
        await flare.fetch("/outside")
    assert [each.answered for each in flare.fetch_mock.calls] == [False]


@pytest.mark.parametrize("url", [URL, "https://api.example.org/*", re.compile("rates$")])
async def test_a_route_answers(flare: Flare, url: Any) -> None:
    route = flare.fetch_mock.post(url, text="1.1", status=201)
    response = await flare.fetch("/outside")
    assert (response.status, await response.text()) == (201, "1.1")
    assert [(each.method, each.url, each.body) for each in route.calls] == [("POST", URL, b"EUR")]


async def test_a_route_of_another_method_does_not(flare: Flare) -> None:
    flare.fetch_mock.get(URL, text="1.1")
    with pytest.raises(OSError, match="blocked"):
        await flare.fetch("/outside")


async def test_a_function_answers(flare: Flare) -> None:
    async def rates(request: Any) -> Any:
        import workers

        return workers.Response(await request.text() + "!")

    flare.fetch_mock.route(URL, rates)
    assert await (await flare.fetch("/outside")).text() == "EUR!"


async def test_the_last_route_answers_as_often_as_it_says(flare: Flare) -> None:
    flare.fetch_mock.route(URL, json={"a": 1})
    flare.fetch_mock.route(URL, text="once", times=1)
    texts = [await (await flare.fetch("/outside")).text() for _ in range(2)]
    assert texts == ["once", '{"a": 1}']


async def test_the_network_may_fail(flare: Flare) -> None:
    flare.fetch_mock.route(URL, error="Network connection lost.")
    with pytest.raises(OSError, match=re.escape("Network connection lost.")):
        await flare.fetch("/outside")


async def test_requests_are_let_through() -> None:
    async def network(request: Request) -> Response:
        return Response.received(200, [], f"the network got {request.url}".encode())

    mock = FetchMock(network)
    mock.passthrough("https://api.example.org/*")
    response = await mock(Request.incoming("GET", URL, [], None))
    assert bytes(await response.read()) == f"the network got {URL}".encode()
