"""What R2 accepts (Cloudflare docs, "Limits" of R2)."""

from __future__ import annotations

from collections.abc import Mapping

from flarelocal.storage.r2.errors import INVALID_NAME, METADATA_TOO_LARGE, TOO_LARGE, R2Error

__all__ = [
    "LARGEST_BYTES",
    "MAX_KEYS",
    "SMALLEST_PART_BYTES",
    "check_custom_metadata",
    "check_key",
    "check_size",
]

MAX_KEYS = 1000
LARGEST_BYTES = 5 * 1024**3 - 5 * 1024**2
SMALLEST_PART_BYTES = 5 * 1024**2

_KEY_BYTES = 1024
_METADATA_BYTES = 2048


def check_key(key: str) -> None:
    """Refuse a key of more than 1024 bytes."""
    if len(key) > _KEY_BYTES or len(key.encode()) > _KEY_BYTES:
        raise R2Error(INVALID_NAME)


def check_size(size: int) -> None:
    """Refuse more bytes than one upload may have."""
    if size > LARGEST_BYTES:
        raise R2Error(TOO_LARGE)


def check_custom_metadata(metadata: Mapping[str, str]) -> None:
    """Refuse metadata of more than 2048 bytes, as the service counts them."""
    if sum(_counted(key) + _counted(value) for key, value in metadata.items()) > _METADATA_BYTES:
        raise R2Error(METADATA_TOO_LARGE)


def _counted(text: str) -> int:
    units = len(text.encode("utf-16-le")) // 2
    return units if all(char < "\u0100" for char in text) else 2 * units
