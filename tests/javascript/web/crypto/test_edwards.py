from __future__ import annotations

import pytest

from flarelocal.javascript.values import Value
from flarelocal.javascript.web.crypto.key import CryptoKey
from tests.javascript.web.crypto.subtle import SUBTLE, array, exported, imported, refused

NODE = {"name": "NODE-ED25519", "namedCurve": "NODE-ED25519"}
JWK = {
    "kty": "OKP",
    "crv": "Ed25519",
    "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
    "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
}


def pair_of(algorithm: Value, *usages: str) -> tuple[CryptoKey, CryptoKey]:
    made = SUBTLE.generate_key(algorithm, True, [*usages])
    return made["publicKey"], made["privateKey"]


@pytest.mark.parametrize("algorithm", ["Ed25519", NODE])
def test_signatures(algorithm: Value) -> None:
    public, private = pair_of(algorithm, "sign", "verify")
    assert private.algorithm == ({"name": "Ed25519"} if algorithm == "Ed25519" else NODE)
    signature = SUBTLE.sign(algorithm, private, array(b"message"))
    assert SUBTLE.verify(algorithm, public, signature, array(b"message"))
    assert not SUBTLE.verify(algorithm, public, signature, array(b"other"))
    with refused("OperationError", "signature length 5"):
        SUBTLE.verify(algorithm, public, array(b"short"), array(b"message"))


def test_a_json_web_signature_as_in_its_specification() -> None:
    key = imported("jwk", JWK, "Ed25519", "sign")
    signed = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"
    assert bytes(SUBTLE.sign("Ed25519", key, array(signed)).data).hex() == (
        "860c98d2297f3060a33f42739672d61b53cf3adefed3d3c672f320dc021b411e"
        "9d59b8628dc351e248b88b29468e0e41855b0fb7d83bb15be902bfccb8cd0a02"
    )


@pytest.mark.parametrize("name", ["Ed25519", "X25519"])
def test_formats(name: str) -> None:
    public, private = pair_of(name, *(["deriveBits"] if name == "X25519" else ["sign", "verify"]))
    jwk = exported("jwk", private)
    assert (jwk["kty"], jwk["crv"], jwk.get("alg")) == (
        "OKP",
        name,
        "EdDSA" if name == "Ed25519" else None,
    )
    again = imported("jwk", jwk, name, *private.usages)
    assert exported("pkcs8", again) == exported("pkcs8", private)
    for format in ("raw", "spki", "jwk"):
        data = exported(format, public)
        assert exported(format, imported(format, data, name, *public.usages)) == data
    with refused("InvalidAccessError", f"Raw export of {name} keys is only allowed for public"):
        exported("raw", private)


@pytest.mark.parametrize(
    ("changed", "name", "message"),
    [
        ({"kty": "EC"}, "DataError", 'parameter "kty" ("EC") equal to "OKP".'),
        ({"crv": None}, "DataError", 'Missing field "crv" for Ed25519 key.'),
        ({"crv": "X25519"}, "NotSupportedError", 'Only Ed25519 is supported but "X25519" was'),
        ({"alg": "ES256"}, "DataError", '"alg" ("ES256") does not match requested Ed25519 curve.'),
        ({"x": None}, "DataError", 'missing or invalid public key component ("x").'),
        ({"x": "AAAA"}, "DataError", "Invalid length 3 for public key"),
        ({"d": "!"}, "DataError", 'missing or invalid private key component ("d").'),
        ({"d": "AAAA"}, "DataError", "Invalid length 3 for private key"),
    ],
)
def test_json_web_keys_that_are_refused(changed: dict[str, Value], name: str, message: str) -> None:
    with refused(name, message):
        imported("jwk", JWK | changed, "Ed25519", "sign")


def test_keys_that_are_refused() -> None:
    with refused("DataError", "Ed25519 raw keys must be exactly 32-bytes (provided 31)."):
        imported("raw", bytes(31), "Ed25519", "verify")
    with refused("NotSupportedError", 'EDDSA curve "Ed25519" isn\'t supported.'):
        SUBTLE.generate_key(NODE | {"namedCurve": "Ed25519"}, True, ["sign"])
    with refused("SyntaxError", 'import public X25519 key with invalid usage "deriveBits".'):
        imported("raw", bytes(32), "X25519", "deriveBits")
    data = exported("spki", pair_of("X25519", "deriveBits")[0])
    with refused("DataError", "Input was not an Ed25519 key."):
        imported("spki", data, "Ed25519", "verify")


# -- X25519


def test_two_parties_derive_the_same() -> None:
    (public, private), (other_public, other_private) = (
        pair_of("X25519", "deriveBits", "deriveKey") for _ in range(2)
    )
    one = SUBTLE.derive_bits({"name": "X25519", "public": other_public}, private)
    other = SUBTLE.derive_bits({"name": "X25519", "public": public}, other_private, 256)
    assert bytes(one.data) == bytes(other.data)
    wanted = {"name": "AES-GCM", "length": 256}
    algorithm = {"name": "X25519", "public": public}
    key = SUBTLE.derive_key(algorithm, other_private, wanted, True, ["encrypt"])
    assert exported("raw", key) == bytes(one.data)


def test_secrets_that_are_refused() -> None:
    public, private = pair_of("X25519", "deriveBits")
    with refused("OperationError", "(264 bits) is too long (should be at most 256 bits)."):
        SUBTLE.derive_bits({"name": "X25519", "public": public}, private, 264)
    zero = imported("raw", bytes(32), "X25519")
    with refused("OperationError", "Failed to derive EDDH key: public key routines INVALID_PEER"):
        SUBTLE.derive_bits({"name": "X25519", "public": zero}, private)
    other = pair_of("Ed25519", "sign")[0]
    with refused("InvalidAccessError", 'is using "X25519" while public key is using "Ed25519".'):
        SUBTLE.derive_bits({"name": "X25519", "public": other}, private)
