"""Ids of objects, byte for byte as workerd's local runtime derives them."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import field
from functools import cache
from random import Random

from flarelocal.dataclass import dataclass
from flarelocal.durable_objects.errors import DurableObjectError

__all__ = ["JURISDICTIONS", "GivenId", "IdentityFactory", "ObjectId"]

JURISDICTIONS = ("eu", "fedramp", "fedramp-high", "us")

_BASE_BYTES = 16
_HEX = re.compile(r"[0-9a-fA-F]{64}\Z")


@dataclass(frozen=True, slots=True)
class ObjectId:
    """The id of one object; ids are equal when their 32 bytes are.

    Attributes:
        hex: 64 lowercase hex digits.
        name: what `idFromName` was called with; None for other ids.
        unique_key: of the namespace which has made or checked the id; empty if none has.
    """

    hex: str
    name: str | None = field(default=None, compare=False)
    jurisdiction: str | None = field(default=None, compare=False)
    unique_key: str = field(default="", compare=False, repr=False)

    def __str__(self) -> str:
        return self.hex


class GivenId(ObjectId):
    """Any text which a facet was given as its id."""

    __slots__ = ()


class IdentityFactory:
    """Makes and checks the ids of one namespace (workerd: server/actor-id-impl.c++).

    A jurisdiction takes part in the second half of the id, so that the id tells it again.

    Args:
        unique_key: names the namespace, `<worker>-<class>` by default.
        random: where unique ids come from.
    """

    def __init__(self, unique_key: str, random: Random) -> None:
        self._unique_key = unique_key
        self._hmac = _keyed(unique_key)
        self._random = random

    def from_name(self, name: str, jurisdiction: str | None = None) -> ObjectId:
        """The id which belongs to `name`, the same each time.

        Raises:
            DurableObjectError: the jurisdiction is unknown.
        """
        salt = f"{jurisdiction}\0" if jurisdiction else ""
        return self._complete(self._digest(f"{salt}{name}".encode()), name, jurisdiction)

    def unique(self, jurisdiction: str | None = None) -> ObjectId:
        """A new id.

        Raises:
            DurableObjectError: the jurisdiction is unknown.
        """
        return self._complete(self._random.randbytes(_BASE_BYTES), None, jurisdiction)

    def from_string(self, text: str) -> ObjectId:
        """The id whose hex digits are `text`; its name is unknown.

        Raises:
            DurableObjectError: `text` is not an id, or is one of another namespace.
        """
        if not _HEX.match(text):
            raise DurableObjectError(
                "Invalid Durable Object ID: must be 64 hex digits", "TypeError"
            )
        raw = bytes.fromhex(text)
        base, mac = raw[:_BASE_BYTES], raw[_BASE_BYTES:]
        for jurisdiction in (None, *JURISDICTIONS):
            if hmac.compare_digest(mac, self._mac(base, jurisdiction)):
                return ObjectId(raw.hex(), None, jurisdiction, self._unique_key)
        raise DurableObjectError("Durable Object ID is not valid for this namespace.", "TypeError")

    def require(self, id: ObjectId) -> None:
        """Raise if the id is one of another namespace."""
        if id.unique_key != self._unique_key:
            self.from_string(id.hex)

    def _complete(self, base: bytes, name: str | None, jurisdiction: str | None) -> ObjectId:
        if jurisdiction is not None and jurisdiction not in JURISDICTIONS:
            known = ", ".join(JURISDICTIONS)
            raise DurableObjectError(
                f'Unknown jurisdiction "{jurisdiction}": use one of {known}.', "TypeError"
            )
        raw = base + self._mac(base, jurisdiction)
        return ObjectId(raw.hex(), name, jurisdiction, self._unique_key)

    def _mac(self, base: bytes, jurisdiction: str | None) -> bytes:
        return self._digest(base + jurisdiction.encode() if jurisdiction else base)

    def _digest(self, data: bytes) -> bytes:
        keyed = self._hmac.copy()
        keyed.update(data)
        return keyed.digest()[:_BASE_BYTES]


@cache
def _keyed(unique_key: str) -> hmac.HMAC:
    return hmac.new(hashlib.sha256(unique_key.encode()).digest(), None, "sha256")
