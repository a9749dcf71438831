"""Which algorithms there are; each is imported when its first key is made."""

from __future__ import annotations

from typing import Protocol

from flarelocal.javascript.errors import dom_exception
from flarelocal.javascript.signature import Options
from flarelocal.javascript.web.crypto.key import CryptoKey, KeyData, KeyRequest
from flarelocal.javascript.web.crypto.parameters import Algorithm

__all__ = ["generated_key", "imported_key"]

_NAMES = {
    name.upper(): name
    for name in (
        "AES-CBC",
        "AES-CTR",
        "AES-GCM",
        "AES-KW",
        "ECDH",
        "ECDSA",
        "Ed25519",
        "HKDF",
        "HMAC",
        "NODE-ED25519",
        "PBKDF2",
        "RSA-OAEP",
        "RSA-PSS",
        "RSA-RAW",
        "RSASSA-PKCS1-v1_5",
        "X25519",
    )
}
"""Name in capitals → name in the case of the specification."""

_PASSWORDS = ("HKDF", "PBKDF2")
_IMPORTED_ONLY = (*_PASSWORDS, "RSA-RAW")


class _Importer(Protocol):
    def import_key(self, request: KeyRequest, format: str, data: KeyData) -> CryptoKey: ...


class _Family(_Importer, Protocol):
    def generate_key(self, request: KeyRequest) -> CryptoKey | Options: ...


def _importer(name: str) -> _Importer:
    if name in _PASSWORDS:
        from flarelocal.javascript.web.crypto import derivation

        return derivation
    return _family(name)


def _family(name: str) -> _Family:
    if name == "HMAC":
        from flarelocal.javascript.web.crypto import hmac_key

        return hmac_key
    if name.startswith("AES-"):
        from flarelocal.javascript.web.crypto import aes

        return aes
    if name.startswith("RSA"):
        from flarelocal.javascript.web.crypto import rsa

        return rsa
    if name in ("ECDH", "ECDSA"):
        from flarelocal.javascript.web.crypto import elliptic

        return elliptic
    from flarelocal.javascript.web.crypto import edwards

    return edwards


def imported_key(
    format: str, data: KeyData, algorithm: Algorithm, extractable: bool, usages: list[str]
) -> CryptoKey:
    """A key that the program has.

    Raises:
        JsError: NotSupportedError, DataError, SyntaxError or OperationError, as the runtime says.
    """
    name = _NAMES.get(algorithm.name.upper())
    if name is None:
        raise dom_exception(
            f'Unrecognized key import algorithm "{algorithm.name}" requested.', "NotSupportedError"
        )
    request = KeyRequest(name, algorithm, extractable, usages)
    key = _importer(name).import_key(request, format, data)
    _check_usable(key)
    return key


def generated_key(
    algorithm: Algorithm, extractable: bool, usages: list[str]
) -> CryptoKey | Options:
    """A new key, or a new pair.

    Raises:
        JsError: NotSupportedError, SyntaxError or OperationError, as the runtime says.
    """
    name = _NAMES.get(algorithm.name.upper())
    if name is None or name in _IMPORTED_ONLY:
        raise dom_exception(
            f'Unrecognized key generation algorithm "{algorithm.name}" requested.',
            "NotSupportedError",
        )
    made = _family(name).generate_key(KeyRequest(name, algorithm, extractable, usages))
    if isinstance(made, CryptoKey):
        _check_usable(made)
    elif not made["privateKey"].usages:
        raise dom_exception(
            "Attempt to generate asymmetric keys with no valid private key usages.", "SyntaxError"
        )
    return made


def _check_usable(key: CryptoKey) -> None:
    if not key.usages and key.type != "public":
        raise dom_exception(
            "Secret/private CryptoKeys must have at least one usage.", "SyntaxError"
        )
