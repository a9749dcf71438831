"""Values of KV: between JavaScript values and stored bytes."""

from __future__ import annotations

from flarelocal.javascript import json
from flarelocal.javascript.binary import ArrayBuffer, is_buffer_source
from flarelocal.javascript.errors import type_error
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Symbol, Value, null
from flarelocal.javascript.web.readable import ReadableStream
from flarelocal.javascript.web.source import as_bytes
from flarelocal.storage.kv_limits import MAX_VALUE_BYTES, check_value_length

__all__ = ["collect", "decode", "encode"]


def encode(value: Value) -> bytes | ReadableStream:
    """The bytes of a value, or the stream that has them.

    Raises:
        JsError: TypeError for an object of another kind.
    """
    if isinstance(value, str | bool | int | float | Symbol) or value is None or value is null:
        return to_string(value).encode("utf-8", "surrogatepass")
    if isinstance(value, ReadableStream):
        data = value.take_bytes() if value.holder is None else None
        return value if data is None else data
    if is_buffer_source(value):
        return as_bytes(value)
    raise type_error(
        "KV put() accepts only strings, ArrayBuffers, ArrayBufferViews, and ReadableStreams as"
        " values."
    )


async def collect(stream: ReadableStream) -> bytes:
    """All bytes of a stream; of one that is too long no more is kept than the limit.

    Raises:
        KvError: the stream is too long.
        Exception: the stream failed.
    """
    data = bytearray()
    length = 0
    async for chunk in stream.byte_chunks(leaving=True):
        length += len(chunk)
        if length <= MAX_VALUE_BYTES:
            data += chunk
    check_value_length(length)
    return bytes(data)


def decode(data: bytes, kind: str) -> Value:
    """A stored value as a program asked for it.

    Raises:
        JsError: TypeError for an unknown kind, SyntaxError for what is no JSON.
    """
    if kind == "text":
        return data.decode("utf-8", "replace")
    if kind == "json":
        return json.parse(data.decode("utf-8", "replace"))
    if kind == "arrayBuffer":
        return ArrayBuffer.of(data)
    if kind == "stream":
        return ReadableStream.of_bytes(data)
    raise type_error(
        'Unknown response type. Possible types are "text", "arrayBuffer", "json", and "stream".'
    )
