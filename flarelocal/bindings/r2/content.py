"""Values on their way into a bucket."""

from __future__ import annotations

from flarelocal.javascript.binary import is_buffer_source
from flarelocal.javascript.errors import type_error
from flarelocal.javascript.signature import refused, usv_string
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.blob import Blob
from flarelocal.javascript.web.readable import ReadableStream
from flarelocal.javascript.web.source import as_bytes
from flarelocal.storage.r2 import Draft
from flarelocal.storage.r2.limits import check_size

__all__ = ["VALUE_TYPES", "begin", "check_type", "fill"]

VALUE_TYPES = "JsReadableStream or ArrayBuffer or ArrayBufferView or string or Blob"


def check_type(owner: str, member: str, value: Value) -> None:
    """Refuse values that have no bytes.

    Raises:
        JsError: TypeError.
    """
    if isinstance(value, str | Blob | ReadableStream) or is_buffer_source(value):
        return
    if member == "put" and (value is None or value is null):
        return
    raise refused(owner, member, 1, VALUE_TYPES)


def begin(value: Value) -> bytes | ReadableStream:
    """The bytes of a value that was checked, or the stream that will give them.

    Raises:
        JsError: TypeError for a stream of unknown length.
        R2Error: a stream is too long.
    """
    if isinstance(value, str):
        return usv_string(value).encode()
    if isinstance(value, Blob):
        return value.data
    if isinstance(value, ReadableStream):
        if value.length is None:
            raise type_error(
                "Provided readable stream must have a known length (request/response body or "
                "readable half of FixedLengthStream)"
            )
        check_size(value.length)
        data = value.take_bytes() if value.holder is None else None
        return value if data is None else data
    return as_bytes(value) if is_buffer_source(value) else b""


async def fill(draft: Draft, stream: ReadableStream) -> None:
    """Write all of a stream.

    Raises:
        Exception: the stream failed; the draft is discarded then.
    """
    try:
        async for chunk in stream.byte_chunks(leaving=True):
            draft.write(chunk)
    except BaseException:
        draft.discard()
        raise
