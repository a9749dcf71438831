"""Checksums that DigestStream offers besides hash functions."""

from __future__ import annotations

import zlib
from functools import cache

from flarelocal.dataclass import dataclass

__all__ = ["CHECKSUMS", "Checksum"]


@dataclass(frozen=True, slots=True)
class _Polynomial:
    """Of a cyclic redundancy check, with its bits reversed."""

    value: int
    bits: int


_CASTAGNOLI = _Polynomial(0x82F63B78, 32)
_NVME = _Polynomial(0x9A6C9329AC4BC9B5, 64)


class Checksum:
    """A checksum in the making, with the interface of the hashes of `hashlib`."""

    __slots__ = ("_polynomial", "_value")

    def __init__(self, polynomial: _Polynomial | None = None) -> None:
        self._polynomial = polynomial
        self._value = 0

    def update(self, data: bytes) -> None:
        if self._polynomial is None:
            self._value = zlib.crc32(data, self._value)
            return
        table = _table(self._polynomial)
        everything = (1 << self._polynomial.bits) - 1
        value = self._value ^ everything
        for byte in data:
            value = table[(value ^ byte) & 255] ^ value >> 8
        self._value = value ^ everything

    def digest(self) -> bytes:
        bits = self._polynomial.bits if self._polynomial else 32
        return self._value.to_bytes(bits // 8, "big")


@cache
def _table(polynomial: _Polynomial) -> list[int]:
    table = []
    for entry in range(256):
        for _ in range(8):
            entry = entry >> 1 ^ (polynomial.value if entry & 1 else 0)
        table.append(entry)
    return table


CHECKSUMS = {"crc32": None, "crc32c": _CASTAGNOLI, "crc64nvme": _NVME}
"""Name → polynomial, if it is none of the standard library."""
