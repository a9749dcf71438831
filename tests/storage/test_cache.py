"""What caches keep, for how long, and what of it a request gets."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest

from flarelocal.clock import VirtualClock
from flarelocal.storage.cache import Answer, CacheStore, Part, Stored, answer
from flarelocal.storage.r2 import Reading

KEY = "https://example.com/"
NOW = "Thu, 01 Jan 2026 00:00:00 GMT"
EARLIER = "Wed, 31 Dec 2025 00:00:00 GMT"
LATER = "Thu, 01 Jan 2026 00:01:00 GMT"
LARGE = bytes(range(256)) * 1024


def lines(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


class Shelf:
    """Caches on a clock that begins in 2026."""

    def __init__(self, directory: Path | None = None) -> None:
        self.clock = VirtualClock(1_767_225_600_000)
        self.store = CacheStore(directory, self.clock, Random(1))
        self.cache = self.store.cache("worker", None)

    async def put(self, body: bytes = b"body", **headers: str) -> None:
        await self.cache.put(KEY, 200, lines(headers), {}, body)

    async def keeps(self, status: int, headers: dict[str, str]) -> bool:
        await self.cache.put(KEY, status, lines(headers), {}, b"body")
        return await self.cache.match(KEY) is not None


@pytest.fixture
async def shelf() -> AsyncIterator[Shelf]:
    shelf = Shelf()
    yield shelf
    await shelf.store.close()


async def whole(stored: Stored | None) -> bytes:
    assert stored is not None
    if isinstance(stored.content, bytes):
        return stored.content
    return b"".join([chunk async for chunk in stored.content.chunks()])


def files(directory: Path) -> list[Path]:
    return [path for path in directory.rglob("*") if path.is_file()]


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


# -- what is kept


@pytest.mark.parametrize(
    ("control", "kept"),
    [
        ("max-age=10", True),
        ('max-age="10"', True),
        ("public, max-age=60", True),
        ("max-age=0, s-maxage=5", True),
        ("max-age=10, s-maxage=0", False),
        ("max-age=0", False),
        ("max-age=-1", False),
        ("max-age=soon", False),
        ("Max-Age=10", False),
        ("public", False),
        ("no-store", False),
        ("max-age=10, must-understand, no-store", False),
        ("no-cache", False),
        ("private, max-age=9", False),
        ("immutable", True),
        ("proxy-revalidate, max-age=5", False),
        ("max-age=0, stale-while-revalidate=60", True),
    ],
)
async def test_cache_control_says_what_is_kept(shelf: Shelf, control: str, kept: bool) -> None:
    assert await shelf.keeps(200, {"cache-control": control}) is kept


@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        ({}, False),
        ({"etag": '"a"'}, False),
        ({"expires": LATER}, True),
        ({"expires": EARLIER}, False),
        ({"expires": "soon"}, False),
        ({"expires": LATER, "pragma": "no-cache"}, False),
        ({"last_modified": EARLIER}, True),
        ({"cache_control": "max-age=10", "set_cookie": "a=b"}, False),
        ({"cache_control": "max-age=10, no-cache=set-cookie", "set_cookie": "a=b"}, False),
        ({"cache_control": "max-age=10", "age": "4"}, True),
        ({"cache_control": "max-age=10", "age": "40"}, False),
    ],
)
async def test_other_headers_count_as_well(
    shelf: Shelf, headers: dict[str, str], kept: bool
) -> None:
    assert await shelf.keeps(200, headers) is kept


async def test_only_known_statuses_are_kept(shelf: Shelf) -> None:
    tried = [200, 201, 203, 301, 302, 307, 403, 404, 410, 418, 429, 500, 501, 503]
    kept = []
    for status in tried:
        await shelf.cache.delete(KEY)
        if await shelf.keeps(status, {"cache-control": "max-age=10"}):
            kept.append(status)
    assert kept == [200, 203, 301, 302, 307, 404, 410, 501]


async def test_a_request_with_credentials_is_kept_if_the_response_is_for_all(shelf: Shelf) -> None:
    secret = {"authorization": "x"}
    await shelf.cache.put(KEY, 200, {"cache-control": "max-age=10"}, secret, b"")
    assert await shelf.cache.match(KEY) is None
    await shelf.cache.put(KEY, 200, {"cache-control": "public, max-age=10"}, secret, b"")
    assert await shelf.cache.match(KEY) is not None


async def test_what_may_not_be_stored_leaves_what_is_there(shelf: Shelf) -> None:
    await shelf.put(b"1", cache_control="max-age=10")
    await shelf.put(b"2", cache_control="no-store")
    assert await whole(await shelf.cache.match(KEY)) == b"1"
    await shelf.put(b"3")
    assert await shelf.cache.match(KEY) is None


async def test_a_private_cookie_is_taken_away(shelf: Shelf) -> None:
    await shelf.put(cache_control="private=set-cookie; max-age=10", set_cookie="a=b")
    stored = await shelf.cache.match(KEY)
    assert stored is not None
    assert stored.headers == {"cache-control": "max-age=10", "age": "0", "date": NOW}


async def test_headers_of_one_connection_are_not_kept(shelf: Shelf) -> None:
    await shelf.put(
        cache_control="max-age=10", te="x", upgrade="h", warning='113 - "x", 214 - "y"', x_b="2"
    )
    stored = await shelf.cache.match(KEY)
    assert stored is not None
    assert set(stored.headers) == {"age", "cache-control", "date", "warning", "x-b"}
    assert stored.headers["warning"] == '214 - "y"'


# -- for how long


async def test_responses_expire_on_the_clock(shelf: Shelf) -> None:
    await shelf.put(cache_control="max-age=10", age="4")
    await shelf.clock.advance(5999)
    stored = await shelf.cache.match(KEY)
    assert stored is not None
    assert stored.headers["age"] == "9"
    await shelf.clock.advance(1)
    assert await shelf.cache.match(KEY) is None
    assert await shelf.cache.delete(KEY) is False


async def test_without_other_word_a_tenth_of_the_age_is_what_counts(shelf: Shelf) -> None:
    await shelf.put(last_modified=EARLIER)
    await shelf.clock.advance(8639_999)
    assert await shelf.cache.match(KEY) is not None
    await shelf.clock.advance(1)
    assert await shelf.cache.match(KEY) is None


async def test_delete_tells_whether_there_was_a_response(shelf: Shelf) -> None:
    await shelf.put(cache_control="max-age=10")
    assert [await shelf.cache.delete(KEY) for _ in range(2)] == [True, False]


# -- where it is kept


async def test_each_worker_and_each_name_has_a_cache_of_its_own(shelf: Shelf) -> None:
    caches = [shelf.store.cache(w, n) for w in ("a", "b") for n in (None, "", "default")]
    for index, cache in enumerate(caches):
        await cache.put(KEY, 200, {"cache-control": "max-age=10"}, {}, b"%d" % index)
    assert [await whole(await cache.match(KEY)) for cache in caches] == [
        b"%d" % n for n in range(6)
    ]


async def test_long_urls_and_long_bodies_are_kept(shelf: Shelf) -> None:
    url = KEY + "x" * 20_000
    long = {"cache-control": "max-age=10"}
    await shelf.cache.put(url, 200, long, {}, chunks(LARGE[:1000], LARGE[1000:]))
    stored = await shelf.cache.match(url)
    assert stored is not None
    assert isinstance(stored.content, Reading)
    assert b"".join([c async for c in stored.content.part(999, 1001).chunks()]) == LARGE[999:1001]
    assert await whole(stored) == LARGE


async def test_a_body_that_fails_leaves_what_was_stored(shelf: Shelf) -> None:
    async def failing() -> AsyncIterator[bytes]:
        yield LARGE
        raise ValueError("boom")

    await shelf.put(b"1", cache_control="max-age=10")
    with pytest.raises(ValueError, match="boom"):
        await shelf.cache.put(KEY, 200, {"cache-control": "max-age=10"}, {}, failing())
    assert await whole(await shelf.cache.match(KEY)) == b"1"


async def test_responses_outlive_the_process_until_they_expire(tmp_path: Path) -> None:
    async def later(ms: int) -> list[Stored | None]:
        shelf = Shelf(tmp_path)
        await shelf.clock.advance(ms)
        try:
            return [await shelf.cache.match(KEY)]
        finally:
            await shelf.store.close()

    first = Shelf(tmp_path)
    assert not files(tmp_path)
    await first.put(LARGE, cache_control="max-age=10")
    await first.store.close()
    assert await later(9999) != [None]
    assert await later(10_000) == [None]
    assert not [path for path in files(tmp_path) if path.parent.parent.name == "blobs"]


async def test_several_operations_open_the_cache_once(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    assert await asyncio.gather(*(shelf.cache.match(KEY) for _ in range(5))) == [None] * 5
    await shelf.store.close()


# -- what a request gets


STORED = Stored(200, {"etag": '"thing"', "last-modified": EARLIER}, 10, b"0123456789")


def asked(**request: str) -> Answer:
    return answer(lines(request), STORED)


@pytest.mark.parametrize("tags", ['"thing"', 'W/"thing"', "*", '"a", "thing"'])
def test_a_tag_that_matches_saves_the_body(tags: str) -> None:
    assert asked(if_none_match=tags).status == 304


@pytest.mark.parametrize(
    ("since", "status"), [(EARLIER, 304), (NOW, 304), ("2026-01-01", 200), ("x", 200)]
)
def test_what_was_not_modified_is_not_sent(since: str, status: int) -> None:
    assert asked(if_modified_since=since).status == status


def test_other_conditions_do_not_count() -> None:
    for request in ({"if_none_match": "thing"}, {"if_match": '"a"'}, {"if_none_match": '"a"'}):
        assert asked(**request).status == 200


@pytest.mark.parametrize(
    ("wanted", "start", "end"),
    [
        ("bytes=2-4", 2, 5),
        ("bytes=5-", 5, 10),
        ("bytes=-3", 7, 10),
        ("bytes=2-99", 2, 10),
        (" BYTES = 1 - 2 ", 1, 3),
    ],
)
def test_a_range_gives_part_of_the_body(wanted: str, start: int, end: int) -> None:
    given = asked(range=wanted)
    assert (given.status, given.parts) == (206, (Part(start, end),))
    assert given.headers["content-range"] == f"bytes {start}-{end - 1}/10"
    assert given.headers["content-length"] == str(end - start)


@pytest.mark.parametrize("wanted", ["bytes=10-", "bytes=4-2", "items=0-1", "bytes=a-b", "bytes=-"])
def test_a_range_of_nothing_is_refused(wanted: str) -> None:
    hit = {"cf-cache-status": "HIT", "content-range": "bytes */10"}
    assert asked(range=wanted) == Answer(416, hit)


@pytest.mark.parametrize("wanted", ["bytes=", "bytes=-0", "bytes=-10", "bytes=-30"])
def test_a_range_of_everything_is_none(wanted: str) -> None:
    assert (asked(range=wanted).status, asked(range=wanted).parts) == (200, (Part(0, 10),))


def test_several_ranges_are_several_parts() -> None:
    given = asked(range="bytes=0-1, -2")
    assert (given.status, given.parts) == (206, (Part(0, 2), Part(8, 10)))
