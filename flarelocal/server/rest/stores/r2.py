"""`…/r2/buckets`: objects over HTTP."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import AsyncIterator
from urllib.parse import parse_qs

from flarelocal.server.answer import Answer, Download
from flarelocal.server.rest.envelope import success
from flarelocal.server.rest.errors import RestError
from flarelocal.server.rest.stores.access import Access
from flarelocal.storage.r2 import R2Bucket, R2Error, R2Metadata, R2Object

__all__ = ["answer"]


class ObjectNotFoundError(RestError):
    """The bucket has no such object."""

    status = 404
    code = 10007


class RefusedError(RestError):
    """R2 refuses something."""


async def answer(
    access: Access, method: str, parts: list[str], query: str, body: AsyncIterator[bytes]
) -> object:
    """The result of a request, or a complete answer; None if there is no such path.

    Raises:
        RestError: it is refused.
    """
    if len(parts) < 2 or parts[1] != "objects":
        return None
    bucket = access.r2(parts[0])
    key = "/".join(parts[2:])
    options = {name: values[0] for name, values in parse_qs(query).items()}
    try:
        match method, bool(key):
            case "GET", False:
                return await _list(bucket, options)
            case "GET", True:
                return await _get(bucket, key)
            case "PUT", True:
                return await _put(bucket, key, body, options.get("http_metadata", "{}"))
            case "DELETE", True:
                await bucket.delete(key)
                return {"key": key}
            case _:
                return None
    except R2Error as refused:
        raise RefusedError(f"{refused} ({refused.code})") from None


async def _list(bucket: R2Bucket, options: dict[str, str]) -> Answer:
    page = await bucket.list(
        prefix=options.get("prefix", ""),
        delimiter=options.get("delimiter", ""),
        start_after=options.get("start_after"),
        cursor=options.get("cursor"),
        limit=int(options.get("per_page", "1000")),
    )
    whole = json.loads(success([_shown(each) for each in page.objects]).body)
    info = {
        "cursor": page.cursor or "",
        "is_truncated": page.cursor is not None,
        "delimited": page.prefixes,
        "per_page": int(options.get("per_page", "1000")),
    }
    return Answer.json(200, {**whole, "result_info": info})


async def _get(bucket: R2Bucket, key: str) -> Answer | Download:
    found = await bucket.get(key)
    if found is None or found.content is None:
        raise ObjectNotFoundError(f"There is no object {key!r}: see the list of objects.")
    content = found.content
    if isinstance(content, bytes):
        return Answer(200, "application/octet-stream", content)
    return Download(found.length, content.chunks())


async def _put(
    bucket: R2Bucket, key: str, body: AsyncIterator[bytes], http_metadata: str
) -> object:
    draft = bucket.draft()
    try:
        async for chunk in body:
            draft.write(chunk)
        made = await bucket.put(key, draft, R2Metadata(http=http_metadata))
    except BaseException:
        draft.discard()
        raise
    assert made is not None
    return _shown(made)


def _shown(object: R2Object) -> dict[str, object]:
    moment = dt.datetime.fromtimestamp(object.uploaded_ms / 1000, dt.UTC)
    return {
        "key": object.key,
        "size": object.size,
        "etag": object.etag,
        "version": object.version,
        "last_modified": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "http_metadata": json.loads(object.metadata.http),
        "custom_metadata": json.loads(object.metadata.custom),
        "storage_class": object.metadata.storage_class,
    }
