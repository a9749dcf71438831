from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from flarelocal.javascript.values import Value
from flarelocal.javascript.web.crypto.key import CryptoKey
from tests.javascript.web.crypto.subtle import SUBTLE, array, exported, imported, refused

PAIR = {"modulusLength": 1024, "publicExponent": array(b"\1\0\1"), "hash": "SHA-256"}
PKCS1 = {"name": "RSASSA-PKCS1-v1_5", "hash": "SHA-256"}
PSS = {"name": "RSA-PSS", "hash": "SHA-256"}
OAEP = {"name": "RSA-OAEP", "hash": "SHA-256"}
Pair = tuple[CryptoKey, CryptoKey]


@pytest.fixture(scope="module")
def pair() -> Pair:
    """A public and a private key to sign with."""
    made = SUBTLE.generate_key(PAIR | {"name": PKCS1["name"]}, True, ["sign", "verify"])
    return made["publicKey"], made["privateKey"]


def of(algorithm: dict[str, Value], pair: Pair) -> Pair:
    """The same keys for another algorithm."""
    public, private = ["encrypt", "wrapKey"], ["decrypt", "unwrapKey"]
    if algorithm["name"] != "RSA-OAEP":
        public, private = ["verify"], ["sign"]
    return (
        imported("spki", exported("spki", pair[0]), algorithm, *public),
        imported("pkcs8", exported("pkcs8", pair[1]), algorithm, *private),
    )


def test_generated_keys(pair: Pair) -> None:
    public, private = pair
    assert (public.type, public.usages) == ("public", ["verify"])
    assert (private.type, private.usages) == ("private", ["sign"])
    described = dict(public.algorithm)
    assert bytes(described.pop("publicExponent").memory) == b"\1\0\1"
    assert described == {
        "name": "RSASSA-PKCS1-v1_5",
        "modulusLength": 1024,
        "hash": {"name": "SHA-256"},
    }


def test_public_keys_may_always_leave() -> None:
    made = SUBTLE.generate_key(PAIR | {"name": "RSA-PSS"}, False, ["sign"])
    assert (made["publicKey"].extractable, made["privateKey"].extractable) == (True, False)


@pytest.mark.parametrize(
    ("changed", "name", "message"),
    [
        ({"publicExponent": None}, "TypeError", 'Missing field "publicExponent" in "algorithm".'),
        ({"hash": None}, "TypeError", 'Missing field "hash" in "algorithm".'),
        ({"modulusLength": None}, "TypeError", 'Missing field "modulusLength" in "algorithm".'),
        ({"modulusLength": 0}, "OperationError", "must be greater than zero (requested 0)."),
        ({"modulusLength": 1001}, "OperationError", "and 16k, but 1001 was requested."),
        ({"modulusLength": 1032}, "OperationError", "required to be a multiple of 128"),
        ({"modulusLength": 384}, "OperationError", "RSA key size is too small."),
        ({"modulusLength": 512}, "OperationError", "no RSA keys of less than 1024 bits; use 2048"),
        ({"publicExponent": array(b"\5")}, "OperationError", "either 3 or 65537, but got 5."),
        ({"publicExponent": array(b"\1" * 5)}, "OperationError", "a number larger than 2^32."),
    ],
)
def test_pairs_that_are_not_generated(changed: dict[str, Value], name: str, message: str) -> None:
    with refused(name, message):
        SUBTLE.generate_key(PAIR | {"name": "RSA-PSS"} | changed, True, ["sign"])


def test_a_pair_needs_a_use_for_its_private_key() -> None:
    with refused("SyntaxError", "asymmetric keys with no valid private key usages."):
        SUBTLE.generate_key(PAIR | {"name": "RSA-PSS"}, True, ["verify"])


@pytest.mark.parametrize(
    ("algorithm", "signing"),
    [(PKCS1, PKCS1["name"]), (PSS, {"name": "RSA-PSS", "saltLength": 32})],
)
def test_signatures(pair: Pair, algorithm: dict[str, Value], signing: Value) -> None:
    public, private = of(algorithm, pair)
    signature = SUBTLE.sign(signing, private, array(b"message"))
    assert SUBTLE.verify(signing, public, signature, array(b"message"))
    assert not SUBTLE.verify(signing, public, signature, array(b"other"))
    assert not SUBTLE.verify(signing, public, array(b"short"), array(b"message"))


