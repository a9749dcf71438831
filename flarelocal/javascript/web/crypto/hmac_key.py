"""HMAC (workerd, api/crypto/digest.c++)."""

from __future__ import annotations

import hmac

from flarelocal.javascript.errors import dom_exception
from flarelocal.javascript.web.crypto.digests import block_bits, digest_name, library_name
from flarelocal.javascript.web.crypto.json_web_key import JsonWebKey, base64url, component
from flarelocal.javascript.web.crypto.key import CryptoKey, KeyData, KeyRequest, Material
from flarelocal.javascript.web.crypto.parameters import Algorithm
from flarelocal.javascript.web.crypto.usages import checked_usages
from flarelocal.javascript.web.entropy import current_entropy

__all__ = ["generate_key", "import_key"]

_USAGES = frozenset({"sign", "verify"})


class _HmacKey(Material):
    __slots__ = ("_digest", "_secret")

    def __init__(self, secret: bytes, digest: str, length: int) -> None:
        # The runtime keeps the length in 16 bits.
        super().__init__({"name": "HMAC", "hash": {"name": digest}, "length": length & 0xFFFF})
        self._digest = digest
        self._secret = secret

    def sign(self, algorithm: Algorithm, data: bytes) -> bytes:
        return hmac.digest(self._secret, data, library_name(self._digest))

    def verify(self, algorithm: Algorithm, signature: bytes, data: bytes) -> bool:
        return hmac.compare_digest(self.sign(algorithm, data), signature)

    def export(self, format: str, usages: list[str]) -> KeyData:
        if format == "raw":
            return self._secret
        if format != "jwk":
            raise dom_exception(f'Unimplemented key export format "{format}".', "NotSupportedError")
        if not self._digest.startswith("SHA-"):
            raise dom_exception(
                f'Unimplemented JWK key export format for key algorithm "{self._digest}".',
                "NotSupportedError",
            )
        return JsonWebKey(
            "oct",
            k=base64url(self._secret),
            alg="HS" + self._digest.removeprefix("SHA-"),
            key_ops=usages,
            ext=True,
        )


def generate_key(request: KeyRequest) -> CryptoKey:
    """A new key; by default as long as the block of its hash function."""
    digest = digest_name(request.algorithm.require("hash"))
    usages = checked_usages(request.usages, _USAGES, "HMAC", "generate")
    length = request.algorithm.get("length", block_bits(digest))
    if length <= 0:
        raise dom_exception(
            f"HMAC key length must be a non-zero unsigned long integer (requested {length}).",
            "OperationError",
        )
    secret = _cut(current_entropy.get()(-(-length // 8)), length)
    return CryptoKey(_HmacKey(secret, digest, length), request.extractable, usages)


def import_key(request: KeyRequest, format: str, data: KeyData) -> CryptoKey:
    """A key of bytes or of a JSON Web Key."""
    usages = checked_usages(request.usages, _USAGES, "HMAC", "import secret")
    digest: str = request.algorithm.require("hash")
    if isinstance(data, JsonWebKey):
        secret = _secret_of(data, digest)
    elif format == "raw":
        secret = data
    else:
        raise dom_exception(f'Unrecognized key import format "{format}".', "NotSupportedError")
    size = len(secret) * 8
    length = request.algorithm.get("length", size)
    if not max(0, size - 8) < length <= size:
        raise dom_exception(
            f"Imported HMAC key length ({length}) must be a non-zero value up to 7 bits less than,"
            f" and no greater than, the bit length of the raw key data ({size}).",
            "DataError",
        )
    material = _HmacKey(_cut(secret, length), digest_name(digest), length)
    return CryptoKey(material, request.extractable, usages)


def _secret_of(key: JsonWebKey, digest: str) -> bytes:
    if key.kty != "oct":
        raise dom_exception(
            'HMAC "jwk" key import requires a JSON Web Key with Key Type parameter ("kty") equal'
            f' to "oct" (encountered "{key.kty}").',
            "DataError",
        )
    secret = component(key.k, 'HMAC "jwk" key import requires a base64Url encoding of the key')
    if key.alg is not None:
        if not digest.startswith("SHA-"):
            raise dom_exception(
                f"Unrecognized or unimplemented hash algorithm requested{key.alg}",
                "NotSupportedError",
            )
        expected = "HS" + digest.removeprefix("SHA-")
        if key.alg != expected:
            raise dom_exception(
                'HMAC "jwk" key import specifies "alg" that is incompatible with the hash name'
                f' (encountered "{key.alg}", expected "{expected}").',
                "DataError",
            )
    return secret


def _cut(secret: bytes, length: int) -> bytes:
    """The secret with nothing in the last bits where it has that many too many."""
    spare = len(secret) * 8 - length
    return secret[:-1] + bytes([secret[-1] >> spare << spare])
