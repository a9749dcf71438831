"""How much an object may store, and how much of it at once."""

from __future__ import annotations

from flarelocal.dataclass import dataclass
from flarelocal.durable_objects.errors import DurableObjectError

__all__ = ["Limits"]

# A serialised value may be this much larger than the documented limit.
_VALUE_SLACK = 34


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of storage; None is no limit (Cloudflare: Durable Objects, Limits).

    Attributes:
        key_bytes: of a key of the key-value API, in UTF-8.
        value_bytes: of a serialised value.
        keys_per_call: in one get, put or delete.
        sql_bytes: of a string, BLOB or row in SQLite; key and value together are a row.
        file_bytes: of all that an object stores.
    """

    key_bytes: int | None = None
    value_bytes: int | None = None
    keys_per_call: int | None = None
    sql_bytes: int = 4 * 1024 * 1024
    file_bytes: int = 10 * 1000**3

    @property
    def unchecked_bytes(self) -> int:
        """What a key and a value take together, 4 bytes for each character, is then allowed."""
        allowed = self.sql_bytes
        if self.key_bytes is not None:
            allowed = min(allowed, self.key_bytes)
        return allowed if self.value_bytes is None else min(allowed, self.value_bytes)

    @classmethod
    def production(cls, *, sqlite: bool) -> Limits:
        """What the service enforces on classes with SQLite, or on those without."""
        if sqlite:
            return cls(keys_per_call=128, sql_bytes=2_000_000)
        return cls(key_bytes=2048, value_bytes=131_072, keys_per_call=128)

    @classmethod
    def local(cls) -> Limits:
        """What workerd on its own enforces."""
        return cls()

    def check_count(self, count: int) -> None:
        """Raise if one call has too many keys."""
        if self.keys_per_call is not None and count > self.keys_per_call:
            raise DurableObjectError(
                f"Maximum number of key value pairs is {self.keys_per_call}. "
                f"{count} pairs were provided.",
                "RangeError",
            )

    def check_key(self, key: str) -> None:
        """Raise if the key is too long."""
        if self.key_bytes is None or len(key) * 4 <= self.key_bytes:
            return
        size = len(key.encode())
        if size > self.key_bytes:
            raise DurableObjectError(
                f"Keys cannot be larger than {self.key_bytes} bytes. "
                f"A key of size {size} was provided.",
                "RangeError",
            )

    def check_pair(self, key: str, value: bytes) -> None:
        """Raise if the key, the value or both together are too large."""
        self.check_key(key)
        if self.value_bytes is not None and len(value) > self.value_bytes + _VALUE_SLACK:
            raise DurableObjectError(
                f"Values cannot be larger than {self.value_bytes} bytes. "
                f"A value of size {len(value)} was provided.",
                "RangeError",
            )
        size = len(key) + len(value)
        if size + 3 * len(key) > self.sql_bytes and len(key.encode()) + len(value) > self.sql_bytes:
            raise DurableObjectError("string or blob too big: SQLITE_TOOBIG")