@pytest.mark.parametrize(
    ("salt", "name", "message"),
    [
        ({}, "DataError", "Failed to provide salt for RSA-PSS key operation"),
        ({"saltLength": -1}, "DataError", "must be non-negative (provided -1)."),
        ({"saltLength": 95}, "OperationError", "too small for signing with given digest and salt"),
    ],
)
def test_salts(pair: Pair, salt: dict[str, Value], name: str, message: str) -> None:
    _, private = of(PSS, pair)
    with refused(name, message):
        SUBTLE.sign({"name": "RSA-PSS"} | salt, private, array(b""))


def test_a_salt_is_needed_to_verify(pair: Pair) -> None:
    with refused("TypeError", "Failed to provide salt for RSA-PSS key operation"):
        SUBTLE.verify("RSA-PSS", of(PSS, pair)[0], array(b""), array(b""))


def test_encryption(pair: Pair) -> None:
    public, private = of(OAEP, pair)
    labelled = {"name": "RSA-OAEP", "label": array(b"label")}
    sealed = SUBTLE.encrypt(labelled, public, array(b"text"))
    assert bytes(SUBTLE.decrypt(labelled, private, sealed).data) == b"text"
    with refused("OperationError", "RSA-OAEP failed encrypt/decrypt."):
        SUBTLE.decrypt("RSA-OAEP", private, sealed)
    with refused("OperationError", "RSA-OAEP failed encrypt/decrypt."):
        SUBTLE.encrypt("RSA-OAEP", public, array(bytes(63)))
    with refused("OperationError", "encrypt/decrypt: Invalid RSA signature.."):
        SUBTLE.decrypt("RSA-OAEP", private, array(b"short"))


def test_hashes_that_encryption_cannot_have(pair: Pair) -> None:
    large, _ = of(OAEP | {"hash": "SHA-512"}, pair)
    with refused("OperationError", "encrypt/decrypt: RSA key size is too small.."):
        SUBTLE.encrypt("RSA-OAEP", large, array(b""))
    old, _ = of(OAEP | {"hash": "MD5"}, pair)
    with refused("NotSupportedError", "does not emulate RSA-OAEP with MD5; use SHA-256."):
        SUBTLE.encrypt("RSA-OAEP", old, array(b""))


def test_a_key_is_wrapped(pair: Pair) -> None:
    public, private = of(OAEP, pair)
    key = imported("raw", bytes(range(16)), "AES-GCM", "encrypt")
    wrapped = SUBTLE.wrap_key("raw", key, public, "RSA-OAEP")
    again = SUBTLE.unwrap_key("raw", wrapped, private, "RSA-OAEP", "AES-GCM", True, ["encrypt"])
    assert exported("raw", again) == bytes(range(16))


@pytest.mark.parametrize(
    ("algorithm", "alg"),
    [
        (PKCS1, "RS256"),
        (PSS | {"hash": "SHA-1"}, "PS1"),
        (OAEP, "RSA-OAEP-256"),
        (OAEP | {"hash": "SHA-1"}, "RSA-OAEP"),
    ],
)
def test_json_web_keys(pair: Pair, algorithm: dict[str, Value], alg: str) -> None:
    for key, format in zip(of(algorithm, pair), ("spki", "pkcs8"), strict=True):
        jwk = exported("jwk", key)
        assert (jwk["kty"], jwk["alg"], jwk["ext"]) == ("RSA", alg, True)
        again = imported("jwk", jwk, algorithm, *jwk["key_ops"])
        assert exported(format, again) == exported(format, key)


@pytest.mark.parametrize(
    ("changed", "name", "message"),
    [
        ({"kty": "EC"}, "DataError", 'parameter "kty" ("EC") equal to "RSA".'),
        ({"alg": "RS512"}, "DataError", '("RS512") does not match requested hash algorithm'),
        ({"alg": "x"}, "NotSupportedError", 'unimplemented algorithm "x" listed in JSON Web Key'),
        ({"n": None}, "DataError", 'missing or invalid Modulus parameter ("n").'),
        ({"e": "!"}, "DataError", 'missing or invalid Exponent parameter ("e").'),
        ({"e": "Ag"}, "OperationError", "Imported RSA key has invalid publicExponent 2."),
        ({"n": "AQAB"}, "OperationError", "and 16k, but 24 was requested."),
        ({"d": ""}, "DataError", "The numbers of the RSA key do not fit each other"),
        ({"p": None}, "DataError", 'all be present ("p", "q", "dp", "dq", "qi").'),
        ({"qi": "!"}, "DataError", 'invalid First CRT Coefficient parameter ("qi").'),
        ({"oth": []}, "NotSupportedError", "Multi-prime private keys not supported."),
        ({"use": "enc"}, "DataError", 'parameter "use" ("enc") equal to "sig".'),
        ({"key_ops": ["verify"]}, "DataError", "All specified key usages must be present"),
        ({"key_ops": ["sign", "sign"]}, "DataError", "must not contain duplicates."),
        (
            {"use": "sig", "key_ops": ["sign", "encrypt"]},
            "DataError",
            'only "sign" and/or "verify" values (not "encrypt").',
        ),
    ],
)
def test_json_web_keys_that_are_refused(
    pair: Pair, changed: dict[str, Value], name: str, message: str
) -> None:
    jwk: dict[str, Any] = exported("jwk", pair[1]) | changed
    if changed == {"d": ""}:
        jwk |= dict.fromkeys(("p", "q", "dp", "dq", "qi"))
    with refused(name, message):
        imported("jwk", jwk, PKCS1, "sign")


