"""RSASSA-PKCS1-v1_5, RSA-PSS and RSA-OAEP (workerd, api/crypto/rsa.c++)."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPublicKey,
    generate_private_key,
)

from flarelocal.javascript.binary import Uint8Array
from flarelocal.javascript.errors import dom_exception
from flarelocal.javascript.signature import Options
from flarelocal.javascript.web.crypto.asymmetric import key_pair
from flarelocal.javascript.web.crypto.digests import digest_name
from flarelocal.javascript.web.crypto.key import CryptoKey, KeyData, KeyRequest
from flarelocal.javascript.web.crypto.key_import import read_key
from flarelocal.javascript.web.crypto.rsa_key import RsaKey
from flarelocal.javascript.web.crypto.rsa_numbers import (
    RsaNumbers,
    bytes_of_number,
    check_imported,
    check_new,
    numbers_of_texts,
)
from flarelocal.javascript.web.crypto.rsa_oaep import OaepKey
from flarelocal.javascript.web.crypto.rsa_signing import Pkcs1Key, PssKey, RawKey
from flarelocal.javascript.web.crypto.usages import checked_usages

__all__ = ["generate_key", "import_key"]

_KINDS: dict[str, type[RsaKey]] = {
    "RSA-OAEP": OaepKey,
    "RSA-PSS": PssKey,
    "RSA-RAW": RawKey,
    "RSASSA-PKCS1-v1_5": Pkcs1Key,
}
_SIGNING = frozenset({"sign", "verify"})
_ENCRYPTING = frozenset({"encrypt", "decrypt", "wrapKey", "unwrapKey"})
_SMALLEST_OF_RUNTIME = 512
_SMALLEST = 1024


def generate_key(request: KeyRequest) -> Options:
    """A new pair."""
    exponent: bytes = request.algorithm.require("publicExponent")
    digest: str = request.algorithm.require("hash")
    length: int = request.algorithm.require("modulusLength")
    if length <= 0:
        raise dom_exception(
            f"modulusLength must be greater than zero (requested {length}).", "OperationError"
        )
    digest = digest_name(digest)
    usages = checked_usages(request.usages, _allowed(request.name), request.name, "generate")
    check_new(length, exponent)
    if length < _SMALLEST_OF_RUNTIME:
        raise dom_exception("RSA key size is too small.", "OperationError")
    if length < _SMALLEST:
        raise dom_exception(
            f"flarelocal makes no RSA keys of less than {_SMALLEST} bits; use 2048.",
            "OperationError",
        )
    private = generate_private_key(int.from_bytes(exponent, "big"), length)
    kind = _KINDS[request.name]
    return key_pair(
        kind(_described(request.name, length, exponent, digest), "public", private.public_key()),
        kind(_described(request.name, length, exponent, digest), "private", private),
        request,
        usages,
    )


def import_key(request: KeyRequest, format: str, data: KeyData) -> CryptoKey:
    """A key in DER or of a JSON Web Key."""
    raw = request.name == "RSA-RAW"
    digest = None if raw else digest_name(request.algorithm.require("hash"))
    imported = read_key(
        request,
        format,
        data,
        _allowed(request.name),
        lambda jwk: numbers_of_texts(jwk, request, digest),
    )
    if raw and imported.type != "private":
        raise dom_exception(
            f'RSA-RAW only supports private keys but requested "{imported.type}".', "DataError"
        )
    read = imported.key
    if not isinstance(read, RsaNumbers | RSAPrivateKey | RSAPublicKey):
        raise dom_exception("Input was not an RSA key.", "DataError")
    numbers = read if isinstance(read, RsaNumbers) else RsaNumbers.of(read)
    check_imported(numbers)
    exponent = bytes_of_number(numbers.exponent)
    described = _described(request.name, numbers.modulus_length, exponent, digest)
    kind = _KINDS[request.name]
    if isinstance(read, RsaNumbers):
        material = kind(described, imported.type, read.key(), read.crt is not None)
    else:
        material = kind(described, imported.type, read)
    return CryptoKey(material, request.extractable, imported.usages)


def _allowed(name: str) -> frozenset[str]:
    return _ENCRYPTING if name == "RSA-OAEP" else _SIGNING


def _described(name: str, length: int, exponent: bytes, digest: str | None) -> Options:
    described: Options = {
        "name": name,
        # The runtime keeps the length in 16 bits.
        "modulusLength": length & 0xFFFF,
        "publicExponent": Uint8Array.of_bytes(exponent),
    }
    return described if digest is None else described | {"hash": {"name": digest}}
