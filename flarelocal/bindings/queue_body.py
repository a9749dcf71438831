"""Bodies of queue messages: between JavaScript values and stored bytes."""

from __future__ import annotations

from flarelocal.javascript import json
from flarelocal.javascript.binary import BufferView, Uint8Array, bytes_of
from flarelocal.javascript.clone import deserialize, serialize
from flarelocal.javascript.errors import error, type_error
from flarelocal.javascript.text import to_string, typeof
from flarelocal.javascript.values import Value
from flarelocal.queues import ContentType

__all__ = ["content_type", "decode", "encode"]


def content_type(name: Value, default: ContentType) -> ContentType:
    """The content type that a program asked for (workerd, api/queue.c++).

    Raises:
        JsError: TypeError for one that does not exist.
    """
    if name is None:
        return default
    text = to_string(name)
    try:
        return ContentType(text.lower())
    except ValueError:
        raise type_error(f"Unsupported queue message content type: {text}") from None


def encode(body: Value, kind: ContentType) -> bytes:
    """The bytes of a body.

    Raises:
        JsError: the body does not fit the content type.
    """
    if kind is ContentType.JSON:
        text = json.stringify(body)
        if text is None:
            raise error(f"A value of type {typeof(body)} has no JSON: send something else.")
        return text.encode("utf-8", "surrogatepass")
    if kind is ContentType.TEXT:
        if not isinstance(body, str):
            raise _refusal("text", "string", body)
        return body.encode("utf-8", "surrogatepass")
    if kind is ContentType.BYTES:
        if not isinstance(body, BufferView):
            raise _refusal("bytes", "ArrayBufferView", body)
        return bytes_of(body)
    return serialize(body)


def decode(data: bytes, kind: ContentType) -> Value:
    """The body that a consumer sees."""
    if kind is ContentType.JSON:
        return json.parse(data.decode("utf-8", "surrogatepass"))
    if kind is ContentType.TEXT:
        return data.decode("utf-8", "replace")
    if kind is ContentType.BYTES:
        return Uint8Array.of_bytes(bytearray(data))
    return deserialize(data)


def _refusal(kind: str, wanted: str, body: Value) -> Exception:
    return type_error(
        f'Content Type "{kind}" requires a value of type {wanted}, but received: {typeof(body)}'
    )
