"""AES-CBC, with the padding of PKCS #7."""

from __future__ import annotations

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

from flarelocal.javascript.errors import dom_exception
from flarelocal.javascript.web.crypto.aes_key import AesKey
from flarelocal.javascript.web.crypto.parameters import Algorithm

__all__ = ["CbcKey"]

_BLOCK = 16


class CbcKey(AesKey):
    __slots__ = ()

    def encrypt(self, algorithm: Algorithm, data: bytes) -> bytes:
        encryptor = self._cipher(algorithm, " bytes").encryptor()
        padder = PKCS7(_BLOCK * 8).padder()
        return encryptor.update(padder.update(data) + padder.finalize()) + encryptor.finalize()

    def decrypt(self, algorithm: Algorithm, data: bytes) -> bytes:
        decryptor = self._cipher(algorithm, "").decryptor()
        whole, rest = divmod(len(data), _BLOCK)
        # The last whole block may be padding, and is held back.
        expected = max(0, (whole if rest else whole - 1) * _BLOCK)
        unpadder = PKCS7(_BLOCK * 8).unpadder()
        try:
            padded = decryptor.update(data) + decryptor.finalize()
            return unpadder.update(padded) + unpadder.finalize()
        except ValueError:
            raise self.undecryptable(len(data), expected) from None

    def _cipher(self, algorithm: Algorithm, unit: str) -> Cipher[CBC]:
        iv = algorithm.require("iv")
        if len(iv) != _BLOCK:
            raise dom_exception(
                f"AES-CBC IV must be 16 bytes long (provided {len(iv)}{unit}).", "OperationError"
            )
        return Cipher(AES(self.secret), CBC(iv))
