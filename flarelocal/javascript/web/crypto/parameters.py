"""The objects that name an algorithm and its parameters (workerd, api/crypto/crypto.h).

All members that the runtime knows are converted before anything is done with them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Self, TypeAlias

from flarelocal.javascript.binary import bytes_of, is_buffer_source
from flarelocal.javascript.errors import JsError, type_error
from flarelocal.javascript.host import HostObject
from flarelocal.javascript.numbers import to_int32
from flarelocal.javascript.signature import Options, properties_of
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value, null

__all__ = [
    "Algorithm",
    "DeriveKeyAlgorithm",
    "EncryptAlgorithm",
    "GenerateKeyAlgorithm",
    "HashAlgorithm",
    "ImportKeyAlgorithm",
    "SignAlgorithm",
    "incorrect_member",
    "uninitialised",
]

_Read: TypeAlias = Callable[[Value, str, str], Any]
"""Converts a member; is also given its name and that of its object."""


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


def _text(value: Value, member: str, owner: str) -> str:
    return to_string(value)


def _integer(value: Value, member: str, owner: str) -> int:
    return to_int32(value)


def _bytes(value: Value, member: str, owner: str) -> bytes:
    if not is_buffer_source(value):
        raise incorrect_member(member, owner, "BufferSource")
    return bytes_of(value)


def _hash(value: Value, member: str, owner: str) -> str:
    return HashAlgorithm.from_javascript(value).name


def _key(value: Value, member: str, owner: str) -> HostObject:
    if not isinstance(value, HostObject) or value.js_name != "CryptoKey":
        raise incorrect_member(member, owner, "CryptoKey")
    return value


class Algorithm:
    """What a program says of an algorithm.

    Attributes:
        name: as the program writes it.
        given: the parameters that are there, converted.

    Class attributes:
        members: the parameters that there may be, and how each is converted.
    """

    __slots__ = ("given", "name")

    js_type: ClassVar[str]
    members: ClassVar[Mapping[str, _Read]] = MappingProxyType({})

    def __init__(self, name: str, given: Options) -> None:
        self.name = name
        self.given = given

    def __init_subclass__(cls) -> None:
        cls.js_type = f"string or {cls.__name__}"

    @classmethod
    def from_javascript(cls, value: Value) -> Self:
        """What an object says; anything but an object is the name itself.

        Raises:
            JsError: TypeError for undefined and null, and for a member of the wrong type.
        """
        owner = cls.__name__
        if value is None or value is null:
            raise uninitialised(owner)
        properties = properties_of(value)
        if properties is None:
            return cls(to_string(value), {})
        name = to_string(properties.get("name"))
        given = {
            member: read(properties[member], member, owner)
            for member, read in cls.members.items()
            if properties.get(member) is not None
        }
        return cls(name, given)

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


class HashAlgorithm(Algorithm):
    """A hash function."""

    __slots__ = ()


class EncryptAlgorithm(Algorithm):
    """How data or keys are encrypted."""

    __slots__ = ()
    members = MappingProxyType(
        {
            "iv": _bytes,
            "additionalData": _bytes,
            "tagLength": _integer,
            "counter": _bytes,
            "length": _integer,
            "label": _bytes,
        }
    )


class SignAlgorithm(Algorithm):
    """How data are signed."""

    __slots__ = ()
    members = MappingProxyType({"hash": _hash, "dataLength": _integer, "saltLength": _integer})


class GenerateKeyAlgorithm(Algorithm):
    """What a new key shall be like."""

    __slots__ = ()
    members = MappingProxyType(
        {
            "hash": _hash,
            "modulusLength": _integer,
            "publicExponent": _bytes,
            "length": _integer,
            "namedCurve": _text,
        }
    )


class ImportKeyAlgorithm(Algorithm):
    """What a key is for that comes in."""

    __slots__ = ()
    members = MappingProxyType({"hash": _hash, "length": _integer, "namedCurve": _text})


class DeriveKeyAlgorithm(Algorithm):
    """How a secret is derived of a key."""

    __slots__ = ()
    members = MappingProxyType(
        {
            "salt": _bytes,
            "iterations": _integer,
            "hash": _hash,
            "public": _key,
            "info": _bytes,
        }
    )
