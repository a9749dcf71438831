"""Signatures of RSA: RSASSA-PKCS1-v1_5, RSA-PSS, and the bare operation."""

from __future__ import annotations

from abc import ABC, abstractmethod

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding

from flarelocal.javascript.errors import JsError, dom_exception, error, type_error
from flarelocal.javascript.web.crypto.asymmetric import require_type
from flarelocal.javascript.web.crypto.parameters import Algorithm
from flarelocal.javascript.web.crypto.rsa_key import RsaKey

__all__ = ["Pkcs1Key", "PssKey", "RawKey"]

_NO_SALT = "Failed to provide salt for RSA-PSS key operation which requires a salt"


class _SigningKey(RsaKey, ABC):
    __slots__ = ()

    def sign(self, algorithm: Algorithm, data: bytes) -> bytes:
        require_type(self, "private", "Asymmetric signing requires a private key.")
        self.check_size(algorithm)
        try:
            signature: bytes = self.key.sign(data, self.padding(algorithm), self.digest)
        except ValueError:
            raise error(
                "internal error; the numbers of the RSA key do not fit each other, make a new one."
            ) from None
        return signature

    def verify(self, algorithm: Algorithm, signature: bytes, data: bytes) -> bool:
        require_type(self, "public", "Asymmetric verification requires a public key.")
        try:
            self.key.verify(signature, data, self.padding(algorithm), self.digest)
        except (InvalidSignature, ValueError):
            return False
        return True

    @abstractmethod
    def check_size(self, algorithm: Algorithm) -> None:
        """Check that a signature fits.

        Raises:
            JsError: OperationError where it does not.
        """

    @abstractmethod
    def padding(self, algorithm: Algorithm) -> padding.AsymmetricPadding:
        """How the digest is filled up."""


class Pkcs1Key(_SigningKey):
    """RSASSA-PKCS1-v1_5."""

    __slots__ = ()

    def check_size(self, algorithm: Algorithm) -> None:
        if self.digest.digest_size + 32 > self.size:
            raise _too_small(
                f" with given digest, need at least {8 * (self.digest.digest_size + 32)}bits."
            )

    def padding(self, algorithm: Algorithm) -> padding.AsymmetricPadding:
        return padding.PKCS1v15()


class PssKey(_SigningKey):
    """RSA-PSS."""

    __slots__ = ()

    jwk_prefix = "PS"
    jwk_sha1 = "PS1"

    def check_size(self, algorithm: Algorithm) -> None:
        if algorithm.get("saltLength") is None:
            raise dom_exception(_NO_SALT, "DataError")
        salt = _salt_length(algorithm)
        left = self.size - self.digest.digest_size - 2
        if left < 0:
            raise _too_small(" with given digest")
        if salt > left:
            raise _too_small(" with given digest and salt length")

    def padding(self, algorithm: Algorithm) -> padding.AsymmetricPadding:
        if algorithm.get("saltLength") is None:
            raise type_error(_NO_SALT)
        return padding.PSS(padding.MGF1(self.digest), _salt_length(algorithm))


class RawKey(RsaKey):
    """RSA-RAW: the bare operation, for blind signatures."""

    __slots__ = ()

    def sign(self, algorithm: Algorithm, data: bytes) -> bytes:
        numbers = self.key.private_numbers()
        modulus = numbers.public_numbers.n
        number = int.from_bytes(data, "big")
        if len(data) > self.size:
            raise dom_exception(
                f"Blind Signing requires presigned data ({len(data)} bytes) to be smaller than the"
                f" key ({self.size} bytes).",
                "DataError",
            )
        if number >= modulus:
            raise dom_exception(
                "Blind Signing requires presigned data value to be strictly smaller than RSA"
                " keymodulus, consider using a larger key size.",
                "DataError",
            )
        if len(data) < self.size:
            raise dom_exception("Invalid RSA signature.", "OperationError")
        return int(pow(number, numbers.d, modulus)).to_bytes(self.size, "big")


def _salt_length(algorithm: Algorithm) -> int:
    length: int = algorithm.get("saltLength")
    if length < 0:
        raise dom_exception(
            f"SaltLength for RSA-PSS must be non-negative (provided {length}).", "DataError"
        )
    return length


def _too_small(rest: str) -> JsError:
    return dom_exception(f"key too small for signing{rest}", "OperationError")
