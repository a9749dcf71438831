"""Pairs of keys, and how they go out (workerd, api/crypto/keys.c++)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization

from flarelocal.javascript.errors import dom_exception
from flarelocal.javascript.signature import Options
from flarelocal.javascript.web.crypto.digests import digest_name
from flarelocal.javascript.web.crypto.json_web_key import JsonWebKey
from flarelocal.javascript.web.crypto.key import CryptoKey, KeyData, KeyRequest, Material
from flarelocal.javascript.web.crypto.usages import OF_PRIVATE_KEYS, OF_PUBLIC_KEYS

__all__ = ["AsymmetricKey", "key_pair", "library_hash", "require_type"]

_ACCESS = "InvalidAccessError"

_HASHES: dict[str, Callable[[], hashes.HashAlgorithm]] = {
    "MD5": hashes.MD5,
    "SHA-1": hashes.SHA1,
    "SHA-256": hashes.SHA256,
    "SHA-384": hashes.SHA384,
    "SHA-512": hashes.SHA512,
}


def library_hash(name: str) -> hashes.HashAlgorithm:
    """The hash function of the library.

    Raises:
        JsError: NotSupportedError where there is no such hash function.
    """
    return _HASHES[digest_name(name)]()


class AsymmetricKey(Material, ABC):
    """One key of a pair.

    Args:
        key: of the library.
    """

    __slots__ = ("key",)

    def __init__(self, described: Options, type: str, key: Any) -> None:
        super().__init__(described, type)
        self.key = key

    @abstractmethod
    def export_jwk(self, usages: list[str]) -> JsonWebKey:
        """The key as texts."""

    @abstractmethod
    def export_raw(self) -> bytes:
        """The public key in as few bytes as there can be.

        Raises:
            JsError: InvalidAccessError for other keys.
        """

    def export(self, format: str, usages: list[str]) -> KeyData:
        if format == "jwk":
            return self.export_jwk(usages)
        if format == "raw":
            return self.export_raw()
        if format == "pkcs8":
            self._check_type("private", format)
            return self.export_pkcs8()
        if format == "spki":
            self._check_type("public", format)
            der: bytes = self.key.public_bytes(
                serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
            )
            return der
        raise dom_exception(f'Cannot export "{self.name}" in "{format}" format.', _ACCESS)

    def export_pkcs8(self) -> bytes:
        """The private key in DER."""
        der: bytes = self.key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return der

    def _check_type(self, type: str, format: str) -> None:
        if self.type != type:
            raise dom_exception(
                f'Asymmetric {format} export requires {type} key (not "{self.type}").', _ACCESS
            )


def require_type(key: Material, type: str, refusal: str) -> None:
    """Check which key of the pair it is.

    Raises:
        JsError: InvalidAccessError with this message for the other one.
    """
    if key.type != type:
        raise dom_exception(refusal, _ACCESS)


def key_pair(
    public: AsymmetricKey, private: AsymmetricKey, request: KeyRequest, usages: list[str]
) -> Options:
    """A CryptoKeyPair of new keys."""
    return {
        "publicKey": CryptoKey(public, True, [one for one in usages if one in OF_PUBLIC_KEYS]),
        "privateKey": CryptoKey(
            private, request.extractable, [one for one in usages if one in OF_PRIVATE_KEYS]
        ),
    }
