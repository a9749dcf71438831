from __future__ import annotations

import pytest

from flarelocal.javascript.values import Value
from tests.javascript.web.crypto.subtle import SUBTLE, array, exported, imported, refused

HMAC = {"name": "HMAC", "hash": "SHA-256"}


def test_signatures() -> None:
    key = imported("raw", b"key", HMAC, "sign", "verify")
    signature = SUBTLE.sign("HMAC", key, array(b"message"))
    assert SUBTLE.verify("hmac", key, signature, array(b"message"))
    assert not SUBTLE.verify("HMAC", key, signature, array(b"other"))


def test_json_web_keys() -> None:
    key = imported("raw", b"key", HMAC, "sign")
    jwk = exported("jwk", key)
    assert jwk == {"kty": "oct", "k": "a2V5", "alg": "HS256", "key_ops": ["sign"], "ext": True}
    assert exported("raw", imported("jwk", jwk, HMAC, "sign")) == b"key"


def test_generated_keys_have_the_length_of_a_block() -> None:
    key = SUBTLE.generate_key({"name": "HMAC", "hash": "SHA-512"}, True, ["sign"])
    assert (key.algorithm["length"], len(exported("raw", key))) == (1024, 128)


def test_bits_beyond_the_length_are_zero() -> None:
    key = imported("raw", b"\xff\xff", HMAC | {"length": 11}, "sign")
    assert exported("raw", key) == b"\xff\xe0"


@pytest.mark.parametrize(
    ("usages", "message"),
    [(["encrypt"], 'secret HMAC key with invalid usage "encrypt"'), ([], "at least one usage")],
)
def test_usages(usages: list[str], message: str) -> None:
    with refused("SyntaxError", message):
        imported("raw", b"key", HMAC, *usages)


@pytest.mark.parametrize(
    ("data", "algorithm", "name", "message"),
    [
        (b"", {}, "DataError", "Imported HMAC key length (0) must be a non-zero value"),
        (b"abc", {"length": 16}, "DataError", "Imported HMAC key length (16) must be"),
        (b"abc", {"hash": None}, "TypeError", 'Missing field "hash" in "algorithm".'),
        (b"abc", {"hash": "x"}, "NotSupportedError", "unimplemented digest algorithm requested"),
        ({"kty": "RSA"}, {}, "DataError", '("kty") equal to "oct" (encountered "RSA").'),
        ({"kty": "oct", "k": "A"}, {}, "DataError", "requires a base64Url encoding of the key"),
        (
            {"kty": "oct", "k": "AA", "alg": "HS1"},
            {},
            "DataError",
            'incompatible with the hash name (encountered "HS1", expected "HS256").',
        ),
    ],
)
def test_keys_that_are_refused(data: Value, algorithm: Value, name: str, message: str) -> None:
    with refused(name, message):
        imported("raw" if isinstance(data, bytes) else "jwk", data, HMAC | algorithm, "sign")


def test_formats() -> None:
    key = imported("raw", b"key", {"name": "HMAC", "hash": "MD5"}, "sign")
    with refused("NotSupportedError", 'Unimplemented key export format "spki".'):
        exported("spki", key)
    with refused("NotSupportedError", 'JWK key export format for key algorithm "MD5".'):
        exported("jwk", key)
