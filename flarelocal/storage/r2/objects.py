"""What is known of an object."""

from __future__ import annotations

from typing import NamedTuple

from flarelocal.storage.r2.content import Reading

__all__ = ["R2Found", "R2Metadata", "R2Object"]


class R2Metadata(NamedTuple):
    """What is given along with the content; JSON objects of texts.

    Attributes:
        http: `contentType` and its like; `cacheExpiry` is in ms since 1970.
        ssec_key_md5: of the key that a client gave for encryption, in hex.
    """

    http: str = "{}"
    custom: str = "{}"
    storage_class: str = "Standard"
    ssec_key_md5: str | None = None


class R2Object(NamedTuple):
    """An object without its content.

    Attributes:
        etag: the MD5 in hex; of a multipart upload one made of those of its parts.
        checksums: JSON: digests in hex by algorithm.
    """

    key: str
    version: str
    size: int
    etag: str
    uploaded_ms: int
    checksums: str
    metadata: R2Metadata


class R2Found(NamedTuple):
    """An object with what was asked for of its content; None where a condition failed."""

    object: R2Object
    offset: int = 0
    length: int = 0
    content: bytes | Reading | None = None
