"""Uploads in parts."""

import hashlib
from pathlib import Path

import pytest

from flarelocal.storage.r2 import R2Bucket, R2Error, R2Metadata, Range, UploadedPart
from flarelocal.storage.r2.limits import SMALLEST_PART_BYTES
from tests.storage.r2.using import blobs, get, put

FULL = b"A" * SMALLEST_PART_BYTES


async def upload(bucket: R2Bucket, id: str, number: int, data: bytes) -> UploadedPart:
    draft = bucket.part_draft()
    draft.write(data)
    return await bucket.upload_part("big", id, number, draft)


async def test_parts_become_one_object(bucket: R2Bucket, tmp_path: Path) -> None:
    id = await bucket.begin_upload("big", R2Metadata(custom='{"a": "b"}'))
    parts = [await upload(bucket, id, 2, b"tail"), await upload(bucket, id, 1, FULL)]
    await upload(bucket, id, 3, b"not chosen")
    made = await bucket.complete_upload("big", id, sorted(parts))
    digests = hashlib.md5(FULL).digest() + hashlib.md5(b"tail").digest()
    assert made.etag == f"{hashlib.md5(digests).hexdigest()}-2"
    assert (made.size, made.metadata.custom) == (len(FULL) + 4, '{"a": "b"}')
    assert await get(bucket, "big", Range(offset=len(FULL) - 2, length=5)) == b"AAtai"
    assert len(blobs(tmp_path)) == 2
    await put(bucket, "big", b"small")
    await bucket.delete("big")
    await bucket.head("big")
    assert blobs(tmp_path) == []


async def test_all_but_the_last_part_are_full_and_alike(bucket: R2Bucket) -> None:
    id = await bucket.begin_upload("big", R2Metadata())
    small = await upload(bucket, id, 1, b"small")
    full = await upload(bucket, id, 2, FULL)
    with pytest.raises(R2Error, match="smaller than the minimum"):
        await bucket.complete_upload("big", id, [small, full])
    with pytest.raises(R2Error, match="There was a problem"):
        await bucket.complete_upload("big", id, [full, small])


async def test_an_upload_that_is_over_takes_no_parts(bucket: R2Bucket, tmp_path: Path) -> None:
    id = await bucket.begin_upload("big", R2Metadata())
    part = await upload(bucket, id, 1, b"x")
    await bucket.abort_upload("big", id)
    await bucket.abort_upload("big", id)
    for refused in (upload(bucket, id, 2, b"y"), bucket.complete_upload("big", id, [part])):
        with pytest.raises(R2Error, match="does not exist"):
            await refused
    await bucket.head("big")
    assert blobs(tmp_path) == []


async def test_an_unknown_upload_is_an_internal_error(bucket: R2Bucket) -> None:
    with pytest.raises(R2Error, match="internal error"):
        await bucket.abort_upload("big", "unheard-of")
