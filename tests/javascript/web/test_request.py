from __future__ import annotations

from typing import Any

import pytest

from flarelocal.javascript.date import Date
from flarelocal.javascript.errors import JsError
from flarelocal.javascript.function import constructor_of_class
from flarelocal.javascript.promise import settle
from flarelocal.javascript.values import null
from flarelocal.javascript.web.abort import AbortController
from flarelocal.javascript.web.readable import ReadableStream
from flarelocal.javascript.web.request import Request


def test_defaults() -> None:
    request = Request("http://A/b?c#d")
    assert (request.method, request.url, request.redirect) == ("GET", "http://a/b?c#d", "follow")
    assert request.body is null
    assert request.cf is None
    assert request.cache is None
    assert (request.integrity, request.keepalive) == ("", False)
    assert not request.signal.aborted


def test_a_request_of_a_request_takes_its_body_away() -> None:
    first = Request("http://a/", {"method": "POST", "body": "x", "headers": {"a": "b"}})
    second = Request(first, {"method": "PUT"})
    assert (second.method, second.headers.get("a")) == ("PUT", "b")
    assert second.body_bytes() == b"x"
    assert first.body_used
    with pytest.raises(JsError, match="used body"):
        Request(first)


async def test_a_stream_is_taken_away_as_well() -> None:
    stream = ReadableStream.of_bytes(b"x")
    first = Request("http://a/", {"method": "POST", "body": stream})
    second = Request(first)
    assert first.body_used
    assert await settle(second.text()) == "x"


def test_a_new_body_leaves_the_old_one_alone() -> None:
    first = Request("http://a/", {"method": "POST", "body": "x"})
    assert Request(first, {"body": "y"}).body_bytes() == b"y"
    assert first.body_bytes() == b"x"


def test_a_request_can_be_the_init() -> None:
    init = Request("http://a/", {"method": "POST", "body": "x", "headers": {"a": "b"}})
    request = Request("http://b/", init)
    assert (request.url, request.method) == ("http://b/", "POST")
    assert request.body_bytes() == b"x"


def test_get_has_no_body() -> None:
    with pytest.raises(JsError, match="GET or HEAD method cannot have a body"):
        Request("http://a/", {"body": "x"})
    posted = Request("http://a/", {"method": "POST", "body": "x"})
    with pytest.raises(JsError, match="GET or HEAD method cannot have a body"):
        Request(posted, {"method": "GET"})


def test_methods_are_in_upper_case() -> None:
    assert Request("http://a/", {"method": "patch"}).method == "PATCH"
    with pytest.raises(JsError, match="Invalid HTTP method string: nope"):
        Request("http://a/", {"method": "nope"})


def test_cache_modes() -> None:
    assert Request("http://a/", {"cache": "no-store"}).cache == "no-store"
    with pytest.raises(JsError, match="Unsupported cache mode: default"):
        Request("http://a/", {"cache": "default"})


def test_the_signal_is_that_of_the_init() -> None:
    signal = AbortController().signal
    request = Request("http://a/", {"signal": signal})
    assert request.signal is signal
    assert Request(request, {"signal": null}).given_signal is None


def test_wrong_arguments() -> None:
    construct = constructor_of_class(Request).construct
    with pytest.raises(JsError, match="parameter 1 is not of type 'Request or string'"):
        construct()
    with pytest.raises(JsError, match="Invalid URL: undefined"):
        construct(None)


def test_incoming_requests_have_fixed_headers() -> None:
    request = Request.incoming("GET", "http://a/", [("a", "1")], None, cf={"colo": "X"})
    assert request.cf == {"colo": "X"}
    assert request.redirect == "manual"
    with pytest.raises(JsError, match="immutable"):
        request.headers.set("a", "2")
    Request(request).headers.set("a", "2")


@pytest.mark.parametrize(
    ("options", "refusal"),
    [
        ({"cf": 5}, "'cf' field on 'RequestInitializerDict'.* not of type 'Object'"),
        ({"signal": 5}, "'signal' field .* not of type 'AbortSignal'"),
        ({"fetcher": {}, "signal": 5}, "'fetcher' field .* not of type 'Fetcher'"),
        ({"cf": {"cacheControl": "x", "cacheTtl": 5}}, "are mutually exclusive"),
        ({"cf": {"cacheControl": "x"}, "cache": "no-store"}, "cannot be used together with"),
        ({"cache": "reload"}, "Unsupported cache mode: reload"),
    ],
)
def test_options_that_cannot_be_meant(options: dict[str, Any], refusal: str) -> None:
    with pytest.raises(JsError, match=refusal):
        Request("http://a", options)


def test_cf_is_kept_as_json() -> None:
    request = Request("http://a", {"cf": {"at": Date(0), "none": None}})
    assert request.cf == {"at": "1970-01-01T00:00:00.000Z"}
    assert request.clone().cf is not request.cf
