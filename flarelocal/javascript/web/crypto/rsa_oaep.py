"""RSA-OAEP."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric import padding

from flarelocal.javascript.errors import JsError, dom_exception
from flarelocal.javascript.web.crypto.asymmetric import require_type
from flarelocal.javascript.web.crypto.parameters import Algorithm
from flarelocal.javascript.web.crypto.rsa_key import RsaKey

__all__ = ["OaepKey"]


class OaepKey(RsaKey):
    __slots__ = ()

    jwk_prefix = "RSA-OAEP-"
    jwk_sha1 = "RSA-OAEP"

    def encrypt(self, algorithm: Algorithm, data: bytes) -> bytes:
        require_type(
            self,
            "public",
            f'Encryption/key wrapping only works with public keys, not "{self.type}".',
        )
        scheme = self._scheme(algorithm)
        try:
            encrypted: bytes = self.key.encrypt(data, scheme)
        except ValueError:
            raise _failure() from None
        return encrypted

    def decrypt(self, algorithm: Algorithm, data: bytes) -> bytes:
        require_type(
            self,
            "private",
            f'Decryption/key unwrapping only works with private keys, not "{self.type}".',
        )
        if len(data) != self.size:
            raise _failure(": Invalid RSA signature.")
        scheme = self._scheme(algorithm)
        try:
            decrypted: bytes = self.key.decrypt(data, scheme)
        except ValueError:
            raise _failure() from None
        return decrypted

    def _scheme(self, algorithm: Algorithm) -> padding.OAEP:
        if self.size < 2 * self.digest.digest_size + 2:
            raise _failure(": RSA key size is too small.")
        if self.digest.name == "md5":
            raise dom_exception(
                "flarelocal does not emulate RSA-OAEP with MD5; use SHA-256.", "NotSupportedError"
            )
        return padding.OAEP(padding.MGF1(self.digest), self.digest, algorithm.get("label"))


def _failure(reason: str = "") -> JsError:
    return dom_exception(f"RSA-OAEP failed encrypt/decrypt{reason}.", "OperationError")
