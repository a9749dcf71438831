"""The objects of a bucket as programs see them."""

from __future__ import annotations

import json
from typing import Any

from flarelocal.bindings.r2.structs import HTTP_HEADERS
from flarelocal.javascript.binary import ArrayBuffer
from flarelocal.javascript.date import Date
from flarelocal.javascript.host import HostObject, getter, method
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.body import Body
from flarelocal.javascript.web.headers import Headers
from flarelocal.javascript.web.readable import ReadableStream
from flarelocal.javascript.web.source import ByteIteratorSource
from flarelocal.storage.r2 import R2Found, R2Object

__all__ = ["Checksums", "GetResult", "HeadResult", "found", "headed", "stored"]

_ALL = frozenset({"httpMetadata", "customMetadata"})


class Checksums(HostObject):
    """The digests of an object."""

    __slots__ = ("_digests",)

    def __init__(self, digests: dict[str, str]) -> None:
        self._digests = digests

    def _digest(self, algorithm: str) -> Value:
        digest = self._digests.get(algorithm)
        return None if digest is None else ArrayBuffer.of(bytes.fromhex(digest))

    @getter(own=True)
    def md5(self) -> Value:
        return self._digest("md5")

    @getter(own=True)
    def sha1(self) -> Value:
        return self._digest("sha1")

    @getter(own=True)
    def sha256(self) -> Value:
        return self._digest("sha256")

    @getter(own=True)
    def sha384(self) -> Value:
        return self._digest("sha384")

    @getter(own=True)
    def sha512(self) -> Value:
        return self._digest("sha512")

    @method(name="toJSON")
    def to_json(self) -> Value:
        return dict(self._digests)


class HeadResult(HostObject):
    """An object without a body.

    Args:
        span: offset and length of what was asked for.
        include: the metadata that is shown.
    """

    __slots__ = ("_include", "_object", "_span")

    def __init__(
        self,
        object: R2Object,
        span: tuple[int, int] | None = None,
        include: frozenset[str] = _ALL,
    ) -> None:
        self._object = object
        self._span = span
        self._include = include

    @getter(own=True)
    def key(self) -> str:
        return self._object.key

    @getter(own=True)
    def version(self) -> str:
        return self._object.version

    @getter(own=True)
    def size(self) -> int:
        return self._object.size

    @getter(own=True)
    def etag(self) -> str:
        return self._object.etag

    @getter(own=True)
    def http_etag(self) -> str:
        return f'"{self._object.etag}"'

    @getter(own=True)
    def checksums(self) -> Checksums:
        return Checksums(json.loads(self._object.checksums))

    @getter(own=True)
    def uploaded(self) -> Date:
        return Date(self._object.uploaded_ms)

    @getter(own=True)
    def http_metadata(self) -> Value:
        fields = self._http_fields()
        expiry = fields.get("cacheExpiry")
        shown = {name: fields.get(name) for name in HTTP_HEADERS}
        return {**shown, "cacheExpiry": None if expiry is None else Date(expiry)}

    @getter(own=True)
    def custom_metadata(self) -> Value:
        shown = "customMetadata" in self._include
        return json.loads(self._object.metadata.custom) if shown else {}

    @getter(own=True)
    def range(self) -> Value:
        if self._span is None:
            return None
        offset, length = self._span
        return {"offset": offset, "length": length, "suffix": None}

    @getter(own=True)
    def storage_class(self) -> str:
        return self._object.metadata.storage_class

    @getter(own=True)
    def ssec_key_md5(self) -> Value:
        return self._object.metadata.ssec_key_md5

    @method
    def write_http_metadata(self, headers: Headers) -> None:
        """Set the headers that the metadata stands for."""
        fields = self._http_fields()
        for name, header in HTTP_HEADERS.items():
            if name in fields:
                headers.set(header, fields[name])
        if "cacheExpiry" in fields:
            headers.set("expires", Date(fields["cacheExpiry"]).to_utc_string())

    def _http_fields(self) -> dict[str, Any]:
        shown = "httpMetadata" in self._include
        fields: dict[str, Any] = json.loads(self._object.metadata.http) if shown else {}
        return fields


class _Content(Body):
    __slots__ = ("_object",)

    def __init__(self, content: Value, object: GetResult) -> None:
        self._content = content
        self._used = False
        self._object = object

    @property
    def _media_type(self) -> str | None:
        return self._object.media_type


class GetResult(HeadResult):
    """An object with its body, which can be read once."""

    __slots__ = ("_content",)

    def __init__(self, object: R2Object, span: tuple[int, int], content: Value) -> None:
        super().__init__(object, span)
        self._content = _Content(content, self)

    @property
    def media_type(self) -> str | None:
        """The content type that was given with it."""
        return self._http_fields().get("contentType")

    @getter
    def body(self) -> Value:
        return self._content.body

    @getter
    def body_used(self) -> bool:
        used: bool = self._content.body_used
        return used

    @method(promise=True)
    def array_buffer(self) -> Value:
        return self._content.array_buffer()

    @method(promise=True)
    def bytes_(self) -> Value:
        return self._content.bytes_()

    @method(promise=True)
    def text(self) -> Value:
        return self._content.text()

    @method(promise=True)
    def json(self) -> Value:
        return self._content.json()

    @method(promise=True)
    def blob(self) -> Value:
        return self._content.blob()


def stored(object: R2Object | None) -> Value:
    """What `put` gives."""
    return null if object is None else HeadResult(object)


def headed(object: R2Object | None) -> Value:
    """What `head` gives, and `get` where a condition does not hold."""
    return null if object is None else HeadResult(object, (0, object.size))


def found(found: R2Found | None) -> Value:
    """What `get` gives."""
    if found is None or found.content is None:
        return headed(found and found.object)
    content: Value = found.content
    if not isinstance(found.content, bytes):
        content = ReadableStream.of(ByteIteratorSource(found.content.chunks(), found.length))
    return GetResult(found.object, (found.offset, found.length), content)
