"""The objects that name an algorithm and its parameters (workerd, api/crypto/crypto.h).

All members that the runtime knows are converted before anything is done with them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from flarelocal.dataclass import dataclass
from flarelocal.javascript.binary import bytes_of, is_buffer_source
from flarelocal.javascript.errors import JsError, type_error
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.numbers import to_int32
from flarelocal.javascript.signature import Options, properties_of
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value, null

__all__ = [
    "DERIVE",
    "ENCRYPT",
    "GENERATE",
    "HASH",
    "IMPORT",
    "SIGN",
    "Algorithm",
    "Dictionary",
    "incorrect_member",
    "uninitialised",
]

_Read: TypeAlias = Callable[[Value, str, str], Any]
"""Converts a member; is also given its name and that of its object."""


@dataclass(frozen=True, slots=True)
class Algorithm:
    """What a program says of an algorithm.

    Attributes:
        name: as the program writes it.
        given: the parameters that are there, converted.
    """

    name: str
    given: Options

    def get(self, member: str, default: Any = None) -> Any:
        return self.given.get(member, default)

    def require(self, member: str, owner: str = "algorithm") -> Any:
        """A parameter.

        Raises:
            JsError: TypeError where it is missing.
        """
        if member not in self.given:
            raise type_error(f'Missing field "{member}" in "{owner}".')
        return self.given[member]


def incorrect_member(member: str, owner: str, expected: str) -> JsError:
    """The TypeError for a member of the wrong type."""
    return type_error(
        f"Incorrect type for the '{member}' field on '{owner}': the provided value is not of type"
        f" '{expected}'."
    )


def uninitialised(owner: str) -> JsError:
    """The TypeError where there is no object; the runtime names it as its compiler does."""
    return type_error(
        f"Cannot initialize N7workerd3api12SubtleCrypto{len(owner)}{owner}E with required members"
        " from an undefined or null value."
    )


class Dictionary:
    """A kind of such objects.

    Args:
        name: as refusals call it.
        members: how each is converted.
    """

    __slots__ = ("_members", "_name")

    def __init__(self, name: str, members: Mapping[str, _Read]) -> None:
        self._name = name
        self._members = members

    def read(self, value: Value) -> Algorithm:
        """What the object says; anything but an object is the name itself.

        Raises:
            JsError: TypeError for undefined and null, and for a member of the wrong type.
        """
        if value is None or value is null:
            raise uninitialised(self._name)
        properties = properties_of(value)
        if properties is None:
            return Algorithm(to_string(value), {})
        name = to_string(properties.get("name"))
        return Algorithm(
            name,
            {
                member: read(properties[member], member, self._name)
                for member, read in self._members.items()
                if properties.get(member) is not None
            },
        )


def _text(value: Value, member: str, owner: str) -> str:
    return to_string(value)


def _integer(value: Value, member: str, owner: str) -> int:
    return to_int32(value)


def _bytes(value: Value, member: str, owner: str) -> bytes:
    if not is_buffer_source(value):
        raise incorrect_member(member, owner, "BufferSource")
    return bytes_of(value)


def _hash(value: Value, member: str, owner: str) -> str:
    return HASH.read(value).name


def _key(value: Value, member: str, owner: str) -> HostObject:
    if not isinstance(value, HostObject) or value.js_name != "CryptoKey":
        raise incorrect_member(member, owner, "CryptoKey")
    return value


HASH: Final = Dictionary("HashAlgorithm", {})

ENCRYPT: Final = Dictionary(
    "EncryptAlgorithm",
    {
        "iv": _bytes,
        "additionalData": _bytes,
        "tagLength": _integer,
        "counter": _bytes,
        "length": _integer,
        "label": _bytes,
    },
)

SIGN: Final = Dictionary(
    "SignAlgorithm", {"hash": _hash, "dataLength": _integer, "saltLength": _integer}
)

GENERATE: Final = Dictionary(
    "GenerateKeyAlgorithm",
    {
        "hash": _hash,
        "modulusLength": _integer,
        "publicExponent": _bytes,
        "length": _integer,
        "namedCurve": _text,
    },
)

IMPORT: Final = Dictionary(
    "ImportKeyAlgorithm", {"hash": _hash, "length": _integer, "namedCurve": _text}
)

DERIVE: Final = Dictionary(
    "DeriveKeyAlgorithm",
    {
        "salt": _bytes,
        "iterations": _integer,
        "hash": _hash,
        "public": _key,
        "info": _bytes,
    },
)
