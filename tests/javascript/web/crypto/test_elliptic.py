from __future__ import annotations

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from flarelocal.javascript.values import Value
from flarelocal.javascript.web.crypto.key import CryptoKey
from tests.javascript.web.crypto.subtle import SUBTLE, array, exported, imported, refused

CURVES = ("P-256", "P-384", "P-521")
SIZES = {"P-256": 32, "P-384": 48, "P-521": 66}
SIGNING = {"name": "ECDSA", "hash": "SHA-256"}
P256 = {"name": "ECDSA", "namedCurve": "P-256"}
ECDH = {"name": "ECDH", "namedCurve": "P-256"}
Pair = tuple[CryptoKey, CryptoKey]


def pair_of(algorithm: Value) -> Pair:
    usages = ["sign", "verify"] if algorithm["name"] == "ECDSA" else ["deriveKey", "deriveBits"]
    made = SUBTLE.generate_key(algorithm, True, usages)
    return made["publicKey"], made["privateKey"]


@pytest.mark.parametrize("curve", CURVES)
def test_signatures(curve: str) -> None:
    public, private = pair_of(P256 | {"namedCurve": curve.lower()})
    assert public.algorithm == {"name": "ECDSA", "namedCurve": curve}
    signature = SUBTLE.sign(SIGNING, private, array(b"message"))
    assert len(signature.data) == 2 * SIZES[curve]
    assert SUBTLE.verify(SIGNING, public, signature, array(b"message"))
    assert not SUBTLE.verify(SIGNING, public, signature, array(b"other"))
    assert not SUBTLE.verify(SIGNING, public, array(b"short"), array(b"message"))


def test_the_hash_is_told_with_the_call() -> None:
    _, private = pair_of(P256)
    with refused("TypeError", 'Missing "hash" in AlgorithmIdentifier. (ECDSA requires that the'):
        SUBTLE.sign("ECDSA", private, array(b""))
    with refused("Error", "internal error; ECDSA does not work with MD5, use SHA-256."):
        SUBTLE.sign(SIGNING | {"hash": "MD5"}, private, array(b""))


@pytest.mark.parametrize("curve", CURVES)
def test_formats(curve: str) -> None:
    algorithm = P256 | {"namedCurve": curve}
    public, private = pair_of(algorithm)
    jwk = exported("jwk", private)
    assert (jwk["kty"], jwk["crv"], "alg" in jwk) == ("EC", curve, False)
    again = imported("jwk", jwk, algorithm, "sign")
    assert exported("pkcs8", again) == exported("pkcs8", private)
    for format in ("raw", "spki", "jwk"):
        data = exported(format, public)
        assert exported(format, imported(format, data, algorithm, "verify")) == data
    with refused("InvalidAccessError", "Raw export of elliptic curve keys is only allowed for pu"):
        exported("raw", private)
    with refused("InvalidAccessError", 'Cannot export "ECDSA" in "x" format.'):
        exported("x", public)


def test_points_may_be_compressed() -> None:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    compressed = key.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint
    )
    whole = key.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    assert exported("raw", imported("raw", compressed, P256, "verify")) == whole


@pytest.mark.parametrize(
    ("point", "flaw"),
    [
        (b"", "."),
        (b"\0", ": Invalid point encoding.."),
        (b"\4" + bytes(64), ": Point is not on curve.."),
        (b"\4" + b"\xff" * 64, "."),
        (b"\2" + bytes(31) + b"\1", ": Invalid compressed point. Invalid compressed point.."),
        (b"\2" + b"\xff" * 32, "."),
    ],
)
def test_points_that_are_none(point: bytes, flaw: str) -> None:
    with refused("DataError", f"Failed to import raw EC key data{flaw}"):
        imported("raw", point, P256, "verify")


@pytest.mark.parametrize(
    ("changed", "name", "message"),
    [
        ({"kty": "RSA"}, "DataError", 'parameter "kty" ("RSA") equal to "EC".'),
        ({"alg": "ES384"}, "DataError", '"alg" ("ES384") does not match requested curve.'),
        ({"alg": "x"}, "NotSupportedError", 'unimplemented algorithm "x" listed in JSON Web Key'),
        ({"x": None}, "DataError", 'Invalid EC key in JSON Web Key; missing "x".'),
        ({"y": "AA"}, "OperationError", '"x" and "y" are invalid: Point is not on curve..'),
        ({"x": "_" * 43}, "OperationError", 'coordinates "x" and "y" are invalid.'),
        ({"d": "!"}, "DataError", 'missing or invalid private key component ("d").'),
        ({"d": "_" * 43}, "OperationError", 'private key component "d" is invalid.'),
        ({"d": "AQ"}, "DataError", "Invalid EC key in JSON Web Key."),
    ],
)
def test_json_web_keys_that_are_refused(changed: dict[str, Value], name: str, message: str) -> None:
    jwk = exported("jwk", pair_of(P256)[1])
    with refused(name, message):
        imported("jwk", jwk | changed, P256, "sign")


