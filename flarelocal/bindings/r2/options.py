"""What programs ask of R2 besides keys and values."""

from __future__ import annotations

import hashlib
import json
import math
import re

from flarelocal.bindings.r2.etags import etags_of, single_etag
from flarelocal.bindings.r2.structs import (
    HTTP_HEADERS,
    ByteRange,
    Conditional,
    HttpMetadata,
    MultipartOptions,
    PutOptions,
    SsecKey,
)
from flarelocal.javascript.date import parse_date
from flarelocal.javascript.errors import error, range_error, type_error
from flarelocal.javascript.numbers import number_to_string
from flarelocal.javascript.web.headers import Headers
from flarelocal.storage.r2 import Condition, R2Metadata, Range
from flarelocal.storage.r2.content import ALGORITHMS

__all__ = [
    "condition_of",
    "digest_of",
    "included",
    "key_md5_of",
    "metadata_of",
    "range_of",
]

_DIGEST_BYTES = {"md5": 16, "sha1": 20, "sha256": 32, "sha384": 48, "sha512": 64}
_HEX = re.compile("[0-9a-fA-F]*")
_KEY = re.compile("[0-9a-f]+")
_KEY_BYTES = 32
# What a date that cannot be read is as a whole number of ns.
_EARLIEST_MS = -(2**63) / 1e6
_INCLUDED = ("httpMetadata", "customMetadata")


def included(names: list[str] | None) -> frozenset[str]:
    """The metadata that a list shows.

    Raises:
        JsError: RangeError: there is no such metadata.
    """
    for name in names or ():
        if name not in _INCLUDED:
            raise range_error(f"Unsupported include value {name}")
    return frozenset(names or ())


def condition_of(given: Headers | Conditional | None) -> Condition | None:
    """`onlyIf`: an object, or the headers of a request.

    Raises:
        JsError: an etag is malformed.
    """
    if given is None:
        return None
    if isinstance(given, Headers):
        return _condition_of_headers(given)
    matches, differs = given.etag_matches, given.etag_does_not_match
    return Condition(
        None if matches is None else single_etag(matches),
        None if differs is None else single_etag(differs),
        given.uploaded_before,
        given.uploaded_after,
        given.seconds_granularity,
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
    if text is None:
        return None
    time = parse_date(text)
    return _EARLIEST_MS if math.isnan(time) else time


def range_of(given: Headers | ByteRange | None) -> Range | None:
    """`range`: an object, or the headers of a request.

    Raises:
        JsError: it contradicts itself, or is no whole number.
    """
    if given is None:
        return None
    if isinstance(given, Headers):
        header = given.first("range")
        return None if header is None else Range(header=header)
    offset = _whole(given.offset, "range. Starting offset", "range. Starting offset")
    length = _whole(given.length, "range. Length", "range. Length")
    if given.suffix is not None:
        for name, other in (("offset", offset), ("length", length)):
            if other is not None:
                raise type_error(f"Suffix is incompatible with {name}.")
    suffix = _whole(given.suffix, "suffix. Suffix", "range. Suffix")
    return Range(offset, length, suffix)


def _whole(value: float | None, if_negative: str, if_broken: str) -> int | None:
    if value is None:
        return None
    shown = number_to_string(value)
    if not value >= 0:
        raise range_error(f"Invalid {if_negative} ({shown}) must be greater than or equal to 0.")
    if not float(value).is_integer():
        raise range_error(f"Invalid {if_broken} ({shown}) must be an integer, not floating point.")
    return int(value)


def digest_of(digests: dict[str, bytes | str]) -> tuple[str, str] | None:
    """The one digest that is given: the algorithm, and its value in hex.

    Raises:
        JsError: there are several, or it cannot be one.
    """
    if not digests:
        return None
    algorithm, value = next(iter(digests.items()))
    digest = _digest(value, algorithm)
    if len(digests) > 1:
        raise type_error("You cannot specify multiple hashing algorithms.")
    return algorithm, digest


def _digest(value: bytes | str, algorithm: str) -> str:
    name, size = ALGORITHMS[algorithm], _DIGEST_BYTES[algorithm]
    if isinstance(value, bytes):
        if len(value) != size:
            raise type_error(f"{name} is {size} bytes, not {len(value)}")
        return value.hex()
    if len(value) != 2 * size:
        raise type_error(f"{name} is {2 * size} hex characters, not {len(value)}")
    if not _HEX.fullmatch(value):
        raise type_error(f"Provided {name} wasn't a valid hex string")
    return value


def metadata_of(options: PutOptions | MultipartOptions) -> R2Metadata:
    """`httpMetadata`, `customMetadata`, `storageClass` and `ssecKey`.

    Raises:
        JsError: the key cannot be one.
    """
    return R2Metadata(
        json.dumps(_http_of(options.http)),
        json.dumps(options.custom or {}),
        "Standard" if options.storage_class is None else options.storage_class,
        key_md5_of(options.ssec_key),
    )


def _http_of(given: Headers | HttpMetadata | None) -> dict[str, str | int]:
    if given is None:
        return {}
    if isinstance(given, Headers):
        found = {name: given.first(header) for name, header in HTTP_HEADERS.items()}
        texts = {name: text for name, text in found.items() if text is not None}
        expiry = _date_in(given, "expires")
    else:
        texts, expiry = given
    made: dict[str, str | int] = dict(texts)
    if expiry is not None and math.isfinite(expiry):
        made["cacheExpiry"] = int(expiry)
    return made


def key_md5_of(given: SsecKey | None) -> str | None:
    """The MD5 of the key for encryption, which has 32 bytes; local files are not encrypted.

    Raises:
        JsError: it cannot be one.
    """
    if given is None:
        return None
    key = given if isinstance(given, bytes) else b""
    if isinstance(given, str):
        if not _KEY.fullmatch(given):
            raise error("SSE-C Key has invalid format")
        key = bytes.fromhex(given) if len(given) == 2 * _KEY_BYTES else b""
    if len(key) != _KEY_BYTES:
        raise error("SSE-C Key must be 32 bytes in length")
    return hashlib.md5(key, usedforsecurity=False).hexdigest()
