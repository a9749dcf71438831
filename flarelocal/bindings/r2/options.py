"""What programs ask of R2 besides keys and values."""

from __future__ import annotations

import hashlib
import json
import math
import re
from typing import Any

from flarelocal.bindings.r2.etags import etags_of, single_etag
from flarelocal.javascript.binary import is_buffer_source
from flarelocal.javascript.date import Date, parse_date
from flarelocal.javascript.errors import JsError, error, range_error, type_error
from flarelocal.javascript.numbers import number_to_string, to_int32, to_number
from flarelocal.javascript.signature import Options, properties_of, to_boolean, usv_string
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.headers import Headers
from flarelocal.javascript.web.source import as_bytes
from flarelocal.storage.r2 import Condition, R2Metadata, Range
from flarelocal.storage.r2.content import ALGORITHMS
from flarelocal.storage.r2.limits import check_custom_metadata

__all__ = [
    "condition_of",
    "digest_of",
    "int_of",
    "listed_with",
    "metadata_of",
    "range_of",
    "ssec_key_md5_of",
    "text_of",
]

_DIGEST_BYTES = {"md5": 16, "sha1": 20, "sha256": 32, "sha384": 48, "sha512": 64}
_HEX = re.compile("[0-9a-fA-F]*")
_KEY = re.compile("[0-9a-f]+")
_KEY_BYTES = 32
_HTTP_FIELDS = {
    "contentType": "content-type",
    "contentEncoding": "content-encoding",
    "contentDisposition": "content-disposition",
    "contentLanguage": "content-language",
    "cacheControl": "cache-control",
}
_INCLUDED = ("httpMetadata", "customMetadata")


def _wrong(field: str, struct: str, expected: str) -> JsError:
    return type_error(
        f"Incorrect type for the '{field}' field on '{struct}': the provided value is not of type "
        f"'{expected}'."
    )


def int_of(options: Options, name: str) -> int | None:
    """A whole number; None if it is undefined."""
    given = options.get(name)
    return None if given is None else to_int32(given)


def text_of(options: Options, name: str, struct: str) -> str | None:
    """A text, which nothing else is turned into; None if it is undefined.

    Raises:
        JsError: TypeError for a value of another type.
    """
    given = options.get(name)
    if given is None:
        return None
    if not isinstance(given, str):
        raise _wrong(name, struct, "string")
    return usv_string(given)


def listed_with(options: Options) -> frozenset[str]:
    """The metadata that a list shows.

    Raises:
        JsError: there is no such metadata.
    """
    given = options.get("include")
    if given is None:
        return frozenset()
    if not isinstance(given, list):
        raise _wrong("include", "ListOptions", "Array")
    for each in given:
        if not isinstance(each, str):
            raise _wrong("include", "ListOptions", "Array")
        if each not in _INCLUDED:
            raise range_error(f"Unsupported include value {each}")
    return frozenset(given)


def condition_of(options: Options, struct: str) -> Condition | None:
    """`onlyIf`: an object, or the headers of a request.

    Raises:
        JsError: it is not what it should be.
    """
    given = options.get("onlyIf")
    if given is None:
        return None
    if isinstance(given, Headers):
        return _condition_of_headers(given)
    fields = properties_of(given)
    if fields is None:
        raise _wrong("onlyIf", struct, "Conditional or Headers")
    matches = text_of(fields, "etagMatches", "Conditional")
    differs = text_of(fields, "etagDoesNotMatch", "Conditional")
    return Condition(
        None if matches is None else single_etag(matches),
        None if differs is None else single_etag(differs),
        _time_of(fields, "uploadedBefore", "Conditional"),
        _time_of(fields, "uploadedAfter", "Conditional"),
        to_boolean(fields.get("secondsGranularity")),
    )


def _condition_of_headers(headers: Headers) -> Condition:
    return Condition(
        etags_of(headers.first("if-match"), "if-match"),
        etags_of(headers.first("if-none-match"), "if-none-match"),
        _date_in(headers, "if-unmodified-since"),
        _date_in(headers, "if-modified-since"),
        seconds=True,
    )


def _date_in(headers: Headers, name: str) -> float | None:
    text = headers.first(name)
    return None if text is None else parse_date(text)


def _time_of(fields: Options, name: str, struct: str) -> float | None:
    """A Date, or a number of ms since 1970."""
    given = fields.get(name)
    if given is None:
        return None
    if isinstance(given, Date):
        return given.time_ms
    if isinstance(given, int | float) and not isinstance(given, bool):
        return given
    raise _wrong(name, struct, "date")


