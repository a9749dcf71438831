from __future__ import annotations

import pytest

from flarelocal.javascript.values import Value
from flarelocal.javascript.web.crypto.key import CryptoKey
from tests.javascript.web.crypto.subtle import SUBTLE, array, exported, imported, refused

PBKDF2 = {"name": "PBKDF2", "salt": array(b"salt"), "iterations": 1000, "hash": "SHA-256"}
HKDF = {"name": "HKDF", "salt": array(b"salt"), "info": array(b"info"), "hash": "SHA-256"}
HMAC = {"name": "HMAC", "hash": "SHA-256"}


def password(name: str, *usages: str) -> CryptoKey:
    return imported("raw", b"pw", name, *(usages or ("deriveBits",)), extractable=False)


@pytest.mark.parametrize(
    ("algorithm", "bits", "derived"),
    [
        (PBKDF2, 256, "0a38253555ce37f5c72a6b703f996814ebf241f203af146e93dcdeb031c5567e"),
        (PBKDF2, 0, ""),
        (HKDF, 128, "2b9cf2a102537a6088e5972583f6361f"),
    ],
)
def test_bits_are_derived(algorithm: dict[str, Value], bits: int, derived: str) -> None:
    key = password(algorithm["name"])
    assert bytes(SUBTLE.derive_bits(algorithm, key, bits).data).hex() == derived


@pytest.mark.parametrize(
    ("algorithm", "bits", "name", "message"),
    [
        (PBKDF2 | {"iterations": 0}, 256, "OperationError", "a positive iteration count (reque"),
        (PBKDF2 | {"iterations": 100_001}, 256, "NotSupportedError", "above 100000 are not supp"),
        (PBKDF2, 12, "OperationError", "a multiple of eight (requested 12)"),
        (PBKDF2, 9_000_000, "OperationError", "derived key length exceeds maximum"),
        (PBKDF2, None, "OperationError", "PBKDF2 cannot derive a key with null length"),
        (PBKDF2, -8, "TypeError", "deriveBits length must be an unsigned long integer."),
        (HKDF, 9_000_000, "OperationError", "HKDF deriveBits failed"),
        ({"name": "PBKDF2"}, 8, "TypeError", 'Missing field "hash"'),
        (PBKDF2 | {"hash": "x"}, 8, "NotSupportedError", "Unrecognized or unimplemented digest"),
        (PBKDF2 | {"salt": "x"}, 8, "TypeError", "'salt' field on 'DeriveKeyAlgorithm': the pro"),
    ],
)
def test_derivations_that_are_refused(
    algorithm: dict[str, Value], bits: Value, name: str, message: str
) -> None:
    with refused(name, message):
        SUBTLE.derive_bits(algorithm, password(algorithm["name"]), bits)


def test_a_key_is_derived() -> None:
    key = password("PBKDF2", "deriveBits", "deriveKey")
    made = SUBTLE.derive_key(PBKDF2, key, HMAC, True, ["sign"])
    assert (key.usages, made.algorithm["length"]) == (["deriveKey", "deriveBits"], 512)
    assert len(exported("raw", made)) == 64
    aes = SUBTLE.derive_key(PBKDF2, key, {"name": "AES-GCM", "length": 192}, True, ["encrypt"])
    assert exported("raw", aes) == exported("raw", made)[:24]


@pytest.mark.parametrize(
    ("wanted", "name", "message"),
    [
        ("AES-GCM", "TypeError", 'Missing field "length" in "derivedKeyParams".'),
        ({"name": "AES-GCM", "length": 8}, "OperationError", "must be 128, 192, or 256 bits in"),
        (HMAC | {"length": 0}, "TypeError", "HMAC key length must be a non-zero unsigned long"),
        ("HKDF", "OperationError", "PBKDF2 cannot derive a key with null length."),
        ("ECDH", "NotSupportedError", 'Unrecognized derived key type "ECDH" requested.'),
    ],
)
def test_keys_that_cannot_be_derived(wanted: Value, name: str, message: str) -> None:
    with refused(name, message):
        SUBTLE.derive_key(PBKDF2, password("PBKDF2", "deriveKey"), wanted, True, ["sign"])


@pytest.mark.parametrize(
    ("format", "extractable", "usages", "name", "message"),
    [
        ("raw", True, ["deriveBits"], "SyntaxError", "PBKDF2 key cannot be extractable."),
        ("raw", False, ["sign"], "SyntaxError", 'secret PBKDF2 key with invalid usage "sign"'),
        ("spki", False, ["deriveBits"], "NotSupportedError", '"raw" format (requested "spki")'),
        ("raw", False, [], "SyntaxError", "must have at least one usage"),
    ],
)
def test_passwords_that_are_refused(
    format: str, extractable: bool, usages: list[str], name: str, message: str
) -> None:
    with refused(name, message):
        imported(format, b"pw", "PBKDF2", *usages, extractable=extractable)


def test_a_password_is_for_its_algorithm() -> None:
    with refused("InvalidAccessError", "does not match this CryptoKey's algorithm"):
        SUBTLE.derive_bits(PBKDF2, password("HKDF"), 8)
