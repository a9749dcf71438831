"""Keys of elliptic curves, of points and of texts."""

from __future__ import annotations

from typing import TypeAlias

from cryptography.hazmat.primitives.asymmetric import ec

from flarelocal.javascript.errors import JsError, dom_exception
from flarelocal.javascript.web.crypto.json_web_key import JsonWebKey, component

__all__ = ["key_of_point", "key_of_texts"]

_Key: TypeAlias = ec.EllipticCurvePrivateKey | ec.EllipticCurvePublicKey

_JWK_CURVES = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}
_FIELDS = {
    "secp256r1": 2**256 - 2**224 + 2**192 + 2**96 - 1,
    "secp384r1": 2**384 - 2**128 - 2**96 + 2**32 - 1,
    "secp521r1": 2**521 - 1,
}
"""The primes below which coordinates are."""


def key_of_point(data: bytes, curve: ec.EllipticCurve) -> ec.EllipticCurvePublicKey:
    """A public key of a point, compressed or not.

    Raises:
        JsError: DataError where it is none of the curve.
    """
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(curve, data)
    except ValueError:
        message = "Failed to import raw EC key data"
        raise dom_exception(f"{message}{_flaw(data, curve)}.", "DataError") from None


def _flaw(data: bytes, curve: ec.EllipticCurve) -> str:
    size = -(-curve.key_size // 8)
    if not data:
        return ""
    field = _FIELDS[curve.name]
    x, y = (int.from_bytes(part, "big") for part in (data[1 : 1 + size], data[1 + size :]))
    if (data[0], len(data)) == (4, 1 + 2 * size):
        return ": Point is not on curve." if x < field and y < field else ""
    if data[0] in (2, 3) and len(data) == 1 + size:
        # The runtime says it as often as it noticed.
        return ": Invalid compressed point. Invalid compressed point." if x < field else ""
    return ": Invalid point encoding."


def key_of_texts(key: JsonWebKey, name: str, curve_name: str, curve: ec.EllipticCurve) -> _Key:
    """The key of a JSON Web Key.

    Args:
        name: of the algorithm.

    Raises:
        JsError: DataError and OperationError where it is none of the curve.
    """
    if key.kty != "EC":
        raise dom_exception(
            'Elliptic curve "jwk" key import requires a JSON Web Key with Key Type parameter "kty"'
            f' ("{key.kty}") equal to "EC".',
            "DataError",
        )
    if name == "ECDSA" and key.alg is not None:
        _check_algorithm(key.alg, curve_name)
    x = _number(key.x, 'Invalid EC key in JSON Web Key; missing "x".')
    y = _number(key.y, 'Invalid EC key in JSON Web Key; missing "y".')
    public = _public_key(x, y, curve)
    if key.d is None:
        return public
    secret = _number(
        key.d,
        'Invalid EC key in JSON Web Key; missing or invalid private key component ("d").',
    )
    try:
        private = ec.derive_private_key(secret, curve)
    except ValueError:
        raise _refusal('Invalid EC key; private key component "d" is invalid.') from None
    if private.public_key() != public:
        raise dom_exception("Invalid EC key in JSON Web Key.", "DataError")
    return private


def _public_key(x: int, y: int, curve: ec.EllipticCurve) -> ec.EllipticCurvePublicKey:
    try:
        return ec.EllipticCurvePublicNumbers(x, y, curve).public_key()
    except ValueError:
        field = _FIELDS[curve.name]
        flaw = ": Point is not on curve." if x < field and y < field else ""
        raise _refusal(
            f'Invalid EC key; public key coordinates "x" and "y" are invalid{flaw}.'
        ) from None


def _number(text: str | None, refusal: str) -> int:
    return int.from_bytes(component(text, refusal), "big")


def _check_algorithm(name: str, curve: str) -> None:
    if name not in _JWK_CURVES:
        raise dom_exception(
            f'Unrecognized or unimplemented algorithm "{name}" listed in JSON Web Key Algorithm'
            " parameter.",
            "NotSupportedError",
        )
    if _JWK_CURVES[name] != curve:
        raise dom_exception(
            f'JSON Web Key Algorithm parameter "alg" ("{name}") does not match requested curve.',
            "DataError",
        )


def _refusal(message: str) -> JsError:
    return dom_exception(message, "OperationError")
