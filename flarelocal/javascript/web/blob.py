"""Blob and File."""

from __future__ import annotations

import math
import re
from typing import Annotated

from flarelocal.javascript.binary import (
    ArrayBuffer,
    TypedArray,
    Uint8Array,
    bytes_of,
    is_buffer_source,
)
from flarelocal.javascript.date import now_ms
from flarelocal.javascript.errors import error, type_error
from flarelocal.javascript.host import HostObject, getter, method
from flarelocal.javascript.numbers import number, to_int32, to_number
from flarelocal.javascript.signature import (
    NO_OPTIONS,
    Options,
    properties_of,
    refused,
    usv_string,
)
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.decoding import decode_utf8
from flarelocal.javascript.web.readable import ReadableStream

__all__ = ["Blob", "File"]

_UNPRINTABLE = re.compile("[^\x20-\x7f]")


def _media_type(value: Value) -> str:
    text = "" if value is None else to_string(value)
    return "" if _UNPRINTABLE.search(text) else text.lower()


def _type_of(options: Options) -> str:
    if options.get("endings") is not None:
        raise error("The 'endings' field on 'Options' is not implemented.")
    return _media_type(options.get("type"))


def _part(value: Value) -> bytes:
    if isinstance(value, Blob):
        return value.data
    return bytes_of(value) if is_buffer_source(value) else usv_string(value).encode()


def _joined(owner: str, parts: Value) -> bytes:
    if parts is None:
        return b""
    if not isinstance(parts, list):
        raise type_error(
            f"Failed to construct '{owner}': constructor parameter 1 is not of type 'Array'."
        )
    return b"".join(map(_part, parts))


class Blob(HostObject, constructible=True):
    """Bytes that do not change, with a media type (workerd, api/blob.c++).

    Attributes:
        data: the bytes.
    """

    __slots__ = ("_type", "data")

    def __init__(
        self, parts: Value = None, options: Annotated[Options, "Options"] = NO_OPTIONS
    ) -> None:
        self.data = _joined("Blob", parts)
        self._type = _type_of(options)

    @classmethod
    def of(cls, data: bytes, media_type: str = "") -> Blob:
        """A Blob of these bytes."""
        made = Blob.__new__(Blob)
        made.data = data
        made._type = media_type
        return made

    @getter
    def size(self) -> int:
        return len(self.data)

    @getter
    def type(self) -> str:
        return self._type

    @method
    def slice(self, start: Value = None, end: Value = None, media_type: Value = None) -> Blob:
        begin, stop = self._offset(start, 0), self._offset(end, len(self.data))
        return Blob.of(self.data[begin : max(begin, stop)], _media_type(media_type))

    def _offset(self, value: Value, default: int) -> int:
        if value is None:
            return default
        at, size = to_int32(value), len(self.data)
        return max(0, at + size) if at < 0 else min(at, size)

    @method(promise=True)
    def array_buffer(self) -> ArrayBuffer:
        return ArrayBuffer.of(self.data)

    @method(promise=True)
    def bytes_(self) -> TypedArray:
        return Uint8Array.of_bytes(self.data)

    @method(promise=True)
    def text(self) -> str:
        return decode_utf8(self.data)

    @method
    def stream(self) -> ReadableStream:
        return ReadableStream.of_bytes(self.data)


class File(Blob, constructible=True):
    """A Blob with a name."""

    __slots__ = ("_last_modified", "_name")

    def __init__(self, parts: Value = None, *rest: Value) -> None:
        self.data = _joined("File", parts)
        if not rest:
            raise refused("File", "", 1, "string")
        self._name = usv_string(rest[0])
        options = properties_of(rest[1]) if len(rest) > 1 else NO_OPTIONS
        if options is None:
            raise refused("File", "", 2, "Options")
        self._type = _type_of(options)
        modified = options.get("lastModified")
        at = now_ms() if modified is None else to_number(modified)
        self._last_modified = 0 if math.isnan(at) else at

    @classmethod
    def named(
        cls, data: bytes, name: str, media_type: str, last_modified: float | None = None
    ) -> File:
        """A File of these bytes; `last_modified` in ms since 1970, by default now."""
        made = cls.__new__(cls)
        made.data = data
        made._type = media_type
        made._name = name
        made._last_modified = now_ms() if last_modified is None else number(last_modified)
        return made

    @getter
    def name(self) -> str:
        return self._name

    @getter
    def last_modified(self) -> float:
        return self._last_modified
