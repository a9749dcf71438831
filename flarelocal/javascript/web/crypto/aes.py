"""The keys of AES (workerd, api/crypto/aes.c++)."""

from __future__ import annotations

from itertools import pairwise

from cryptography.hazmat.primitives import keywrap

from flarelocal.javascript.errors import dom_exception
from flarelocal.javascript.web.crypto.aes_cbc import CbcKey
from flarelocal.javascript.web.crypto.aes_ctr import CtrKey
from flarelocal.javascript.web.crypto.aes_gcm import GcmKey
from flarelocal.javascript.web.crypto.aes_key import AesKey
from flarelocal.javascript.web.crypto.json_web_key import JsonWebKey, component
from flarelocal.javascript.web.crypto.key import CryptoKey, KeyData, KeyRequest
from flarelocal.javascript.web.crypto.parameters import Algorithm
from flarelocal.javascript.web.crypto.usages import checked_usages
from flarelocal.javascript.web.entropy import current_entropy

__all__ = ["generate_key", "import_key"]

_LENGTHS = (128, 192, 256)
_WRAPPING = frozenset({"wrapKey", "unwrapKey"})
_USAGES = _WRAPPING | {"encrypt", "decrypt"}


class _KwKey(AesKey):
    """AES-KW, which encrypts keys only (RFC 3394)."""

    __slots__ = ()

    def wrap(self, algorithm: Algorithm, data: bytes) -> bytes:
        if len(data) % 8:
            raise dom_exception(
                "Unwrapped key bit length must be a multiple of 64 bits but unwrapped key has a"
                f" length of {len(data) * 8} bits.",
                "OperationError",
            )
        if len(data) < 16:
            raise dom_exception(
                f"Unwrapped key has length {len(data)} bytes but it should be greater than or equal"
                f" to 16 and less than or equal to {2**64 - 9}",
                "OperationError",
            )
        return keywrap.aes_key_wrap(self.secret, data)

    def unwrap(self, algorithm: Algorithm, data: bytes) -> bytes:
        if len(data) % 8:
            raise dom_exception(
                f"Provided a wrapped key to unwrap that is {len(data) * 8} bits which isn't a"
                " multiple of 64 bits.",
                "OperationError",
            )
        if len(data) < 24:
            raise dom_exception(
                f"Provided a wrapped key to unwrap this is {len(data) * 8} bits that is less than"
                " the minimal length of 192 bits.",
                "OperationError",
            )
        try:
            return keywrap.aes_key_unwrap(self.secret, data)
        except keywrap.InvalidUnwrap:
            raise dom_exception("AES-KW key unwrapping failed.", "OperationError") from None


_KINDS: dict[str, type[AesKey]] = {
    "AES-CBC": CbcKey,
    "AES-CTR": CtrKey,
    "AES-GCM": GcmKey,
    "AES-KW": _KwKey,
}


def generate_key(request: KeyRequest) -> CryptoKey:
    """A new key."""
    usages = _usages(request, "generate")
    length = request.algorithm.require("length")
    if length not in _LENGTHS:
        raise dom_exception(
            f"Generated AES key length must be 128, 192, or 256 bits but requested {length}.",
            "OperationError",
        )
    return _key(request, current_entropy.get()(length // 8), usages)


def import_key(request: KeyRequest, format: str, data: KeyData) -> CryptoKey:
    """A key of bytes or of a JSON Web Key."""
    usages = _usages(request, "import secret")
    if isinstance(data, JsonWebKey):
        return _key(request, _secret_of(data, request), usages)
    if format != "raw":
        raise dom_exception(f'Unrecognized key import format "{format}".', "NotSupportedError")
    _check_length(data)
    return _key(request, data, usages)


def _usages(request: KeyRequest, action: str) -> list[str]:
    allowed = _WRAPPING if request.name == "AES-KW" else _USAGES
    return checked_usages(request.usages, allowed, request.name, action)


def _key(request: KeyRequest, secret: bytes, usages: list[str]) -> CryptoKey:
    return CryptoKey(_KINDS[request.name](request.name, secret), request.extractable, usages)


def _check_length(secret: bytes) -> None:
    if len(secret) * 8 not in _LENGTHS:
        raise dom_exception(
            "Imported AES key length must be 128, 192, or 256 bits but provided"
            f" {len(secret) * 8}.",
            "DataError",
        )


def _secret_of(key: JsonWebKey, request: KeyRequest) -> bytes:
    if key.kty != "oct":
        raise dom_exception(
            'Symmetric "jwk" key import requires a JSON Web Key with Key Type parameter "kty"'
            f' equal to "oct" (encountered "{key.kty}").',
            "DataError",
        )
    secret = component(
        key.k, 'Symmetric "jwk" key import requires a base64Url encoding of the key.'
    )
    _check_length(secret)
    expected = f"A{len(secret) * 8}{request.name.removeprefix('AES-')}"
    if key.alg is not None and key.alg != expected:
        raise dom_exception(
            f'Symmetric "jwk" key contains invalid "alg" value "{key.alg}", expected "{expected}".',
            "DataError",
        )
    if request.usages and key.use is not None and key.use != "enc":
        raise dom_exception(
            f'Symmetric "jwk" key must have a "use" of "enc", not "{key.use}".', "DataError"
        )
    if key.key_ops is not None:
        _check_operations(sorted(key.key_ops), request.usages)
    return secret


def _check_operations(operations: list[str], usages: list[str]) -> None:
    for one, next_one in pairwise(operations):
        if one == next_one:
            raise dom_exception(
                f'Symmetric "jwk" key contains duplicate value "{one}", in "key_op".', "DataError"
            )
    for usage in usages:
        if usage not in operations:
            raise dom_exception(f'"jwk" key missing usage "{usage}", in "key_ops".', "DataError")
