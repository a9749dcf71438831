"""The options of R2 by their types, before anything is made of them (workerd, api/r2-bucket.h).

The fields of a struct are read one after the other; the first one of a wrong type is refused.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple, TypeAlias, TypeVar

from flarelocal.javascript.binary import is_buffer_source
from flarelocal.javascript.date import Date
from flarelocal.javascript.errors import JsError, type_error
from flarelocal.javascript.numbers import to_int32, to_number
from flarelocal.javascript.signature import Options, properties_of, to_boolean, usv_string
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.headers import Headers
from flarelocal.javascript.web.source import as_bytes
from flarelocal.storage.r2.content import ALGORITHMS

__all__ = [
    "HTTP_HEADERS",
    "ByteRange",
    "Conditional",
    "GetOptions",
    "HttpMetadata",
    "ListOptions",
    "MultipartOptions",
    "PutOptions",
    "SsecKey",
    "ssec_key",
]

T = TypeVar("T")
SsecKey: TypeAlias = bytes | str

HTTP_HEADERS = {
    "contentType": "content-type",
    "contentLanguage": "content-language",
    "contentDisposition": "content-disposition",
    "contentEncoding": "content-encoding",
    "cacheControl": "cache-control",
}
"""The headers that the texts of `HttpMetadata` stand for."""


class Conditional(NamedTuple):
    """Times are in ms since 1970."""

    etag_matches: str | None
    etag_does_not_match: str | None
    uploaded_before: float | None
    uploaded_after: float | None
    seconds_granularity: bool

    @classmethod
    def of(cls, given: Options) -> Conditional:
        struct = "Conditional"
        return cls(
            _text(given, "etagMatches", struct),
            _text(given, "etagDoesNotMatch", struct),
            _time(given, "uploadedBefore", struct),
            _time(given, "uploadedAfter", struct),
            to_boolean(given.get("secondsGranularity")),
        )


class ByteRange(NamedTuple):
    offset: float | None
    length: float | None
    suffix: float | None

    @classmethod
    def of(cls, given: Options) -> ByteRange:
        offset, length, suffix = (given.get(name) for name in ("offset", "length", "suffix"))
        return cls(_number(offset), _number(length), _number(suffix))


class HttpMetadata(NamedTuple):
    """`texts` by the names of the fields; the time is in ms since 1970."""

    texts: dict[str, str]
    cache_expiry: float | None

    @classmethod
    def of(cls, given: Options) -> HttpMetadata:
        texts = {
            name: usv_string(value)
            for name in HTTP_HEADERS
            if (value := given.get(name)) is not None
        }
        return cls(texts, _time(given, "cacheExpiry", "HttpMetadata"))


class GetOptions(NamedTuple):
    only_if: Headers | Conditional | None
    range: Headers | ByteRange | None
    ssec_key: SsecKey | None

    @classmethod
    def of(cls, given: Options) -> GetOptions:
        struct = "GetOptions"
        return cls(
            _headers_or(given, "onlyIf", struct, "Conditional", Conditional.of),
            _headers_or(given, "range", struct, "Range", ByteRange.of),
            ssec_key(given),
        )


class MultipartOptions(NamedTuple):
    http: Headers | HttpMetadata | None
    custom: dict[str, str] | None
    storage_class: str | None
    ssec_key: SsecKey | None

    @classmethod
    def of(cls, given: Options) -> MultipartOptions:
        struct = "MultipartOptions"
        return cls(
            _headers_or(given, "httpMetadata", struct, "HttpMetadata", HttpMetadata.of),
            _texts(given, "customMetadata", struct),
            _coerced(given, "storageClass"),
            ssec_key(given),
        )


class PutOptions(NamedTuple):
    """`digests` by algorithm, as they were given: bytes, or hex."""

    only_if: Headers | Conditional | None
    http: Headers | HttpMetadata | None
    custom: dict[str, str] | None
    digests: dict[str, bytes | str]
    storage_class: str | None
    ssec_key: SsecKey | None

    @classmethod
    def of(cls, given: Options) -> PutOptions:
        struct = "PutOptions"
        return cls(
            _headers_or(given, "onlyIf", struct, "Conditional", Conditional.of),
            _headers_or(given, "httpMetadata", struct, "HttpMetadata", HttpMetadata.of),
            _texts(given, "customMetadata", struct),
            {
                name: _digest(value, name, struct)
                for name in ALGORITHMS
                if (value := given.get(name)) is not None
            },
            _coerced(given, "storageClass"),
            ssec_key(given),
        )


class ListOptions(NamedTuple):
    limit: int | None
    prefix: str | None
    cursor: str | None
    delimiter: str | None
    start_after: str | None
    include: list[str] | None

    @classmethod
    def of(cls, given: Options) -> ListOptions:
        struct = "ListOptions"
        limit = given.get("limit")
        return cls(
            None if limit is None else to_int32(limit),
            _text(given, "prefix", struct),
            _text(given, "cursor", struct),
            _text(given, "delimiter", struct),
            _text(given, "startAfter", struct),
            _members(given, "include", struct),
        )


def ssec_key(given: Options) -> SsecKey | None:
    """`ssecKey`: bytes, or text."""
    value = given.get("ssecKey")
    if value is None:
        return None
    return as_bytes(value) if is_buffer_source(value) else usv_string(value)


def _wrong(field: str, struct: str, expected: str) -> JsError:
    return type_error(
        f"Incorrect type for the '{field}' field on '{struct}': the provided value is not of type "
        f"'{expected}'."
    )


def _text(given: Options, name: str, struct: str) -> str | None:
    """A text, which nothing else is turned into."""
    value = given.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise _wrong(name, struct, "string")
    return usv_string(value)


def _coerced(given: Options, name: str) -> str | None:
    value = given.get(name)
    return None if value is None else usv_string(value)


def _number(value: Value) -> float | None:
    return None if value is None else to_number(value)


def _time(given: Options, name: str, struct: str) -> float | None:
    value = given.get(name)
    if value is None:
        return None
    time = value.time_ms if isinstance(value, Date) else value
    if not isinstance(time, int | float) or isinstance(time, bool):
        raise _wrong(name, struct, "date")
    if math.isnan(time):
        raise type_error("The value cannot be converted because it is not a valid Date.")
    return time


def _headers_or(
    given: Options, name: str, struct: str, expected: str, read: Callable[[Options], T]
) -> Headers | T | None:
    value = given.get(name)
    if value is None or isinstance(value, Headers):
        return value
    fields = properties_of(value)
    if fields is None:
        raise _wrong(name, struct, f"{expected} or Headers")
    return read(fields)


def _texts(given: Options, name: str, struct: str) -> dict[str, str] | None:
    value = given.get(name)
    if value is None:
        return None
    fields = None if value is null else properties_of(value)
    if fields is None:
        raise _wrong(name, struct, "object")
    return {usv_string(key): usv_string(member) for key, member in fields.items()}


def _members(given: Options, name: str, struct: str) -> list[str] | None:
    value = given.get(name)
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(member, str) for member in value):
        raise _wrong(name, struct, "Array")
    return [usv_string(member) for member in value]


def _digest(value: Value, name: str, struct: str) -> bytes | str:
    if is_buffer_source(value):
        return as_bytes(value)
    if not isinstance(value, str):
        raise _wrong(name, struct, "BufferSource or string")
    return value
