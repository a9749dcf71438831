"""Objects of a bucket: content, digests, ranges, conditions."""

import hashlib
from pathlib import Path

import pytest

from flarelocal.clock import VirtualClock
from flarelocal.storage.r2 import Condition, Etag, R2Bucket, R2Error, R2Metadata, R2Storage, Range
from tests.storage.r2.using import LARGE, get, put


@pytest.mark.parametrize("data", [b"", b"small", LARGE], ids=["empty", "small", "large"])
async def test_content_is_read_as_it_was_stored(bucket: R2Bucket, data: bytes) -> None:
    made = await put(bucket, "key", data)
    assert made is not None
    assert (made.size, made.etag) == (len(data), hashlib.md5(data).hexdigest())
    assert await get(bucket, "key") == data
    assert await bucket.head("key") == made
    assert await bucket.get("other") is None


async def test_buckets_do_not_see_each_other(storage: R2Storage, bucket: R2Bucket) -> None:
    await put(storage.bucket("others"), "key", b"theirs")
    assert await get(bucket, "key") is None
    assert await storage.names() == ["others"]


@pytest.mark.parametrize("data", [b"0123456789", LARGE], ids=["small", "large"])
@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        (Range(offset=2), slice(2, None)),
        (Range(offset=2, length=3), slice(2, 5)),
        (Range(offset=8, length=10**9), slice(8, None)),
        (Range(suffix=3), slice(-3, None)),
        (Range(suffix=10**9), slice(None)),
        (Range(header="bytes=2-4"), slice(2, 5)),
        (Range(header=" Bytes = 7 - "), slice(7, None)),
        (Range(header="bytes=-2"), slice(-2, None)),
        (Range(header="bytes=0-1,3-4"), slice(None)),
        (Range(header="bytes=999999999-"), slice(None)),
    ],
)
async def test_a_range_gives_part_of_the_content(
    bucket: R2Bucket, data: bytes, wanted: Range, part: slice
) -> None:
    await put(bucket, "key", data)
    assert await get(bucket, "key", wanted) == data[part]


@pytest.mark.parametrize("wanted", [Range(offset=10), Range(length=0), Range(suffix=0)])
async def test_a_range_without_a_byte_is_refused(bucket: R2Bucket, wanted: Range) -> None:
    await put(bucket, "key", b"0123456789")
    with pytest.raises(R2Error, match="not satisfiable"):
        await bucket.get("key", wanted)


async def test_a_condition_about_time_counts_only_where_there_is_none_about_the_etag(
    bucket: R2Bucket, clock: VirtualClock
) -> None:
    made = await put(bucket, "key", b"x")
    assert made is not None
    strong, weak = (Etag(made.etag),), (Etag(made.etag, weak=True),)
    late = clock.now() + 1
    for condition, holds in [
        (Condition(etag_matches=strong), True),
        (Condition(etag_matches=weak), False),
        (Condition(etag_does_not_match=weak), False),
        (Condition(etag_matches=(Etag(None),)), True),
        (Condition(uploaded_after_ms=late), False),
        (Condition(uploaded_after_ms=late, etag_does_not_match=(Etag("other"),)), True),
        (Condition(uploaded_before_ms=0), False),
        (Condition(uploaded_before_ms=0, etag_matches=strong), True),
        (Condition(uploaded_before_ms=late), True),
        (Condition(uploaded_before_ms=late, seconds=True), False),
    ]:
        found = await bucket.get("key", condition=condition)
        assert found is not None
        assert (found.content is not None) == holds, condition


async def test_a_put_whose_condition_fails_changes_nothing(
    bucket: R2Bucket, tmp_path: Path
) -> None:
    await put(bucket, "key", b"old")
    absent = Condition(etag_does_not_match=(Etag(None),))
    assert await put(bucket, "key", LARGE, absent) is None
    assert await get(bucket, "key") == b"old"
    assert await put(bucket, "new", LARGE, absent) is not None


async def test_a_digest_that_does_not_fit_is_refused(bucket: R2Bucket) -> None:
    draft = bucket.draft("sha256")
    draft.write(b"value")
    with pytest.raises(R2Error, match="SHA-256 checksum you specified did not match") as refused:
        bucket.put("key", draft, R2Metadata(), digest=("sha256", "00" * 32))
    assert refused.value.code == 10037
    assert await bucket.head("key") is None


async def test_keys_are_listed_in_the_order_of_their_bytes(bucket: R2Bucket) -> None:
    for key in ("b", "a/1", "é", "a/2", "B", "😀", "a/b/c"):
        await put(bucket, key, b"")
    first = await bucket.list(delimiter="/", limit=3)
    assert ([each.key for each in first.objects], first.prefixes) == (["B", "b"], ["a/"])
    rest = await bucket.list(delimiter="/", limit=3, cursor=first.cursor)
    assert ([each.key for each in rest.objects], rest.cursor) == (["é", "😀"], None)
    below = await bucket.list(prefix="a/", delimiter="/", start_after="a/1")
    assert ([each.key for each in below.objects], below.prefixes) == (["a/2"], ["a/b/"])
