"""JSON Web Keys (RFC 7517 and 7518)."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any, TypeAlias

from flarelocal.dataclass import dataclass
from flarelocal.javascript.errors import dom_exception, type_error
from flarelocal.javascript.signature import Options, properties_of, to_boolean
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.crypto.parameters import incorrect_member, uninitialised

__all__ = ["JsonWebKey", "base64url", "component"]

_OWNER = "JsonWebKey"
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]*={0,2}")


@dataclass(frozen=True, slots=True)
class JsonWebKey:
    """A key as an object of texts; its members come in the order in which the runtime has them.

    Attributes:
        oth: whether there are more than two primes.
    """

    kty: str
    use: str | None = None
    key_ops: list[str] | None = None
    alg: str | None = None
    ext: bool | None = None
    crv: str | None = None
    x: str | None = None
    y: str | None = None
    d: str | None = None
    n: str | None = None
    e: str | None = None
    p: str | None = None
    q: str | None = None
    dp: str | None = None
    dq: str | None = None
    qi: str | None = None
    oth: bool | None = None
    k: str | None = None

    @classmethod
    def of(cls, value: Value) -> JsonWebKey | None:
        """The key that an object describes; None where the value is no object.

        Raises:
            JsError: TypeError for a member of the wrong type, and for undefined and null.
        """
        if value is None or value is null:
            raise uninitialised(_OWNER)
        properties = properties_of(value)
        if properties is None:
            return None
        members = {
            member: read(properties[member], member)
            for member, read in _MEMBERS.items()
            if properties.get(member) is not None
        }
        return cls(to_string(properties.get("kty")), **members)

    def to_options(self) -> Options:
        """The object of this key; the runtime gives it all members, many of them undefined."""
        members = {"kty": self.kty} | {member: getattr(self, member) for member in _MEMBERS}
        return members | {"pub": None, "priv": None}


def base64url(data: bytes | int, size: int | None = None) -> str:
    """The text of bytes, or of a number.

    Args:
        size: how many bytes the number takes; without it, as few as will do.
    """
    if isinstance(data, int):
        data = data.to_bytes((data.bit_length() + 7) // 8 if size is None else size, "big")
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def component(text: str | None, refusal: str) -> bytes:
    """The bytes of a member.

    Raises:
        JsError: DataError with this message where the member is missing, or no base64.
    """
    if text is not None:
        compact = "".join(text.split())
        digits = compact.rstrip("=")
        missing = -len(digits) % 4
        if (
            _BASE64.fullmatch(compact)
            and missing < 3
            and compact in (digits, digits + "=" * missing)
        ):
            padded = digits + "=" * missing
            return base64.b64decode(padded.replace("-", "+").replace("_", "/"))
    raise dom_exception(refusal, "DataError")


_Read: TypeAlias = Callable[[Value, str], Any]


def _text(value: Value, member: str) -> str:
    return to_string(value)


def _texts(value: Value, member: str) -> list[str]:
    if not isinstance(value, list):
        raise incorrect_member(member, _OWNER, "Array")
    return [to_string(item) for item in value]


def _flag(value: Value, member: str) -> bool:
    return to_boolean(value)


def _other_primes(value: Value, member: str) -> bool:
    if not isinstance(value, list):
        raise incorrect_member(member, _OWNER, "Array")
    for index, item in enumerate(value):
        if properties_of(item) is None:
            raise type_error(
                f"Incorrect type for array element {index}: the provided value is not of type"
                " 'RsaOtherPrimesInfo'."
            )
    return True


_MEMBERS: dict[str, _Read] = {
    "use": _text,
    "key_ops": _texts,
    "alg": _text,
    "ext": _flag,
    "crv": _text,
    "x": _text,
    "y": _text,
    "d": _text,
    "n": _text,
    "e": _text,
    "p": _text,
    "q": _text,
    "dp": _text,
    "dq": _text,
    "qi": _text,
    "oth": _other_primes,
    "k": _text,
}
