"""PBKDF2 and HKDF (workerd, api/crypto/pbkdf2.c++ and hkdf.c++)."""

from __future__ import annotations

import hashlib
import hmac

from flarelocal.javascript.errors import JsError, dom_exception
from flarelocal.javascript.web.crypto.digests import library_name
from flarelocal.javascript.web.crypto.json_web_key import JsonWebKey
from flarelocal.javascript.web.crypto.key import CryptoKey, KeyData, KeyRequest, Material
from flarelocal.javascript.web.crypto.limits import most_iterations
from flarelocal.javascript.web.crypto.parameters import Algorithm
from flarelocal.javascript.web.crypto.usages import DERIVING, checked_usages

__all__ = ["import_key"]

_MOST_BLOCKS = 255


class _Password(Material):
    """A secret that others are derived of."""

    __slots__ = ("_secret",)

    def __init__(self, name: str, secret: bytes) -> None:
        super().__init__({"name": name})
        self._secret = secret

    def _size(self, length: int | None) -> int:
        """The length in bytes."""
        if length is None:
            raise _refusal(f"{self.name} cannot derive a key with null length.")
        if length % 8:
            raise _refusal(
                f"{self.name} requires a derived key length that is a multiple of eight"
                f" (requested {length})."
            )
        return length // 8


class _Pbkdf2Key(_Password):
    __slots__ = ()

    def derive_bits(self, algorithm: Algorithm, length: int | None) -> bytes:
        digest = library_name(algorithm.require("hash"))
        salt = algorithm.require("salt")
        count = algorithm.require("iterations")
        size = self._size(length)
        if count <= 0:
            raise _refusal(f"PBKDF2 requires a positive iteration count (requested {count}).")
        most = most_iterations.get()
        if most is not None and count > most:
            raise dom_exception(
                f"Pbkdf2 failed: iteration counts above {most} are not supported"
                f" (requested {count}).",
                "NotSupportedError",
            )
        if size > _MOST_BLOCKS * hashlib.new(digest).digest_size:
            raise _refusal("Pbkdf2 failed: derived key length exceeds maximum for this hash")
        return hashlib.pbkdf2_hmac(digest, self._secret, salt, count, size) if size else b""


class _HkdfKey(_Password):
    __slots__ = ()

    def derive_bits(self, algorithm: Algorithm, length: int | None) -> bytes:
        digest = library_name(algorithm.require("hash"))
        salt, info = algorithm.require("salt"), algorithm.require("info")
        size = self._size(length)
        width = hashlib.new(digest).digest_size
        if size > _MOST_BLOCKS * width:
            raise _refusal("HKDF deriveBits failed.")
        key = hmac.digest(salt or bytes(width), self._secret, digest)
        derived = block = b""
        while len(derived) < size:
            block = hmac.digest(key, block + info + bytes([len(derived) // width + 1]), digest)
            derived += block
        return derived[:size]


def import_key(request: KeyRequest, format: str, data: KeyData) -> CryptoKey:
    """A password."""
    name = request.name
    usages = checked_usages(request.usages, DERIVING, name, "import secret")
    if request.extractable:
        raise dom_exception(f"{name} key cannot be extractable.", "SyntaxError")
    if format != "raw" or isinstance(data, JsonWebKey):
        raise dom_exception(
            f'{name} key must be imported in "raw" format (requested "{format}")'
            + ("." if name == "PBKDF2" else ""),
            "NotSupportedError",
        )
    kind = _Pbkdf2Key if name == "PBKDF2" else _HkdfKey
    return CryptoKey(kind(name, data), False, usages)


def _refusal(message: str) -> JsError:
    return dom_exception(message, "OperationError")
