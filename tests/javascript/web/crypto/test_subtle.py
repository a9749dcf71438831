from __future__ import annotations

import pytest

from flarelocal.javascript.values import Value, null
from tests.javascript.web.crypto.subtle import SUBTLE, array, imported, refused


def test_a_digest() -> None:
    digest = SUBTLE.digest({"name": "sha-1"}, array(b"hello"))
    assert bytes(digest.data).hex() == "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d"


def test_buffers_are_compared() -> None:
    assert SUBTLE.timing_safe_equal(array(b"a"), array(b"a"))
    assert not SUBTLE.timing_safe_equal(array(b"a"), array(b"b"))
    with refused("TypeError", "Input buffers must have the same byte length."):
        SUBTLE.timing_safe_equal(array(b"a"), array(b"ab"))


@pytest.mark.parametrize("algorithm", ["ChaCha20-Poly1305", {"name": "ChaCha20-Poly1305"}])
def test_unknown_algorithms_are_named(algorithm: Value) -> None:
    with refused("NotSupportedError", 'Unrecognized key import algorithm "ChaCha20-Poly1305"'):
        imported("raw", b"key", algorithm, "sign")
    with refused("NotSupportedError", 'Unrecognized key generation algorithm "ChaCha20-Poly1305"'):
        SUBTLE.generate_key(algorithm, True, ["sign"])


def test_keys_are_for_their_algorithm_and_their_usages() -> None:
    key = imported("raw", bytes(16), "AES-GCM", "encrypt")
    with refused("InvalidAccessError", 'algorithm "AES-CBC" does not match this CryptoKey\'s'):
        SUBTLE.encrypt("AES-CBC", key, array(b""))
    with refused("InvalidAccessError", 'Requested key usage "decrypt" does not match any usage'):
        SUBTLE.decrypt("AES-GCM", key, array(b""))


def test_keys_stay_inside_unless_they_are_extractable() -> None:
    key = imported("raw", bytes(16), "AES-GCM", "encrypt", extractable=False)
    with refused("InvalidAccessError", "Attempt to export non-extractable AES-GCM key."):
        SUBTLE.export_key("raw", key)


@pytest.mark.parametrize(
    ("format", "data", "name", "message"),
    [
        ("x", b"", "NotSupportedError", 'Unrecognized key import format "x".'),
        ("raw-secret", b"", "NotSupportedError", "requires the webcrypto_modern_algorithms flag"),
        ("raw", {}, "TypeError", "buffer-based import formats must be a buffer source"),
        ("jwk", b"", "TypeError", '"jwk" import format must be a JsonWebKey'),
        ("jwk", "text", "TypeError", "parameter 2 is not of type 'BufferSource or JsonWebKey'"),
        ("jwk", null, "TypeError", "Cannot initialize N7workerd3api12SubtleCrypto10JsonWebKeyE"),
        ("jwk", {"ext": False}, "DataError", 'ext field for "aes-gcm" is set to false'),
    ],
)
def test_keys_that_are_none(format: str, data: Value, name: str, message: str) -> None:
    with refused(name, message):
        imported(format, data, "aes-gcm", "encrypt")


def test_usages_are_an_array() -> None:
    with refused("TypeError", "'generateKey' on 'SubtleCrypto': parameter 3 is not of type 'Arr"):
        SUBTLE.generate_key("Ed25519", True, "sign")


def test_what_a_program_sees_of_a_key() -> None:
    key = SUBTLE.generate_key({"name": "AES-GCM", "length": 256}, True, ["decrypt", "encrypt"])
    assert key.own_properties() == {
        "usages": ["encrypt", "decrypt"],
        "algorithm": {"name": "AES-GCM", "length": 256},
        "extractable": True,
        "type": "secret",
    }
    assert key.algorithm is key.algorithm


def test_what_a_program_sees_is_not_the_key() -> None:
    key = imported("raw", bytes(16), "AES-GCM", "encrypt")
    key.usages.append("decrypt")
    key.algorithm["name"] = "AES-CBC"
    with refused("InvalidAccessError", 'Requested key usage "decrypt" does not match any usage'):
        SUBTLE.decrypt("AES-GCM", key, array(b""))
