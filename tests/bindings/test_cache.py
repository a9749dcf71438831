"""`caches` as programs see it."""

from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest

from flarelocal.bindings.cache import Cache, CacheStorage
from flarelocal.clock import VirtualClock
from flarelocal.javascript.binary import Uint8Array
from flarelocal.javascript.errors import JsError
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.promise import settle
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.console import current_console
from flarelocal.javascript.web.readable import ReadableStream
from flarelocal.javascript.web.request import Request
from flarelocal.javascript.web.response import Response
from flarelocal.storage.cache import CacheStore
from tests.emulated import Emulated, write_project

URL = "http://a.test/"
FRESH = {"cache-control": "max-age=60"}
CONDITIONAL = FRESH | {"etag": '"thing"', "content-type": "text/plain"}


async def call(target: HostObject, name: str, *arguments: Value) -> Any:
    return await settle(target.members[name].function(target, *arguments))


async def refusal(target: HostObject, name: str, *arguments: Value) -> str:
    with pytest.raises(JsError) as caught:
        await call(target, name, *arguments)
    return str(caught.value)


@pytest.fixture
async def caches() -> AsyncIterator[CacheStorage]:
    store = CacheStore(None, VirtualClock(1_767_225_600_000), Random(1))
    yield CacheStorage(lambda: partial(store.cache, "worker"))
    await store.close()


@pytest.fixture
def cache(caches: CacheStorage) -> Cache:
    default: Cache = caches.default
    return default


@pytest.fixture
def warnings() -> Iterator[list[str]]:
    found: list[str] = []
    token = current_console.set(lambda level, text: found.append(f"{level}: {text}"))
    yield found
    current_console.reset(token)


async def text_of(response: Response) -> Any:
    return await settle(response.text())


def get(**headers: str) -> Request:
    return Request(URL, {"headers": {k.replace("_", "-"): v for k, v in headers.items()}})


async def test_a_hit_is_a_response_with_what_the_cache_adds(cache: Cache) -> None:
    assert await call(cache, "match", URL) is None
    assert await call(cache, "put", URL, Response("body", {"headers": FRESH})) is None
    found = await call(cache, "match", URL)
    assert (found.status, found.status_text, found.url, await text_of(found)) == (
        200,
        "OK",
        "",
        "body",
    )
    assert found.headers.combined() == [
        ("age", "0"),
        ("cache-control", "max-age=60"),
        ("cf-cache-status", "HIT"),
        ("content-length", "4"),
        ("content-type", "text/plain;charset=UTF-8"),
        ("date", "Thu, 01 Jan 2026 00:00:00 GMT"),
    ]
    with pytest.raises(JsError, match="Can't modify immutable headers"):
        found.headers.set("a", "b")


async def test_put_takes_the_body_at_once(cache: Cache) -> None:
    response = Response("x", {"headers": FRESH})
    pending = cache.put(URL, response)
    assert response.body_used
    await pending
    used = "TypeError: Body has already been used. It can only be used once."
    assert (await refusal(cache, "put", URL, response)).startswith(used)


async def test_a_stream_has_no_length(cache: Cache) -> None:
    async def chunks() -> AsyncIterator[Value]:
        yield Uint8Array.of_bytes(b"ab")
        yield Uint8Array.of_bytes(b"cd")

    response = Response(ReadableStream.from_(chunks()), {"headers": FRESH})
    await call(cache, "put", URL, response)
    found = await call(cache, "match", URL)
    assert not found.headers.has("content-length")
    assert await text_of(found) == "abcd"


async def test_large_bodies_are_streamed_from_the_disk(cache: Cache) -> None:
    body = "0123456789" * 20_000
    await call(cache, "put", URL, Response(body, {"headers": FRESH}))
    assert await text_of(await call(cache, "match", URL)) == body
    assert await text_of(await call(cache, "match", get(range="bytes=99999-100001"))) == "901"


async def test_conditions_and_ranges(cache: Cache) -> None:
    await call(cache, "put", URL, Response("0123456789", {"headers": CONDITIONAL}))
    unchanged = await call(cache, "match", get(if_none_match='"thing"'))
    assert (unchanged.status, unchanged.status_text, unchanged.body) == (304, "Not Modified", null)
    part = await call(cache, "match", get(range="bytes=2-4"))
    assert (part.status, await text_of(part)) == (206, "234")
    assert part.headers.first("content-range") == "bytes 2-4/10"
    none = await call(cache, "match", get(range="bytes=10-"))
    assert (none.status, none.status_text, await text_of(none)) == (
        416,
        "Range Not Satisfiable",
        "",
    )


async def test_several_ranges_come_as_multipart(cache: Cache) -> None:
    await call(cache, "put", URL, Response("0123456789", {"headers": CONDITIONAL}))
    found = await call(cache, "match", get(range="bytes=0-1,3-4"))
    kind, _, boundary = found.headers.first("content-type").partition("; boundary=")
    assert (found.status, kind) == (206, "multipart/byteranges")
    assert (await text_of(found)).split("\r\n") == [
        f"--{boundary}",
        "Content-Type: text/plain",
        "Content-Range: bytes 0-1/10",
        "",
        "01",
        f"--{boundary}",
        "Content-Type: text/plain",
        "Content-Range: bytes 3-4/10",
        "",
        "34",
        f"--{boundary}--",
    ]


