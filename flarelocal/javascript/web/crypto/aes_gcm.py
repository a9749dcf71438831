"""AES-GCM."""

from __future__ import annotations

import hmac

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import GCM

from flarelocal.javascript.errors import dom_exception
from flarelocal.javascript.web.crypto.aes_ctr import counted
from flarelocal.javascript.web.crypto.aes_key import AesKey
from flarelocal.javascript.web.crypto.parameters import Algorithm

__all__ = ["GcmKey"]

_TAG_LENGTHS = (32, 64, 96, 104, 112, 120, 128)
_LIBRARY_VECTORS = range(8, 129)
"""How long initialization vectors may be for the library, in bytes."""


class GcmKey(AesKey):
    __slots__ = ()

    def encrypt(self, algorithm: Algorithm, data: bytes) -> bytes:
        iv, tag_size = _vector(algorithm), _tag_size(algorithm)
        text, tag = self._sealed(iv, algorithm.get("additionalData", b""), data)
        return text + tag[:tag_size]

    def decrypt(self, algorithm: Algorithm, data: bytes) -> bytes:
        iv, tag_size = _vector(algorithm), _tag_size(algorithm)
        if len(data) < tag_size:
            raise dom_exception(
                f"Ciphertext length of {len(data) * 8} bits must be greater than or equal to the"
                f" size of the AES-GCM tag length of {tag_size * 8} bits.",
                "OperationError",
            )
        size = len(data) - tag_size
        # What was encrypted with a key stream is decrypted by encrypting it again.
        text, _ = self._sealed(iv, b"", data[:size])
        _, tag = self._sealed(iv, algorithm.get("additionalData", b""), text)
        if not hmac.compare_digest(tag[:tag_size], data[size:]):
            raise self.undecryptable(size, size)
        return text

    def _sealed(self, iv: bytes, additional: bytes, data: bytes) -> tuple[bytes, bytes]:
        """The encrypted data, and the tag of 16 bytes."""
        if len(iv) not in _LIBRARY_VECTORS:
            return self._sealed_by_hand(iv, additional, data)
        encryptor = Cipher(AES(self.secret), GCM(iv)).encryptor()
        encryptor.authenticate_additional_data(additional)
        return encryptor.update(data) + encryptor.finalize(), encryptor.tag

    def _sealed_by_hand(self, iv: bytes, additional: bytes, data: bytes) -> tuple[bytes, bytes]:
        """The same with a vector of any length (NIST SP 800-38D, 7.1)."""
        first = self._hash(b"", iv)
        # The first block is for the tag.
        both = counted(self.secret, first, 32, bytes(16) + data)
        mask, text = both[:16], both[16:]
        return text, _xor(self._hash(additional, text), mask)

    def _hash(self, additional: bytes, text: bytes) -> bytes:
        """GHASH, of the tag that comes with some vector."""
        iv = bytes(12)
        keystream, mask = self._sealed(iv, b"", bytes(len(text)))[0], self._sealed(iv, b"", b"")[1]
        return _xor(self._sealed(iv, additional, _xor(keystream, text))[1], mask)


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(left, right, strict=True))


def _vector(algorithm: Algorithm) -> bytes:
    iv: bytes = algorithm.require("iv")
    if not iv:
        raise dom_exception("AES-GCM IV must not be empty.", "OperationError")
    return iv


def _tag_size(algorithm: Algorithm) -> int:
    length: int = algorithm.get("tagLength", 128)
    if length not in _TAG_LENGTHS:
        raise dom_exception(f"Invalid AES-GCM tag length {length}.", "OperationError")
    return length // 8
