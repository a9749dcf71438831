"""PBKDF2 and HKDF (workerd, api/crypto/pbkdf2.c++ and hkdf.c++)."""

from __future__ import annotations

import hashlib
import hmac

from flarelocal.javascript.binary import bytes_of, is_buffer_source
from flarelocal.javascript.errors import JsError, dom_exception, type_error
from flarelocal.javascript.numbers import to_integer
from flarelocal.javascript.signature import Options
from flarelocal.javascript.values import Value, null

__all__ = ["DERIVATIONS", "derived_bits"]

DERIVATIONS = frozenset({"HKDF", "PBKDF2"})
_MOST_BLOCKS = 255


def derived_bits(secret: bytes, algorithm: Options, digest: str, length: Value) -> bytes:
    """Bits of a secret.

    Args:
        digest: as `hashlib` calls it.
        length: how many bits, a multiple of eight.

    Raises:
        JsError: OperationError for a length or a count of iterations that does not work.
    """
    name = algorithm["name"].upper()
    if length is None or length is null:
        raise _refusal(f"{name} cannot derive a key with null length.")
    bits = to_integer(length)
    if bits % 8:
        raise _refusal(
            f"{name} requires a derived key length that is a multiple of eight (requested {bits})."
        )
    salt = _given(algorithm, "salt")
    if name == "HKDF":
        return _hkdf(secret, salt, _given(algorithm, "info"), digest, bits // 8)
    count = to_integer(algorithm.get("iterations"))
    if count <= 0:
        raise _refusal(f"PBKDF2 requires a positive iteration count (requested {count}).")
    return hashlib.pbkdf2_hmac(digest, secret, salt, count, bits // 8) if bits else b""


def _hkdf(secret: bytes, salt: bytes, info: bytes, digest: str, size: int) -> bytes:
    """RFC 5869."""
    width = hashlib.new(digest).digest_size
    if size > _MOST_BLOCKS * width:
        raise _refusal("HKDF deriveBits failed.")
    key = hmac.digest(salt or bytes(width), secret, digest)
    derived = block = b""
    while len(derived) < size:
        block = hmac.digest(key, block + info + bytes([len(derived) // width + 1]), digest)
        derived += block
    return derived[:size]


def _given(algorithm: Options, name: str) -> bytes:
    value = algorithm.get(name)
    if not is_buffer_source(value):
        raise type_error(f'Missing field "{name}" in "algorithm".')
    return bytes_of(value)


def _refusal(message: str) -> JsError:
    return dom_exception(message, "OperationError")
