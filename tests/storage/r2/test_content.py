"""Where content is: in the index, or in files that are there as long as something uses them."""

import hashlib
import random
from pathlib import Path

from flarelocal.clock import VirtualClock
from flarelocal.storage.r2 import R2Bucket, R2Storage
from tests.storage.r2.using import LARGE, blobs, content, get, put


async def test_the_same_content_is_kept_once(bucket: R2Bucket, tmp_path: Path) -> None:
    for key in ("../../a", "b"):
        await put(bucket, key, LARGE)
    [blob] = blobs(tmp_path)
    assert blob.name == hashlib.sha256(LARGE).hexdigest()
    await bucket.delete("../../a")
    assert await get(bucket, "b") == LARGE


async def test_content_that_nothing_uses_goes(bucket: R2Bucket, tmp_path: Path) -> None:
    await put(bucket, "a", LARGE)
    await put(bucket, "a", b"small")
    await bucket.head("a")
    assert blobs(tmp_path) == []


async def test_what_is_being_read_outlives_its_object(bucket: R2Bucket, tmp_path: Path) -> None:
    await put(bucket, "a", LARGE)
    found = await bucket.get("a")
    await bucket.delete("a")
    assert found is not None
    assert await content(found) == LARGE
    del found
    await bucket.delete("a")
    assert await bucket.head("a") is None
    assert blobs(tmp_path) == []


async def test_a_start_clears_away_what_a_killed_process_left(
    tmp_path: Path, clock: VirtualClock
) -> None:
    storage = await R2Storage.open(tmp_path, clock, random.Random(1))
    bucket = storage.bucket("files")
    await put(bucket, "a", LARGE)
    draft = bucket.draft()
    draft.write(LARGE)
    orphan = tmp_path / "blobs" / "00" / ("00" * 32)
    orphan.parent.mkdir(parents=True)
    orphan.write_bytes(b"of a transaction that never was")
    await storage.close()
    storage = await R2Storage.open(tmp_path, clock, random.Random(1))
    assert [path.name for path in blobs(tmp_path)] == [hashlib.sha256(LARGE).hexdigest()]
    assert not (tmp_path / "drafts").exists()
    assert await get(storage.bucket("files"), "a") == LARGE
    await storage.close()
    draft.discard()


async def test_without_a_directory_nothing_is_left(clock: VirtualClock) -> None:
    storage = await R2Storage.open(None, clock, random.Random(1))
    bucket = storage.bucket("files")
    await put(bucket, "a", LARGE)
    assert await get(bucket, "a") == LARGE
    await storage.close()
