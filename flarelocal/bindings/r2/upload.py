"""Uploads in parts (workerd, api/r2-multipart.c++)."""

from __future__ import annotations

from typing import Annotated

from flarelocal.bindings.r2.content import begin, check_type, fill
from flarelocal.bindings.r2.objects import stored
from flarelocal.bindings.r2.options import key_md5_of
from flarelocal.bindings.r2.results import refusals, then
from flarelocal.bindings.r2.structs import ssec_key
from flarelocal.javascript.errors import type_error
from flarelocal.javascript.host import HostObject, getter, method
from flarelocal.javascript.numbers import to_int32
from flarelocal.javascript.signature import (
    NO_OPTIONS,
    Options,
    properties_of,
    refused,
    usv_string,
)
from flarelocal.javascript.values import Value
from flarelocal.storage.r2 import R2Bucket, UploadedPart

__all__ = ["R2MultipartUpload"]

_MOST_PARTS = 10_000


class R2MultipartUpload(HostObject, io=True):
    """An upload whose parts become an object when it is completed."""

    __slots__ = ("_bucket", "_id", "_key")

    def __init__(self, bucket: R2Bucket, key: str, id: str) -> None:
        self._bucket = bucket
        self._key = key
        self._id = id

    @getter(own=True)
    def key(self) -> str:
        return self._key

    @getter(own=True)
    def upload_id(self) -> str:
        return self._id

    @method(promise=True)
    async def upload_part(
        self,
        part_number: Annotated[Value, "integer"],
        value: Annotated[
            Value, "JsReadableStream or ArrayBuffer or ArrayBufferView or string or Blob"
        ],
        options: Annotated[Options, "UploadPartOptions"] = NO_OPTIONS,
    ) -> Value:
        """Store a part, in the place of that with its number."""
        number = to_int32(part_number)
        check_type("R2MultipartUpload", "uploadPart", value)
        key = ssec_key(options)
        _check_number(number)
        key_md5_of(key)
        with refusals("uploadPart"):
            content = begin(value)
            draft = self._bucket.part_draft()
            if isinstance(content, bytes):
                draft.write(content)
            else:
                await fill(draft, content)
            part = await self._bucket.upload_part(self._key, self._id, number, draft)
        return {"partNumber": part.number, "etag": part.etag}

    @method(promise=True)
    def complete(self, uploaded_parts: Annotated[Value, "Array"]) -> Value:
        """Make the object of parts."""
        if not isinstance(uploaded_parts, list):
            raise refused("R2MultipartUpload", "complete", 0, "Array")
        parts = [_part(index, each) for index, each in enumerate(uploaded_parts)]
        operation = "completeMultipartUpload"
        with refusals(operation):
            completed = self._bucket.complete_upload(self._key, self._id, parts)
        return then(operation, completed, stored)

    @method(promise=True)
    def abort(self) -> Value:
        """Give the upload up."""
        operation = "abortMultipartUpload"
        with refusals(operation):
            aborted = self._bucket.abort_upload(self._key, self._id)
        return then(operation, aborted, lambda nothing: nothing)


def _part(index: int, value: Value) -> UploadedPart:
    given = properties_of(value)
    if given is None:
        raise type_error(
            f"Incorrect type for array element {index}: the provided value is not of type "
            "'UploadedPart'."
        )
    number = to_int32(given.get("partNumber"))
    _check_number(number)
    return UploadedPart(number, usv_string(given.get("etag")))


def _check_number(number: int) -> None:
    if not 1 <= number <= _MOST_PARTS:
        raise type_error(
            f"Part number must be between 1 and 10000 (inclusive). Actual value was: {number}"
        )