async def test_only_get_finds_something_unless_the_method_is_ignored(cache: Cache) -> None:
    await call(cache, "put", URL, Response("x", {"headers": FRESH}))
    post = Request(URL, {"method": "POST", "body": "x"})
    assert await call(cache, "match", post) is None
    assert await text_of(await call(cache, "match", post, {"ignoreMethod": True})) == "x"
    assert await call(cache, "delete", post) is False
    assert await call(cache, "delete", post, {"ignoreMethod": True}) is True
    assert await call(cache, "delete", URL, null) is False


async def test_the_key_is_the_url_without_fragment_or_a_key_of_cf(cache: Cache) -> None:
    await call(cache, "put", "http://A.test:80/#a", Response("x", {"headers": FRESH}))
    assert await call(cache, "match", URL + "#b") is not None
    for other in (URL + "?q", "https://a.test/"):
        assert await call(cache, "match", other) is None
    named = Request(URL + "1", {"cf": {"cacheKey": "k"}})
    await call(cache, "put", named, Response("x", {"headers": FRESH}))
    assert await call(cache, "match", URL + "1") is None
    assert await call(cache, "match", Request(URL + "2", {"cf": {"cacheKey": "k"}})) is not None


async def test_named_caches_are_apart(caches: CacheStorage) -> None:
    one, same, other = [await call(caches, "open", name) for name in ("one", "one", "other")]
    await call(one, "put", URL, Response("x", {"headers": FRESH}))
    assert await call(same, "match", URL) is not None
    assert await call(other, "match", URL) is None
    assert await call(caches.default, "match", URL) is None
    assert await refusal(caches, "open", "x" * 1024) == "TypeError: Cache name is too long."


async def test_a_304_is_not_stored(cache: Cache, warnings: list[str]) -> None:
    assert await call(cache, "put", URL, Response(None, {"status": 304})) is None
    assert warnings[0].startswith("warn: Ignoring attempt to Cache.put() a 304 status response.")


@pytest.mark.parametrize(
    ("request_", "response", "message"),
    [
        (URL, Response.error(), "Cache is unable to store an error response"),
        (Request(URL, {"method": "HEAD"}), Response(), "Cannot cache response to non-GET request."),
        (
            URL,
            Response("x", {"status": 206}),
            "Cannot cache response to a range request (206 Partial Content).",
        ),
        (
            URL,
            Response("x", {"headers": {"vary": "accept, *"}}),
            "Cannot cache response with 'Vary: *' header.",
        ),
        ("nope", Response(), "Invalid URL: nope"),
        (
            "http://u:p@a.test/",
            Response(),
            "Invalid URL. Cache API keys must be fully-qualified, valid URLs.",
        ),
        (
            "data:x",
            Response(),
            "Invalid URL. Cache API keys must be fully-qualified, valid URLs.",
        ),
    ],
)
async def test_what_put_refuses(
    cache: Cache, request_: Value, response: Response, message: str
) -> None:
    assert await refusal(cache, "put", request_, response) == f"TypeError: {message}"


async def test_wrong_arguments(caches: CacheStorage) -> None:
    cache = caches.default
    wrong = "TypeError: Failed to execute '{}' on '{}': parameter {} is not of type '{}'."
    request = "Request or string"
    assert await refusal(cache, "match") == wrong.format("match", "Cache", 1, request)
    assert await refusal(cache, "put", URL) == wrong.format("put", "Cache", 2, "Response")
    assert await refusal(cache, "put", URL, "x") == wrong.format("put", "Cache", 2, "Response")
    assert await refusal(caches, "open") == wrong.format("open", "CacheStorage", 1, "string")
    options = wrong.format("match", "Cache", 2, "CacheQueryOptions")
    assert await refusal(cache, "match", URL, "x") == options


@pytest.mark.parametrize("name", ["ignoreSearch", "ignoreVary", "cacheName"])
async def test_options_that_there_are_not(cache: Cache, name: str) -> None:
    message = f"Error: The '{name}' field on 'CacheQueryOptions' is not implemented."
    assert await refusal(cache, "match", URL, {name: False}) == message
    assert await refusal(cache, "delete", URL, {name: True}) == message


async def test_methods_that_there_are_not(caches: CacheStorage) -> None:
    text = "Error: Failed to execute '{}' on '{}': the method is not implemented."
    for name in ("add", "addAll", "matchAll", "keys"):
        assert await refusal(caches.default, name) == text.format(name, "Cache")
    for name in ("match", "has", "delete", "keys"):
        assert await refusal(caches, name) == text.format(name, "CacheStorage")


async def test_a_worker_caches_what_it_answers(tmp_path: Path) -> None:
    source = """
    from js import caches

    answers = iter("123")


    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            found = await caches.default.match(request.js_object)
            if found is None:
                made = Response(next(answers), headers={"cache-control": "max-age=60"})
                await caches.default.put(request.js_object, made.js_object.clone())
                return made
            return found
    """
    worker = Emulated(write_project(tmp_path, source))
    async with worker.emulator:
        assert [await worker.get() for _ in range(2)] == ["1", "1"]
        await worker.clock.advance(60_000)
        assert await worker.get() == "2"
