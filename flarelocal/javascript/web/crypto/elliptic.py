"""ECDSA and ECDH (workerd, api/crypto/ec.c++)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from flarelocal.javascript.errors import dom_exception, error, type_error
from flarelocal.javascript.signature import Options
from flarelocal.javascript.web.crypto.agreement import peer_of, shortened
from flarelocal.javascript.web.crypto.asymmetric import (
    AsymmetricKey,
    key_pair,
    library_hash,
    require_type,
)
from flarelocal.javascript.web.crypto.json_web_key import JsonWebKey, base64url
from flarelocal.javascript.web.crypto.key import CryptoKey, KeyData, KeyRequest
from flarelocal.javascript.web.crypto.key_import import read_key
from flarelocal.javascript.web.crypto.parameters import Algorithm
from flarelocal.javascript.web.crypto.points import key_of_point, key_of_texts
from flarelocal.javascript.web.crypto.usages import DERIVING, checked_usages

__all__ = ["generate_key", "import_key"]

_CURVES: dict[str, Callable[[], ec.EllipticCurve]] = {
    "P-256": ec.SECP256R1,
    "P-384": ec.SECP384R1,
    "P-521": ec.SECP521R1,
}
_USAGES = {"ECDSA": frozenset({"sign", "verify"}), "ECDH": DERIVING}
_NO_HASH = (
    'Missing "hash" in AlgorithmIdentifier. (ECDSA requires that the hash algorithm be specified at'
    " call time rather than on the key. This differs from other WebCrypto algorithms for"
    " historical reasons.)"
)


class _EllipticKey(AsymmetricKey):
    __slots__ = ()

    @property
    def _size(self) -> int:
        """Of a coordinate, in bytes."""
        return -(-int(self.key.curve.key_size) // 8)

    def sign(self, algorithm: Algorithm, data: bytes) -> bytes:
        require_type(self, "private", "Asymmetric signing requires a private key.")
        one, other = decode_dss_signature(self.key.sign(data, self._scheme(algorithm)))
        return one.to_bytes(self._size, "big") + other.to_bytes(self._size, "big")

    def verify(self, algorithm: Algorithm, signature: bytes, data: bytes) -> bool:
        require_type(self, "public", "Asymmetric verification requires a public key.")
        scheme = self._scheme(algorithm)
        if len(signature) != 2 * self._size:
            return False
        numbers = (signature[: self._size], signature[self._size :])
        encoded = encode_dss_signature(*(int.from_bytes(number, "big") for number in numbers))
        try:
            self.key.verify(encoded, data, scheme)
        except InvalidSignature:
            return False
        return True

    def _scheme(self, algorithm: Algorithm) -> ec.ECDSA:
        if algorithm.get("hash") is None:
            raise type_error(_NO_HASH)
        digest = library_hash(algorithm.get("hash"))
        if digest.name == "md5":
            raise error("internal error; ECDSA does not work with MD5, use SHA-256.")
        return ec.ECDSA(digest)

    def derive_bits(self, algorithm: Algorithm, length: int | None) -> bytes:
        peer = peer_of(self, algorithm, "ECDH")
        return shortened(self.key.exchange(ec.ECDH(), peer.key), length)

    def export_raw(self) -> bytes:
        require_type(
            self, "public", "Raw export of elliptic curve keys is only allowed for public keys."
        )
        raw: bytes = self.key.public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return raw

    def export_jwk(self, usages: list[str]) -> JsonWebKey:
        private = self.type == "private"
        numbers = (self.key.public_key() if private else self.key).public_numbers()
        secret = self.key.private_numbers().private_value if private else None
        return JsonWebKey(
            "EC",
            crv=self.described["namedCurve"],
            x=base64url(numbers.x, self._size),
            y=base64url(numbers.y, self._size),
            d=None if secret is None else base64url(secret, self._size),
            key_ops=usages,
            ext=True,
        )


def generate_key(request: KeyRequest) -> Options:
    """A new pair."""
    usages = checked_usages(request.usages, _USAGES[request.name], request.name, "generate")
    curve = _curve_name(request)
    private = ec.generate_private_key(_CURVES[curve]())
    return key_pair(
        _EllipticKey(_described(request, curve), "public", private.public_key()),
        _EllipticKey(_described(request, curve), "private", private),
        request,
        usages,
    )


def import_key(request: KeyRequest, format: str, data: KeyData) -> CryptoKey:
    """A key of a point, in DER or of a JSON Web Key."""
    curve = _curve_name(request)
    if format == "raw" and not isinstance(data, JsonWebKey):
        allowed = frozenset({"verify"} if request.name == "ECDSA" else ())
        usages = checked_usages(request.usages, allowed, request.name, "import public")
        point = key_of_point(data, _CURVES[curve]())
        key = _EllipticKey(_described(request, curve), "public", point)
        return CryptoKey(key, request.extractable, usages)
    imported = read_key(
        request,
        format,
        data,
        _USAGES[request.name],
        lambda jwk: key_of_texts(jwk, request.name, curve, _CURVES[curve]()),
    )
    _check_curve(request, imported.key, curve)
    key = _EllipticKey(_described(request, curve), imported.type, imported.key)
    return CryptoKey(key, request.extractable, imported.usages)


def _curve_name(request: KeyRequest) -> str:
    name: str = request.algorithm.require("namedCurve")
    if name.upper() not in _CURVES:
        raise dom_exception(
            f'Unrecognized or unimplemented EC curve "{name}" requested.', "NotSupportedError"
        )
    return name.upper()


def _described(request: KeyRequest, curve: str) -> Options:
    return {"name": request.name, "namedCurve": curve}


def _check_curve(request: KeyRequest, key: Any, curve: str) -> None:
    if not isinstance(key, ec.EllipticCurvePrivateKey | ec.EllipticCurvePublicKey):
        what = "an EC key" if request.name == "ECDSA" else "an EC public key nor a DH key"
        raise dom_exception(f"Input was not {what}.", "DataError")
    if key.curve.name != _CURVES[curve]().name:
        comma = "" if request.name == "ECDSA" else ","
        raise dom_exception(
            f'"algorithm.namedCurve" "{request.algorithm.get("namedCurve")}"{comma} does not match'
            " the curve specified by the input key data.",
            "DataError",
        )
