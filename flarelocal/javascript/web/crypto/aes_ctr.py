"""AES-CTR, whose counter takes some of the bits of its block, and starts again in these."""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

from flarelocal.javascript.errors import dom_exception, type_error
from flarelocal.javascript.web.crypto.aes_key import AesKey
from flarelocal.javascript.web.crypto.parameters import Algorithm

__all__ = ["CtrKey", "counted"]

_BLOCK = 16


class CtrKey(AesKey):
    __slots__ = ()

    def encrypt(self, algorithm: Algorithm, data: bytes) -> bytes:
        counter = _given(algorithm, "counter")
        if len(counter) != _BLOCK:
            raise dom_exception(
                f"Counter must have length of 16 bytes (provided {len(counter)}).",
                "OperationError",
            )
        length = _given(algorithm, "length")
        if not 0 < length <= _BLOCK * 8:
            raise dom_exception(
                f"Invalid counter of {length} bits length provided.", "OperationError"
            )
        if -(-len(data) // _BLOCK) > 1 << length:
            raise dom_exception("Counter block values will repeat.", "OperationError")
        return counted(self.secret, counter, length, data)

    def decrypt(self, algorithm: Algorithm, data: bytes) -> bytes:
        return self.encrypt(algorithm, data)


def counted(secret: bytes, counter: bytes, length: int, data: bytes) -> bytes:
    """Data in counter mode.

    Args:
        counter: the first block.
        length: how many of its last bits count; they go on at zero after their largest value.
    """
    start = int.from_bytes(counter, "big")
    largest = (1 << length) - 1
    before = (largest - (start & largest) + 1) * _BLOCK
    again = (start & ~largest).to_bytes(_BLOCK, "big")
    return _run(secret, counter, data[:before]) + _run(secret, again, data[before:])


def _given(algorithm: Algorithm, member: str) -> Any:
    value = algorithm.get(member)
    if value is None:
        raise type_error(f'Missing "{member}" member in "algorithm".')
    return value


def _run(secret: bytes, counter: bytes, data: bytes) -> bytes:
    encryptor = Cipher(AES(secret), CTR(counter)).encryptor()
    return encryptor.update(data) + encryptor.finalize()
