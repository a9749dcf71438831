"""CryptoKey: a key, and what can be done with it."""

from __future__ import annotations

from typing import TypeAlias

from flarelocal.dataclass import dataclass
from flarelocal.javascript.errors import JsError, dom_exception
from flarelocal.javascript.host import HostObject, getter
from flarelocal.javascript.signature import Options
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.crypto.json_web_key import JsonWebKey
from flarelocal.javascript.web.crypto.parameters import Algorithm

__all__ = ["CryptoKey", "KeyData", "KeyRequest", "Material"]

KeyData: TypeAlias = bytes | JsonWebKey
"""A key outside of the runtime."""


@dataclass(frozen=True, slots=True)
class KeyRequest:
    """The key that a program asks for.

    Attributes:
        name: of the algorithm, in the case of the specification.
        algorithm: with its parameters.
        usages: as the program names them.
    """

    name: str
    algorithm: Algorithm
    extractable: bool
    usages: list[str]


class Material:
    """What a key is made of; the base refuses every operation.

    Args:
        described: the algorithm as programs see it; its `name` is there.
        type: `secret`, `public` or `private`.
    """

    __slots__ = ("described", "type")

    def __init__(self, described: Options, type: str = "secret") -> None:
        self.described = described
        self.type = type

    @property
    def name(self) -> str:
        """Of the algorithm."""
        return str(self.described["name"])

    def encrypt(self, algorithm: Algorithm, data: bytes) -> bytes:
        raise self._refusal("encrypt operation is")

    def decrypt(self, algorithm: Algorithm, data: bytes) -> bytes:
        raise self._refusal("decrypt operation is")

    def sign(self, algorithm: Algorithm, data: bytes) -> bytes:
        raise self._refusal("sign operation is")

    def verify(self, algorithm: Algorithm, signature: bytes, data: bytes) -> bool:
        raise self._refusal("verify operation is")

    def derive_bits(self, algorithm: Algorithm, length: int | None) -> bytes:
        """A secret of this length in bits; None: of the length that comes by itself."""
        raise self._refusal("deriveKey and deriveBits operations are")

    def wrap(self, algorithm: Algorithm, data: bytes) -> bytes:
        """Encrypt a key."""
        return self.encrypt(algorithm, data)

    def unwrap(self, algorithm: Algorithm, data: bytes) -> bytes:
        """Decrypt a key."""
        return self.decrypt(algorithm, data)

    def export(self, format: str, usages: list[str]) -> KeyData:
        """The key itself.

        Args:
            usages: what a JSON Web Key shall say of it.
        """
        raise dom_exception(
            f'Unrecognized or unsupported export of "{self.name}" requested.', "NotSupportedError"
        )

    def _refusal(self, what: str) -> JsError:
        return dom_exception(f'The {what} not implemented for "{self.name}".', "NotSupportedError")


class CryptoKey(HostObject):
    """A key; its material never leaves it unless it is extractable."""

    __slots__ = ("_allowed", "_extractable", "_shown_algorithm", "_shown_usages", "material")

    def __init__(self, material: Material, extractable: bool, usages: list[str]) -> None:
        self.material = material
        self._extractable = extractable
        self._allowed = usages
        # Programs may change what they are shown, which changes nothing about the key.
        self._shown_usages = list(usages)
        self._shown_algorithm = {
            member: dict(value) if isinstance(value, dict) else value
            for member, value in material.described.items()
        }

    @getter(own=True)
    def usages(self) -> list[Value]:
        return self._shown_usages

    @getter(own=True)
    def algorithm(self) -> Value:
        return self._shown_algorithm

    @getter(own=True)
    def extractable(self) -> bool:
        return self._extractable

    @getter(own=True)
    def type(self) -> str:
        return self.material.type

    def allow(self, algorithm: Algorithm, usage: str) -> Material:
        """The material, for this.

        Raises:
            JsError: InvalidAccessError where the key is not for it.
        """
        if algorithm.name.upper() != self.material.name.upper():
            raise dom_exception(
                f'Requested algorithm "{algorithm.name}" does not match this CryptoKey\'s'
                f' algorithm "{self.material.name}".',
                "InvalidAccessError",
            )
        if usage not in self._allowed:
            raise dom_exception(
                f'Requested key usage "{usage}" does not match any usage listed in this CryptoKey.',
                "InvalidAccessError",
            )
        return self.material

    def export(self, format: str) -> KeyData:
        """The key itself.

        Raises:
            JsError: InvalidAccessError where it may not leave, NotSupportedError for a format that
                it does not have.
        """
        if not self._extractable:
            raise dom_exception(
                f"Attempt to export non-extractable {self.material.name} key.",
                "InvalidAccessError",
            )
        return self.material.export(format, list(self._allowed))