def range_of(options: Options) -> Range | None:
    """`range`: an object, or the headers of a request.

    Raises:
        JsError: it is not what it should be.
    """
    given = options.get("range")
    if given is None:
        return None
    if isinstance(given, Headers):
        header = given.first("range")
        return None if header is None else Range(header=header)
    fields = properties_of(given)
    if fields is None:
        raise _wrong("range", "GetOptions", "Range or Headers")
    offset = _whole(fields, "offset", "range. Starting offset", "range. Starting offset")
    length = _whole(fields, "length", "range. Length", "range. Length")
    if fields.get("suffix") is not None:
        for name, other in (("offset", offset), ("length", length)):
            if other is not None:
                raise type_error(f"Suffix is incompatible with {name}.")
    suffix = _whole(fields, "suffix", "suffix. Suffix", "range. Suffix")
    return Range(offset, length, suffix)


def _whole(fields: Options, name: str, if_negative: str, if_broken: str) -> int | None:
    given = fields.get(name)
    if given is None:
        return None
    value = to_number(given)
    shown = number_to_string(value)
    if not value >= 0:
        raise range_error(f"Invalid {if_negative} ({shown}) must be greater than or equal to 0.")
    if not float(value).is_integer():
        raise range_error(f"Invalid {if_broken} ({shown}) must be an integer, not floating point.")
    return int(value)


def digest_of(options: Options) -> tuple[str, str] | None:
    """The one digest that is given: the algorithm, and its value in hex.

    Raises:
        JsError: there are several, or it cannot be one.
    """
    given = [name for name in ALGORITHMS if options.get(name) is not None]
    if not given:
        return None
    digest = _digest(options[given[0]], given[0])
    if len(given) > 1:
        raise type_error("You cannot specify multiple hashing algorithms.")
    return given[0], digest


def _digest(value: Value, algorithm: str) -> str:
    name, size = ALGORITHMS[algorithm], _DIGEST_BYTES[algorithm]
    if is_buffer_source(value):
        data = as_bytes(value)
        if len(data) != size:
            raise type_error(f"{name} is {size} bytes, not {len(data)}")
        return data.hex()
    if not isinstance(value, str):
        raise _wrong(algorithm, "PutOptions", "BufferSource or string")
    if len(value) != 2 * size:
        raise type_error(f"{name} is {2 * size} hex characters, not {len(value)}")
    if not _HEX.fullmatch(value):
        raise type_error(f"Provided {name} wasn't a valid hex string")
    return value


def metadata_of(options: Options, struct: str) -> R2Metadata:
    """`httpMetadata`, `customMetadata`, `storageClass` and `ssecKey`.

    Raises:
        JsError: one is not what it should be.
        R2Error: the service refuses one.
    """
    if not options:
        return R2Metadata()
    custom = _custom_of(options, struct)
    check_custom_metadata(custom)
    given = options.get("storageClass")
    return R2Metadata(
        json.dumps(_http_of(options, struct)),
        json.dumps(custom),
        "Standard" if given is None else usv_string(given),
        ssec_key_md5_of(options),
    )


def _custom_of(options: Options, struct: str) -> dict[str, str]:
    given = options.get("customMetadata")
    if given is None:
        return {}
    fields = properties_of(given)
    if fields is None:
        raise _wrong("customMetadata", struct, "object")
    return {usv_string(name): usv_string(value) for name, value in fields.items()}


def _http_of(options: Options, struct: str) -> dict[str, Any]:
    given = options.get("httpMetadata")
    if given is None:
        return {}
    if isinstance(given, Headers):
        texts = {name: given.first(header) for name, header in _HTTP_FIELDS.items()}
        expiry = _date_in(given, "expires")
    else:
        fields = properties_of(given)
        if fields is None:
            raise _wrong("httpMetadata", struct, "HttpMetadata or Headers")
        values = {name: fields.get(name) for name in _HTTP_FIELDS}
        texts = {
            name: None if value is None else usv_string(value) for name, value in values.items()
        }
        expiry = _time_of(fields, "cacheExpiry", "HttpMetadata")
    made: dict[str, Any] = {name: text for name, text in texts.items() if text is not None}
    if expiry is not None and math.isfinite(expiry):
        made["cacheExpiry"] = int(expiry)
    return made


def ssec_key_md5_of(options: Options) -> str | None:
    """The MD5 of the key for encryption, which has 32 bytes; local files are not encrypted.

    Raises:
        JsError: it cannot be one.
    """
    given = options.get("ssecKey")
    if given is None:
        return None
    if is_buffer_source(given):
        key = as_bytes(given)
    else:
        text = usv_string(given)
        if not _KEY.fullmatch(text):
            raise error("SSE-C Key has invalid format")
        key = bytes.fromhex(text) if len(text) == 2 * _KEY_BYTES else b""
    if len(key) != _KEY_BYTES:
        raise error("SSE-C Key must be 32 bytes in length")
    return hashlib.md5(key, usedforsecurity=False).hexdigest()