def test_keys_of_other_curves_are_refused() -> None:
    data = exported("spki", pair_of(P256 | {"namedCurve": "P-384"})[0])
    with refused("DataError", '"algorithm.namedCurve" "P-256" does not match the curve'):
        imported("spki", data, P256, "verify")
    with refused("DataError", '"algorithm.namedCurve" "P-256", does not match the curve'):
        imported("spki", data, ECDH)
    unknown = ec.generate_private_key(ec.SECP256K1()).public_key()
    with refused("DataError", "Invalid SPKI input."):
        imported(
            "spki",
            unknown.public_bytes(
                serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
            ),
            P256,
            "verify",
        )


def test_keys_of_other_algorithms_are_refused() -> None:
    data = exported("spki", SUBTLE.generate_key("Ed25519", True, ["sign"])["publicKey"])
    with refused("DataError", "Input was not an EC key."):
        imported("spki", data, P256, "verify")
    with refused("DataError", "Input was not an EC public key nor a DH key."):
        imported("spki", data, ECDH)


@pytest.mark.parametrize(
    ("algorithm", "name", "message"),
    [
        ("ECDSA", "TypeError", 'Missing field "namedCurve" in "algorithm".'),
        (P256 | {"namedCurve": "K-256"}, "NotSupportedError", 'EC curve "K-256" requested.'),
    ],
)
def test_curves(algorithm: Value, name: str, message: str) -> None:
    with refused(name, message):
        SUBTLE.generate_key(algorithm, True, ["sign"])


# -- ECDH


@pytest.mark.parametrize("curve", CURVES)
def test_two_parties_derive_the_same(curve: str) -> None:
    algorithm = ECDH | {"namedCurve": curve}
    (public, private), (other_public, other_private) = pair_of(algorithm), pair_of(algorithm)
    assert (public.usages, private.usages) == ([], ["deriveKey", "deriveBits"])
    one = SUBTLE.derive_bits({"name": "ECDH", "public": other_public}, private)
    other = SUBTLE.derive_bits({"name": "ECDH", "public": public}, other_private, None)
    assert bytes(one.data) == bytes(other.data)
    assert len(one.data) == SIZES[curve]


def test_bits_and_keys_are_derived_of_what_is_common() -> None:
    (public, _), (_, private) = pair_of(ECDH), pair_of(ECDH)
    algorithm = {"name": "ECDH", "public": public}
    whole = bytes(SUBTLE.derive_bits(algorithm, private).data)
    cut = bytes(SUBTLE.derive_bits(algorithm, private, 12).data)
    assert cut == bytes([whole[0], whole[1] & 0xF0])
    assert bytes(SUBTLE.derive_bits(algorithm, private, 0).data) == b""
    wanted = {"name": "AES-GCM", "length": 128}
    key = SUBTLE.derive_key(algorithm, private, wanted, True, ["encrypt"])
    assert exported("raw", key) == whole[:16]
    password = SUBTLE.derive_key(algorithm, private, "HKDF", False, ["deriveKey"])
    assert password.algorithm == {"name": "HKDF"}
    with refused("OperationError", "(264 bits) is too long (should be at most 256 bits)."):
        SUBTLE.derive_bits(algorithm, private, 264)


def test_keys_of_two_parties_must_fit() -> None:
    public, private = pair_of(ECDH)

    def derive(peer: Value) -> None:
        SUBTLE.derive_bits({"name": "ECDH", "public": peer}, private)

    with refused("TypeError", 'Missing field "public" in "derivedKeyParams".'):
        derive(None)
    with refused("TypeError", "'public' field on 'DeriveKeyAlgorithm': the provided value is not"):
        derive("key")
    with refused("InvalidAccessError", 'The provided key has type "private", not "public"'):
        derive(private)
    with refused("InvalidAccessError", 'using curve "P-256" while public key is using "P-384".'):
        derive(pair_of(ECDH | {"namedCurve": "P-384"})[0])
    with refused("InvalidAccessError", 'is using "ECDH" while public key is using "ECDSA".'):
        derive(pair_of(P256)[0])
    with refused("InvalidAccessError", "derive a key from a peer X25519 public key"):
        derive(SUBTLE.generate_key("X25519", True, ["deriveBits"])["publicKey"])
    with refused("SyntaxError", 'import public ECDH key with invalid usage "deriveBits".'):
        imported("spki", exported("spki", public), ECDH, "deriveBits")
