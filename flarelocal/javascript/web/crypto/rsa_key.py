"""What the keys of all algorithms of RSA have in common."""

from __future__ import annotations

from typing import Any, ClassVar

from cryptography.hazmat.primitives import hashes

from flarelocal.javascript.errors import dom_exception, error
from flarelocal.javascript.signature import Options
from flarelocal.javascript.web.crypto.asymmetric import AsymmetricKey, library_hash
from flarelocal.javascript.web.crypto.json_web_key import JsonWebKey, base64url

__all__ = ["RsaKey"]


class RsaKey(AsymmetricKey):
    """A key of RSA.

    Args:
        has_primes: whether the primes of a private key are known to the program.

    Class attributes:
        jwk_prefix: of the `alg` of its JSON Web Keys, before the length of the hash.
        jwk_sha1: the `alg` with SHA-1.
    """

    __slots__ = ("_has_primes",)

    jwk_prefix: ClassVar[str] = "RS"
    jwk_sha1: ClassVar[str] = "RS1"

    def __init__(self, described: Options, type: str, key: Any, has_primes: bool = True) -> None:
        super().__init__(described, type, key)
        self._has_primes = has_primes

    @property
    def size(self) -> int:
        """Of the modulus, in bytes."""
        return -(-int(self.key.key_size) // 8)

    @property
    def digest(self) -> hashes.HashAlgorithm:
        """The hash function of the key."""
        return library_hash(self.described["hash"]["name"])

    def export_raw(self) -> bytes:
        raise dom_exception(f'Cannot export "{self.name}" in "raw" format.', "InvalidAccessError")

    def export_pkcs8(self) -> bytes:
        if not self._has_primes:
            raise dom_exception("Private key export failed.", "OperationError")
        return super().export_pkcs8()

    def export_jwk(self, usages: list[str]) -> JsonWebKey:
        alg = self._jwk_algorithm()
        if self.type == "public":
            public = self.key.public_numbers()
            return JsonWebKey(
                "RSA",
                n=base64url(public.n),
                e=base64url(public.e),
                alg=alg,
                key_ops=usages,
                ext=True,
            )
        if not self._has_primes:
            raise error("internal error; the key was imported without its primes, give them.")
        numbers = self.key.private_numbers()
        return JsonWebKey(
            "RSA",
            n=base64url(numbers.public_numbers.n),
            e=base64url(numbers.public_numbers.e),
            d=base64url(numbers.d),
            p=base64url(numbers.p),
            q=base64url(numbers.q),
            dp=base64url(numbers.dmp1),
            dq=base64url(numbers.dmq1),
            qi=base64url(numbers.iqmp),
            alg=alg,
            key_ops=usages,
            ext=True,
        )

    def _jwk_algorithm(self) -> str:
        if "hash" not in self.described:
            raise error("internal error; RSA-RAW keys cannot be exported as jwk, use pkcs8.")
        digest: str = self.described["hash"]["name"]
        if not digest.startswith("SHA-"):
            raise dom_exception(
                f'JWK export not supported for hash algorithm "{digest}".', "NotSupportedError"
            )
        if digest == "SHA-1":
            return self.jwk_sha1
        return self.jwk_prefix + digest.removeprefix("SHA-")
