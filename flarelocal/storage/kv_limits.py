"""What KV refuses, in the words of the service (Cloudflare docs, "Limits" of KV; miniflare)."""

from __future__ import annotations

__all__ = [
    "MAX_KEYS_PER_PAGE",
    "MAX_VALUE_BYTES",
    "KvError",
    "check_cache_ttl",
    "check_key",
    "check_metadata",
    "check_page",
    "check_value_length",
    "expiry_of",
]

MAX_KEYS_PER_PAGE = 1000
MAX_VALUE_BYTES = 25 * 1024 * 1024

_MAX_KEY_BYTES = 512
_MAX_METADATA_BYTES = 1024
_MIN_TTL_S = 60
_MIN_CACHE_TTL_S = 30


class KvError(Exception):
    """KV refused a request.

    Args:
        status: the HTTP status of the service.
        reason: the service's own words, which reach the Worker.
    """

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


def check_key(key: str) -> None:
    if not key:
        raise KvError(400, "Key names must not be empty")
    if key in (".", ".."):
        raise KvError(400, f'Illegal key name "{key}". Please use a different name.')
    try:
        length = len(key.encode())
    except UnicodeEncodeError:
        raise KvError(400, "Could not URL-decode key name") from None
    _check_key_length(length)


def _check_key_length(length: int) -> None:
    if length > _MAX_KEY_BYTES:
        raise KvError(
            414, f"UTF-8 encoded length of {length} exceeds key length limit of {_MAX_KEY_BYTES}."
        )


def check_cache_ttl(ttl_s: int) -> None:
    if ttl_s < _MIN_CACHE_TTL_S:
        raise KvError(
            400, f"Invalid cache_ttl of {ttl_s}. Cache TTL must be at least {_MIN_CACHE_TTL_S}."
        )


def check_page(prefix: str, limit: int) -> None:
    if limit < 1:
        wanted = "greater than 0"
    elif limit > MAX_KEYS_PER_PAGE:
        wanted = f"less than {MAX_KEYS_PER_PAGE}"
    else:
        _check_key_length(len(prefix.encode()))
        return
    raise KvError(400, f"Invalid key_count_limit of {limit}. Please specify an integer {wanted}.")


def check_metadata(json: str) -> None:
    length = len(json.encode())
    if length > _MAX_METADATA_BYTES:
        raise KvError(413, f"Metadata length of {length} exceeds limit of {_MAX_METADATA_BYTES}.")


def check_value_length(length: int) -> None:
    if length > MAX_VALUE_BYTES:
        raise KvError(413, f"Value length of {length} exceeds limit of {MAX_VALUE_BYTES}.")


def expiry_of(expiration_s: int | None, ttl_s: int | None, now_s: int) -> int | None:
    """When an entry goes, in s since 1970; None if it stays. A time to live counts more."""
    if ttl_s is not None:
        invalid = f"Invalid expiration_ttl of {ttl_s}."
        if ttl_s <= 0:
            raise KvError(400, f"{invalid} Please specify integer greater than 0.")
        if ttl_s < _MIN_TTL_S:
            raise KvError(400, f"{invalid} Expiration TTL must be at least {_MIN_TTL_S}.")
        return now_s + ttl_s
    if expiration_s is not None:
        invalid = f"Invalid expiration of {expiration_s}."
        if expiration_s <= now_s:
            raise KvError(
                400,
                f"{invalid} Please specify integer greater than the current number of seconds"
                " since the UNIX epoch.",
            )
        if expiration_s < now_s + _MIN_TTL_S:
            raise KvError(
                400,
                f"{invalid} Expiration times must be at least {_MIN_TTL_S} seconds in the future.",
            )
    return expiration_s
