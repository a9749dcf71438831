"""Ed25519 and X25519 (workerd, api/crypto/ec.c++)."""

from __future__ import annotations

from typing import TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from flarelocal.javascript.errors import dom_exception
from flarelocal.javascript.signature import Options
from flarelocal.javascript.web.crypto.agreement import check_length, peer_of, shortened
from flarelocal.javascript.web.crypto.asymmetric import (
    AsymmetricKey,
    key_pair,
    require_type,
)
from flarelocal.javascript.web.crypto.json_web_key import JsonWebKey, base64url, component
from flarelocal.javascript.web.crypto.key import CryptoKey, KeyData, KeyRequest
from flarelocal.javascript.web.crypto.key_import import read_key
from flarelocal.javascript.web.crypto.parameters import Algorithm
from flarelocal.javascript.web.crypto.usages import DERIVING, checked_usages

__all__ = ["generate_key", "import_key"]

_Key: TypeAlias = Ed25519PrivateKey | Ed25519PublicKey | X25519PrivateKey | X25519PublicKey

_KINDS: dict[str, tuple[type[_Key], ...]] = {
    "Ed25519": (Ed25519PrivateKey, Ed25519PublicKey),
    "X25519": (X25519PrivateKey, X25519PublicKey),
}
_SIGNING = frozenset({"sign", "verify"})
_SIZE = 32
_SIGNATURE_SIZE = 64


class _EdwardsKey(AsymmetricKey):
    __slots__ = ()

    def sign(self, algorithm: Algorithm, data: bytes) -> bytes:
        require_type(self, "private", "Asymmetric signing requires a private key.")
        signature: bytes = self.key.sign(data)
        return signature

    def verify(self, algorithm: Algorithm, signature: bytes, data: bytes) -> bool:
        require_type(self, "public", "Asymmetric verification requires a public key.")
        if len(signature) != _SIGNATURE_SIZE:
            raise dom_exception(
                f"Invalid {self.name} signature length {len(signature)}", "OperationError"
            )
        try:
            self.key.verify(signature, data)
        except InvalidSignature:
            return False
        return True

    def derive_bits(self, algorithm: Algorithm, length: int | None) -> bytes:
        peer = peer_of(self, algorithm, "X25519")
        check_length(length, _SIZE * 8)
        try:
            secret = self.key.exchange(peer.key)
        except ValueError:
            raise dom_exception(
                "Failed to derive EDDH key: public key routines INVALID_PEER_KEY.",
                "OperationError",
            ) from None
        return shortened(secret, length)

    def export_raw(self) -> bytes:
        require_type(
            self, "public", f"Raw export of {self.name} keys is only allowed for public keys."
        )
        raw: bytes = self.key.public_bytes_raw()
        return raw

    def export_jwk(self, usages: list[str]) -> JsonWebKey:
        private = self.type == "private"
        public = self.key.public_key() if private else self.key
        return JsonWebKey(
            "OKP",
            crv=_curve(self.name),
            x=base64url(public.public_bytes_raw()),
            d=base64url(self.key.private_bytes_raw()) if private else None,
            alg="EdDSA" if self.name == "Ed25519" else None,
            key_ops=usages,
            ext=True,
        )


def generate_key(request: KeyRequest) -> Options:
    """A new pair."""
    usages = checked_usages(request.usages, _allowed(request.name), request.name, "generate")
    _check_curve(request)
    kind = X25519PrivateKey if request.name == "X25519" else Ed25519PrivateKey
    private: Ed25519PrivateKey | X25519PrivateKey = kind.generate()
    return key_pair(
        _EdwardsKey(_described(request.name), "public", private.public_key()),
        _EdwardsKey(_described(request.name), "private", private),
        request,
        usages,
    )


def import_key(request: KeyRequest, format: str, data: KeyData) -> CryptoKey:
    """A key of 32 bytes, in DER or of a JSON Web Key."""
    name = request.name
    _check_curve(request)
    if format == "raw" and not isinstance(data, JsonWebKey):
        allowed: frozenset[str] = frozenset() if name == "X25519" else frozenset({"verify"})
        usages = checked_usages(request.usages, allowed, name, "import public")
        if len(data) != _SIZE:
            raise dom_exception(
                f"{_curve(name)} raw keys must be exactly 32-bytes (provided {len(data)}).",
                "DataError",
            )
        key = _EdwardsKey(_described(name), "public", _public(name, data))
        return CryptoKey(key, request.extractable, usages)
    imported = read_key(request, format, data, _allowed(name), lambda jwk: _read_jwk(jwk, name))
    if not isinstance(imported.key, _KINDS[_curve(name)]):
        raise dom_exception(f"Input was not an {_curve(name)} key.", "DataError")
    key = _EdwardsKey(_described(name), imported.type, imported.key)
    return CryptoKey(key, request.extractable, imported.usages)


def _allowed(name: str) -> frozenset[str]:
    return DERIVING if name == "X25519" else _SIGNING


def _curve(name: str) -> str:
    return "X25519" if name == "X25519" else "Ed25519"


def _described(name: str) -> Options:
    # The name that Node.js once had comes with a curve of the same name.
    return {"name": name} | ({"namedCurve": name} if name == "NODE-ED25519" else {})


def _check_curve(request: KeyRequest) -> None:
    if request.name == "NODE-ED25519":
        curve = request.algorithm.require("namedCurve")
        if curve != "NODE-ED25519":
            raise dom_exception(f'EDDSA curve "{curve}" isn\'t supported.', "NotSupportedError")


def _public(name: str, raw: bytes) -> _Key:
    kind = X25519PublicKey if name == "X25519" else Ed25519PublicKey
    return kind.from_public_bytes(raw)


def _read_jwk(key: JsonWebKey, name: str) -> _Key:
    curve = _curve(name)
    if key.kty != "OKP":
        raise dom_exception(
            f'{curve} "jwk" key imports requires a JSON Web Key with Key Type parameter "kty"'
            f' ("{key.kty}") equal to "OKP".',
            "DataError",
        )
    if key.crv is None:
        raise dom_exception(f'Missing field "crv" for {curve} key.', "DataError")
    if key.crv != curve:
        raise dom_exception(
            f'Only {curve} is supported but "{key.crv}" was requested.', "NotSupportedError"
        )
    if curve == "Ed25519" and key.alg not in (None, "EdDSA"):
        raise dom_exception(
            f'JSON Web Key Algorithm parameter "alg" ("{key.alg}") does not match requested Ed25519'
            " curve.",
            "DataError",
        )
    public = component(
        key.x,
        f'Invalid {curve} key in JSON WebKey; missing or invalid public key component ("x").',
    )
    if len(public) != _SIZE:
        raise dom_exception(f"Invalid length {len(public)} for public key", "DataError")
    if key.d is None:
        return _public(name, public)
    private = component(
        key.d,
        f'Invalid {curve} key in JSON Web Key; missing or invalid private key component ("d").',
    )
    if len(private) != _SIZE:
        raise dom_exception(f"Invalid length {len(private)} for private key", "DataError")
    kind = X25519PrivateKey if name == "X25519" else Ed25519PrivateKey
    return kind.from_private_bytes(private)
