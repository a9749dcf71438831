"""An R2 bucket (workerd, api/r2-bucket.c++; Cloudflare docs, "Workers API reference" of R2)."""

from __future__ import annotations

from typing import Annotated

from flarelocal.bindings.r2.content import begin, fill
from flarelocal.bindings.r2.objects import HeadResult, found, headed
from flarelocal.bindings.r2.options import (
    condition_of,
    digest_of,
    int_of,
    listed_with,
    metadata_of,
    range_of,
    ssec_key_md5_of,
    text_of,
)
from flarelocal.bindings.r2.results import refusals, then
from flarelocal.bindings.r2.upload import R2MultipartUpload
from flarelocal.javascript.host import HostObject, method
from flarelocal.javascript.promise import run, settle
from flarelocal.javascript.signature import NO_OPTIONS, Options, usv_string
from flarelocal.javascript.values import Value
from flarelocal.storage.r2 import Condition, Draft, Listing, R2Metadata
from flarelocal.storage.r2 import R2Bucket as Bucket
from flarelocal.storage.r2.limits import MAX_KEYS, check_key

__all__ = ["R2Bucket"]

_MOST_WITH_METADATA = 100


class R2Bucket(HostObject, io=True):
    """A bucket; a promise resolves when what was written is on disk."""

    __slots__ = ("_bucket",)

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    def clone_refusal(self) -> str:
        return "An R2 bucket binding cannot be serialized."

    @method(promise=True)
    def head(self, key: Annotated[Value, "string"]) -> Value:
        """An object without its body; null if there is none."""
        with refusals("head"):
            return then("head", self._bucket.head(usv_string(key)), headed)

    @method(promise=True)
    def get(
        self,
        key: Annotated[Value, "string"],
        options: Annotated[Options, "GetOptions"] = NO_OPTIONS,
    ) -> Value:
        """An object with its body, or part of it; without where `onlyIf` does not hold."""
        condition, part = condition_of(options, "GetOptions"), range_of(options)
        ssec_key_md5_of(options)
        with refusals("get"):
            return then("get", self._bucket.get(usv_string(key), part, condition), found)

    @method(promise=True)
    def put(
        self,
        key: Annotated[Value, "string"],
        value: Annotated[
            Value, "JsReadableStream or ArrayBuffer or ArrayBufferView or string or Blob"
        ],
        options: Annotated[Options, "PutOptions"] = NO_OPTIONS,
    ) -> Value:
        """Store an object; null where `onlyIf` does not hold of the one that is there."""
        name = usv_string(key)
        condition = condition_of(options, "PutOptions")
        digest = digest_of(options)
        algorithm = digest[0] if digest else None
        with refusals("put"):
            check_key(name)
            metadata = metadata_of(options, "PutOptions")
            content = begin("R2Bucket", "put", value)
            draft = self._bucket.draft(algorithm)
            if isinstance(content, bytes):
                draft.write(content)
                return self._store(name, draft, metadata, condition, digest)

            async def store() -> Value:
                with refusals("put"):
                    await fill(draft, content)
                    return await settle(self._store(name, draft, metadata, condition, digest))

            return run(store())

    def _store(
        self,
        key: str,
        draft: Draft,
        metadata: R2Metadata,
        condition: Condition | None,
        digest: tuple[str, str] | None,
    ) -> Value:
        try:
            return then("put", self._bucket.put(key, draft, metadata, condition, digest), headed)
        except BaseException:
            draft.discard()
            raise

    @method(promise=True)
    def delete(self, keys: Annotated[Value, "string or Array"]) -> Value:
        """Remove one object, or several."""
        names = keys if isinstance(keys, list) else [keys]
        with refusals("delete"):
            return self._bucket.delete(*map(usv_string, names))

    @method(promise=True)
    def list(self, options: Annotated[Options, "ListOptions"] = NO_OPTIONS) -> Value:
        """Some of the objects, in the order of the bytes of their keys."""
        limit = int_of(options, "limit")
        include = listed_with(options)
        with refusals("list"):
            if limit is None:
                limit = MAX_KEYS
            if include and limit <= MAX_KEYS:
                limit = min(limit, _MOST_WITH_METADATA)
            page = self._bucket.list(
                prefix=text_of(options, "prefix", "ListOptions") or "",
                delimiter=text_of(options, "delimiter", "ListOptions") or "",
                start_after=text_of(options, "startAfter", "ListOptions"),
                cursor=text_of(options, "cursor", "ListOptions"),
                limit=limit,
            )
        return then("list", page, lambda listing: _listing(listing, include))

    @method(promise=True)
    def create_multipart_upload(
        self,
        key: Annotated[Value, "string"],
        options: Annotated[Options, "MultipartOptions"] = NO_OPTIONS,
    ) -> Value:
        """Begin an upload in parts."""
        name = usv_string(key)
        with refusals("createMultipartUpload"):
            metadata = metadata_of(options, "MultipartOptions")
            begun = self._bucket.begin_upload(name, metadata)
        return then(
            "createMultipartUpload", begun, lambda id: R2MultipartUpload(self._bucket, name, id)
        )

    @method
    def resume_multipart_upload(
        self, key: Annotated[Value, "string"], upload_id: Annotated[Value, "string"]
    ) -> R2MultipartUpload:
        """Go on with an upload; whether there is one turns out when it is used."""
        return R2MultipartUpload(self._bucket, usv_string(key), usv_string(upload_id))


def _listing(listing: Listing, include: frozenset[str]) -> Value:
    objects: list[Value] = [HeadResult(each, include=include) for each in listing.objects]
    return {
        "objects": objects,
        "truncated": listing.cursor is not None,
        "cursor": listing.cursor,
        "delimitedPrefixes": list(listing.prefixes),
    }
