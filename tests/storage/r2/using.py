"""Short ways to put and get."""

from __future__ import annotations

from pathlib import Path

from flarelocal.storage.r2 import Condition, R2Bucket, R2Found, R2Metadata, R2Object, Range

__all__ = ["LARGE", "blobs", "content", "get", "put"]

LARGE = bytes(range(256)) * 400
"""more than what the index keeps itself"""


async def put(
    bucket: R2Bucket, key: str, data: bytes, condition: Condition | None = None
) -> R2Object | None:
    draft = bucket.draft()
    draft.write(data)
    return await bucket.put(key, draft, R2Metadata(), condition)


async def content(found: R2Found) -> bytes:
    assert found.content is not None
    if isinstance(found.content, bytes):
        return found.content
    return b"".join([chunk async for chunk in found.content.chunks()])


async def get(bucket: R2Bucket, key: str, range: Range | None = None) -> bytes | None:
    found = await bucket.get(key, range)
    return None if found is None else await content(found)


def blobs(directory: Path) -> list[Path]:
    return list(directory.glob("blobs/*/*"))
