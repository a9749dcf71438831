"""Which algorithms there are; each is imported when its first key is made."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, cast

from flarelocal.javascript.errors import dom_exception
from flarelocal.javascript.signature import Options
from flarelocal.javascript.web.crypto.key import CryptoKey, KeyData, KeyRequest
from flarelocal.javascript.web.crypto.parameters import Algorithm

__all__ = ["generated_key", "imported_key"]

_FAMILIES = {
    "AES-CBC": "aes",
    "AES-CTR": "aes",
    "AES-GCM": "aes",
    "AES-KW": "aes",
    "ECDH": "elliptic",
    "ECDSA": "elliptic",
    "Ed25519": "edwards",
    "HKDF": "derivation",
    "HMAC": "hmac_key",
    "NODE-ED25519": "edwards",
    "PBKDF2": "derivation",
    "RSA-OAEP": "rsa",
    "RSA-PSS": "rsa",
    "RSA-RAW": "rsa",
    "RSASSA-PKCS1-v1_5": "rsa",
    "X25519": "edwards",
}
"""Name of the algorithm → the module of this package."""

_NAMES = {name.upper(): name for name in _FAMILIES}
_IMPORTED_ONLY = frozenset({"HKDF", "PBKDF2", "RSA-RAW"})


class _Family(Protocol):
    def import_key(self, request: KeyRequest, format: str, data: KeyData) -> CryptoKey: ...
    def generate_key(self, request: KeyRequest) -> CryptoKey | Options: ...


def _family(name: str) -> _Family:
    module = import_module(f"flarelocal.javascript.web.crypto.{_FAMILIES[name]}")
    return cast("_Family", module)


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
    key = _family(name).import_key(request, format, data)
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
