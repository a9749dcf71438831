"""An R2 bucket (workerd, api/r2-bucket.c++; Cloudflare docs, "Workers API reference" of R2)."""

from __future__ import annotations

from typing import Annotated

from flarelocal.bindings.r2.content import begin, check_type, fill
from flarelocal.bindings.r2.objects import HeadResult, found, headed, stored
from flarelocal.bindings.r2.options import (
    condition_of,
    digest_of,
    included,
    key_md5_of,
    metadata_of,
    range_of,
)
from flarelocal.bindings.r2.results import refusals, then
from flarelocal.bindings.r2.structs import GetOptions, ListOptions, MultipartOptions, PutOptions
from flarelocal.bindings.r2.upload import R2MultipartUpload
from flarelocal.javascript.host import HostObject, method
from flarelocal.javascript.promise import run, settle
from flarelocal.javascript.signature import NO_OPTIONS, Options, usv_string
from flarelocal.javascript.values import Value
from flarelocal.storage.r2 import Condition, Draft, Listing, R2Metadata
from flarelocal.storage.r2 import R2Bucket as Bucket
from flarelocal.storage.r2.limits import MAX_KEYS, check_custom_metadata, check_key

__all__ = ["R2Bucket"]

_MOST_WITH_METADATA = 100
_GET = GetOptions.of(NO_OPTIONS)
_PUT = PutOptions.of(NO_OPTIONS)
_PLAIN = R2Metadata()


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
        name = usv_string(key)
        given = GetOptions.of(options) if options else _GET
        condition, part = condition_of(given.only_if), range_of(given.range)
        key_md5_of(given.ssec_key)
        with refusals("get"):
            return then("get", self._bucket.get(name, part, condition), found)

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
        check_type("R2Bucket", "put", value)
        given = PutOptions.of(options) if options else _PUT
        condition, digest = condition_of(given.only_if), digest_of(given.digests)
        metadata = metadata_of(given) if options else _PLAIN
        algorithm = digest[0] if digest else None
        with refusals("put"):
            content = begin(value)
            check_key(name)
            check_custom_metadata(given.custom or {})
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
            return then("put", self._bucket.put(key, draft, metadata, condition, digest), stored)
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
        given = ListOptions.of(options)
        include = included(given.include)
        # What crosses as an unsigned number has its default where that is the largest one.
        limit = MAX_KEYS if given.limit in (None, -1) else given.limit
        with refusals("list"):
            if include and limit <= MAX_KEYS:
                limit = min(limit, _MOST_WITH_METADATA)
            page = self._bucket.list(
                prefix=given.prefix or "",
                delimiter=given.delimiter or "",
                start_after=given.start_after,
                cursor=given.cursor,
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
        given = MultipartOptions.of(options)
        metadata = metadata_of(given)
        with refusals("createMultipartUpload"):
            check_custom_metadata(given.custom or {})
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