def test_a_key_without_its_primes_signs_but_does_not_leave(pair: Pair) -> None:
    jwk = exported("jwk", pair[1])
    key = imported("jwk", {name: jwk[name] for name in ("kty", "n", "e", "d")}, PKCS1, "sign")
    signature = SUBTLE.sign(PKCS1["name"], key, array(b"message"))
    assert SUBTLE.verify(PKCS1["name"], pair[0], signature, array(b"message"))
    with refused("OperationError", "Private key export failed."):
        exported("pkcs8", key)
    with refused("Error", "internal error; the key was imported without its primes"):
        exported("jwk", key)


@pytest.mark.parametrize(
    ("format", "data", "message"),
    [
        ("spki", b"", "Invalid SPKI input."),
        ("pkcs8", b"0", "Invalid PKCS8 input."),
        ("pkcs8", b"0\x82\xff\xff", "Invalid PKCS8 input."),
        ("spki", "more", "Invalid 2 trailing bytes after SPKI input."),
    ],
)
def test_data_that_are_no_key(pair: Pair, format: str, data: Value, message: str) -> None:
    given = exported("spki", pair[0]) + b"xx" if data == "more" else data
    with refused("DataError", message):
        imported(format, given, PKCS1, "verify")


def test_keys_of_other_algorithms_are_refused() -> None:
    ecdsa = {"name": "ECDSA", "namedCurve": "P-256"}
    made = SUBTLE.generate_key(ecdsa, True, ["sign"])
    with refused("DataError", "Input was not an RSA key."):
        imported("spki", exported("spki", made["publicKey"]), PKCS1, "verify")


def test_formats(pair: Pair) -> None:
    with refused("InvalidAccessError", 'Cannot export "RSASSA-PKCS1-v1_5" in "raw" format.'):
        exported("raw", pair[0])
    with refused("InvalidAccessError", 'Asymmetric pkcs8 export requires private key (not "pub'):
        exported("pkcs8", pair[0])
    with refused("NotSupportedError", 'Unrecognized key import format "raw".'):
        imported("raw", bytes(128), PKCS1, "verify")
    with refused("SyntaxError", 'import public RSASSA-PKCS1-v1_5 key with invalid usage "sign".'):
        imported("spki", exported("spki", pair[0]), PKCS1, "sign")


def test_blind_signatures(pair: Pair) -> None:
    key = imported("pkcs8", exported("pkcs8", pair[1]), "RSA-RAW", "sign")
    signature = bytes(SUBTLE.sign("RSA-RAW", key, array(bytes(127) + b"\7")).data)
    public = serialization.load_der_public_key(exported("spki", pair[0]))
    assert isinstance(public, rsa.RSAPublicKey)
    numbers = public.public_numbers()
    assert pow(int.from_bytes(signature, "big"), numbers.e, numbers.n) == 7
    with refused("OperationError", "Invalid RSA signature."):
        SUBTLE.sign("RSA-RAW", key, array(b"short"))
    with refused("DataError", "presigned data (129 bytes) to be smaller than the key (128 bytes)"):
        SUBTLE.sign("RSA-RAW", key, array(bytes(129)))
    with refused("DataError", "to be strictly smaller than RSA keymodulus"):
        SUBTLE.sign("RSA-RAW", key, array(b"\xff" * 128))
    with refused("DataError", 'only supports private keys but requested "public".'):
        imported("spki", exported("spki", pair[0]), "RSA-RAW", "verify")
