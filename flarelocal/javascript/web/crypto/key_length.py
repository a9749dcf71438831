"""How long a key must be that is derived of another one."""

from __future__ import annotations

from flarelocal.javascript.errors import dom_exception, type_error
from flarelocal.javascript.web.crypto.digests import block_bits
from flarelocal.javascript.web.crypto.parameters import Algorithm

__all__ = ["key_length"]

_OWNER = "derivedKeyParams"
_AES = ("AES-CBC", "AES-CTR", "AES-GCM", "AES-KW")
_PASSWORDS = ("HKDF", "PBKDF2")


def key_length(wanted: Algorithm) -> int | None:
    """The length of a key for an algorithm, in bits; None where any will do.

    Raises:
        JsError: NotSupportedError for an algorithm whose keys cannot be derived, OperationError or
            TypeError for a length that they cannot have.
    """
    name = wanted.name.upper()
    if name in _AES:
        length: int | None = wanted.require("length", _OWNER)
        if length not in (128, 192, 256):
            raise dom_exception(
                f"Derived AES key must be 128, 192, or 256 bits in length but provided {length}.",
                "OperationError",
            )
        return length
    if name == "HMAC":
        length = wanted.get("length")
        if length is None:
            return block_bits(wanted.require("hash", _OWNER))
        if length <= 0:
            raise type_error("HMAC key length must be a non-zero unsigned long integer.")
        return length
    if name in _PASSWORDS:
        return None
    raise dom_exception(
        f'Unrecognized derived key type "{wanted.name}" requested.', "NotSupportedError"
    )
