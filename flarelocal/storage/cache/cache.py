"""One cache."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

from flarelocal.clock import Clock
from flarelocal.dataclass import dataclass
from flarelocal.storage.cache.policy import policy_of
from flarelocal.storage.r2 import Draft, R2Bucket, R2Metadata, R2Object
from flarelocal.storage.r2.content import Reading

__all__ = ["LARGEST_BYTES", "Cache", "Stored", "objects_of", "remove_expired"]

LARGEST_BYTES = 512 * 1024 * 1024
"""Longer bodies are not stored (Cloudflare docs, "Cache API limits")."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored response; its content can be read once.

    Attributes:
        headers: by name in lower case.
        size: of the body, in bytes.
    """

    status: int
    headers: Mapping[str, str]
    size: int
    content: bytes | Reading


class Cache:
    """Responses by key, in a bucket of its own.

    Args:
        bucket: opens it; called with each operation.
    """

    def __init__(self, bucket: Callable[[], Awaitable[R2Bucket]], clock: Clock) -> None:
        self._bucket = bucket
        self._clock = clock

    async def match(self, key: str) -> Stored | None:
        """The response of a key, if it may still be given."""
        bucket = await self._bucket()
        name = _name(key)
        found = await bucket.get(name)
        if found is None or found.content is None:
            return None
        known = json.loads(found.object.metadata.custom)
        now_ms = self._clock.now()
        if known["expires"] <= now_ms:
            await bucket.delete(name)
            return None
        age_s = known["age"] + (now_ms - found.object.uploaded_ms) // 1000
        headers = {**known["headers"], "age": str(age_s)}
        return Stored(known["status"], headers, found.object.size, found.content)

    async def put(
        self,
        key: str,
        status: int,
        headers: Mapping[str, str],
        request: Mapping[str, str],
        body: bytes | AsyncIterator[bytes],
    ) -> None:
        """Store a response, if it may be; done when it is on disk, and the body is read anyway.

        Args:
            headers: of the response, by name in lower case.
            request: the headers of the request.

        Raises:
            Exception: the body failed; what was stored stays.
        """
        policy = policy_of(request, status, headers, self._clock.now())
        bucket = await self._bucket()
        draft = bucket.draft()
        try:
            await _fill(draft, body)
        except BaseException:
            draft.discard()
            raise
        if policy is None or draft.size > LARGEST_BYTES:
            draft.discard()
        elif not policy.ttl_ms:
            draft.discard()
            await bucket.delete(_name(key))
        else:
            known = {
                "key": key,
                "status": status,
                "headers": policy.headers,
                "age": policy.age_s,
                "expires": self._clock.now() + policy.ttl_ms,
            }
            await bucket.put(_name(key), draft, R2Metadata(custom=json.dumps(known)))

    async def delete(self, key: str) -> bool:
        """Remove the response of a key; whether there was one that could still be given."""
        bucket = await self._bucket()
        name = _name(key)
        found = await bucket.head(name)
        if found is None:
            return False
        await bucket.delete(name)
        return bool(json.loads(found.metadata.custom)["expires"] > self._clock.now())


async def objects_of(bucket: R2Bucket) -> AsyncIterator[R2Object]:
    """What is in the bucket of a cache."""
    cursor: str | None = None
    while True:
        page = await bucket.list(cursor=cursor)
        for each in page.objects:
            yield each
        cursor = page.cursor
        if cursor is None:
            return


async def remove_expired(bucket: R2Bucket, now_ms: int) -> None:
    """Remove what a cache may not give any more."""
    async for each in objects_of(bucket):
        if json.loads(each.metadata.custom)["expires"] <= now_ms:
            await bucket.delete(each.key)


async def _fill(draft: Draft, body: bytes | AsyncIterator[bytes]) -> None:
    if isinstance(body, bytes):
        draft.write(body)
        return
    async for chunk in body:
        # All of the body is read, as whoever writes it waits for that.
        if draft.size <= LARGEST_BYTES:
            draft.write(chunk)


def _name(key: str) -> str:
    # URLs may be longer than what names an object.
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
