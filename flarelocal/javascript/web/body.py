"""What Request and Response have in common: a body that can be read once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, TypeAlias, TypeGuard

from flarelocal.javascript import json
from flarelocal.javascript.binary import ArrayBuffer, Uint8Array, bytes_of, is_buffer_source
from flarelocal.javascript.errors import type_error
from flarelocal.javascript.host import HostObject, getter, method
from flarelocal.javascript.signature import usv_string
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.decoding import decode_utf8

if TYPE_CHECKING:
    from flarelocal.javascript.web.readable import ReadableStream

__all__ = ["TEXT", "USED", "Body", "Content", "byte_chunks", "extract", "is_stream"]

TEXT = "text/plain;charset=UTF-8"

USED = (
    "Body has already been used. It can only be used once. Use tee() first if you need to read it"
    " twice."
)

_LOCKED = "This ReadableStream is currently locked to a reader."
_TAKEN = "The ReadableStream has been locked to a reader."

Content: TypeAlias = Value
"""A body as it is kept: None, `bytes`, an `AsyncIterator[bytes]` or a ReadableStream."""


def extract(value: Value, text_type: str = TEXT) -> tuple[Content, str | None]:
    """The content of a body and its media type.

    Args:
        text_type: the media type of a text.

    Raises:
        JsError: TypeError for a stream that something was read from.
    """
    if type(value) is str:
        try:
            return value.encode(), text_type
        except UnicodeEncodeError:
            return usv_string(value).encode(), text_type
    if value is None or value is null:
        return None, None
    if isinstance(value, HostObject | list | AsyncIterator):
        return _extract_object(value)
    return usv_string(value).encode(), TEXT


def _extract_object(value: Value) -> tuple[Content, str | None]:
    if is_buffer_source(value):
        return bytes_of(value), None
    from flarelocal.javascript.web.blob import Blob
    from flarelocal.javascript.web.readable import ReadableStream
    from flarelocal.javascript.web.url_search_params import URLSearchParams

    if isinstance(value, ReadableStream):
        if value.disturbed:
            raise type_error(
                "This ReadableStream is disturbed (has already been read from), and cannot be used"
                " as a body."
            )
        return value, None
    if isinstance(value, Blob):
        return value.data, value.type or None
    if isinstance(value, URLSearchParams):
        return value.to_js_string().encode(), "application/x-www-form-urlencoded;charset=UTF-8"
    from flarelocal.javascript.web.form_data import FormData

    if isinstance(value, FormData):
        from flarelocal.javascript.web.multipart import encode, new_boundary

        boundary = new_boundary()
        return encode(value, boundary), f"multipart/form-data; boundary={boundary}"
    if isinstance(value, HostObject) and not _iterable(value):
        return usv_string(value).encode(), TEXT
    return ReadableStream.from_(value), None


def _iterable(value: HostObject) -> bool:
    kind = type(value)
    return (
        kind.iterate is not HostObject.iterate or kind.iterate_async is not HostObject.iterate_async
    )


def is_stream(content: Content) -> TypeGuard[ReadableStream]:
    """Whether somebody has asked for the stream of the content already."""
    return isinstance(content, HostObject)


class Body(HostObject):
    """Base of Request and Response.

    Bytes stay bytes until somebody asks for `body`, the stream.
    """

    __slots__ = ("_content", "_used")

    _content: Content
    _used: bool

    @property
    def _media_type(self) -> str | None:
        """The header Content-Type."""
        raise NotImplementedError

    # -- for Python code

    def _take(self, *, leaving: bool = False) -> Content:
        """Use the body up: bytes where they are there, else chunks; None for no body.

        Args:
            leaving: as of `ReadableStream.byte_chunks`.

        Raises:
            JsError: TypeError where the body was used, or the stream is locked.
        """
        content = self._content
        if content is None:
            return None
        if self.body_used:
            raise type_error(USED)
        if type(content) is bytes:
            self._used = True
            return content
        if not is_stream(content):
            self._used = True
            return content
        if content.holder is not None:
            raise type_error(_LOCKED)
        data = content.take_bytes()
        if data is not None:
            return data
        content.disturbed = True
        return content.byte_chunks(leaving=leaving)

    def body_bytes(self) -> bytes | None:
        """The whole body, used up, if its bytes are there already; else None.

        Raises:
            JsError: TypeError where the body was used.
        """
        if self._content is None:
            return b""
        if self.body_used:
            raise type_error(USED)
        if type(self._content) is bytes:
            self._used = True
            return self._content
        if not is_stream(self._content):
            return None
        if self._content.holder is not None:
            raise type_error(_TAKEN)
        return self._content.take_bytes()

    def body_chunks(self) -> AsyncIterator[bytes]:
        """The body piece by piece, on its way out of the program.

        Raises:
            JsError: TypeError where the body was used, or the stream is locked.
        """
        return byte_chunks(self._take(leaving=True))

    @property
    def known_body(self) -> bytes | None:
        """The body, if it can be sent again: b"" for no body, None for a stream."""
        content = self._content
        if is_stream(content):
            return content.known_bytes
        return content or b"" if content is None or type(content) is bytes else None

    @property
    def body_length(self) -> int | None:
        """The number of bytes of the body, where it is known; 0 for no body."""
        if self._content is None:
            return 0
        if type(self._content) is bytes:
            return len(self._content)
        return self._content.length if is_stream(self._content) else None

    @property
    def bodiless(self) -> bool:
        """Whether there is no body, not even an empty one."""
        return self._content is None

    @property
    def whole(self) -> bool:
        """Whether nothing of the body is still to come."""
        return self._content is None or type(self._content) is bytes

    async def read(self) -> bytes:
        """The whole body.

        Raises:
            JsError: TypeError where the body was used; whatever the stream fails with.
        """
        return await _joined(self._take())

    def _move(self) -> Content:
        """Content for what arrives of this object elsewhere; the body moves over.

        Raises:
            JsError: TypeError where the body was used or is being read.
        """
        content = self._content
        if is_stream(content):
            return content.moved()
        if content is not None:
            if self._used:
                raise type_error(_TAKEN)
            self._used = True
        return content

    def _share(self) -> Content:
        """Content for a clone of this object.

        Raises:
            JsError: TypeError where the body was used up or is being read.
        """
        if self._content is None:
            return None
        if type(self._content) is bytes:
            if self._used:
                raise type_error(_LOCKED)
            return self._content
        self._content, branch = self.body.tee()
        return branch

    # -- what JavaScript sees

    def clone_refusal(self) -> str:
        return "ReadableStream can only be serialized for RPC."

    @getter
    def body(self) -> Value:
        content = self._content
        if content is None:
            return null
        if is_stream(content):
            return content
        from flarelocal.javascript.web.readable import ReadableStream

        stream = ReadableStream.of_bytes(b"" if self._used else content)
        if self._used:
            stream.disturbed, stream.holder = True, self
        self._content = stream
        return stream

    @getter
    def body_used(self) -> bool:
        return self._content.disturbed if is_stream(self._content) else self._used

    @method(promise=True)
    def text(self) -> Value:
        content = self._take()
        if content is None:
            return ""
        return decode_utf8(content) if type(content) is bytes else _text(content)

    @method(promise=True)
    def json(self) -> Value:
        content = self._take()
        if content is None or type(content) is bytes:
            return json.parse(decode_utf8(content or b""))
        return _json(content)

    @method(promise=True)
    def array_buffer(self) -> Value:
        content = self._take()
        if content is None or type(content) is bytes:
            return ArrayBuffer.of(content or b"")
        return _array_buffer(content)

    @method(promise=True)
    def bytes_(self) -> Value:
        content = self._take()
        if content is None or type(content) is bytes:
            return Uint8Array.of_bytes(content or b"")
        return _bytes(content)

    @method(promise=True)
    async def blob(self) -> Value:
        from flarelocal.javascript.web.blob import Blob

        media_type = self._media_type or ""
        return Blob.of(await _joined(self._take()), media_type)

    @method(promise=True)
    async def form_data(self) -> Value:
        from flarelocal.javascript.web.multipart import decode

        if self.body_used:
            raise type_error(USED)
        media_type = self._media_type
        if media_type is None:
            raise type_error("Parsing a Body as FormData requires a Content-Type header.")
        return decode(await _joined(self._take()), media_type)


def byte_chunks(content: Content) -> AsyncIterator[bytes]:
    """The content of a body piece by piece."""
    if content is None or isinstance(content, bytes):
        return _single(content)
    return content.byte_chunks(leaving=True) if is_stream(content) else content


async def _single(content: bytes | None) -> AsyncIterator[bytes]:
    if content:
        yield content


async def _joined(content: Content) -> bytes:
    if content is None:
        return b""
    if isinstance(content, bytes):
        return content
    return b"".join([chunk async for chunk in content])


async def _text(chunks: AsyncIterator[bytes]) -> str:
    return decode_utf8(await _joined(chunks))


async def _json(chunks: AsyncIterator[bytes]) -> Value:
    return json.parse(decode_utf8(await _joined(chunks)))


async def _array_buffer(chunks: AsyncIterator[bytes]) -> ArrayBuffer:
    return ArrayBuffer.of(await _joined(chunks))


async def _bytes(chunks: AsyncIterator[bytes]) -> Value:
    return Uint8Array.of_bytes(await _joined(chunks))
