"""The hash functions, by the names that programs use."""

from __future__ import annotations

import hashlib

from flarelocal.javascript.errors import dom_exception

__all__ = ["block_bits", "digest_name", "hash_of", "library_name"]

_LIBRARY_NAMES = {
    "MD5": "md5",
    "SHA-1": "sha1",
    "SHA-256": "sha256",
    "SHA-384": "sha384",
    "SHA-512": "sha512",
}


def digest_name(name: str) -> str:
    """The name in the case of the specification.

    Raises:
        JsError: NotSupportedError where there is no such hash function.
    """
    if name.upper() not in _LIBRARY_NAMES:
        raise dom_exception(
            "Unrecognized or unimplemented digest algorithm requested.", "NotSupportedError"
        )
    return name.upper()


def library_name(name: str) -> str:
    """What `hashlib` calls a hash function.

    Raises:
        JsError: NotSupportedError where there is no such hash function.
    """
    return _LIBRARY_NAMES[digest_name(name)]


def hash_of(name: str) -> hashlib._Hash:
    """A hash to be filled.

    Raises:
        JsError: NotSupportedError where there is no such hash function.
    """
    return hashlib.new(library_name(name))


def block_bits(name: str) -> int:
    """How many bits a hash function takes in at a time: the length of HMAC keys.

    Raises:
        JsError: NotSupportedError where there is no such hash function.
    """
    return hash_of(name).block_size * 8
