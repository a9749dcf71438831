from __future__ import annotations

import pytest

from flarelocal.javascript.binary import VIEW_TYPES, Uint8Array
from flarelocal.javascript.errors import JsError
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.crypto import Crypto, SubtleCrypto
from flarelocal.javascript.web.entropy import current_entropy

HMAC = {"name": "HMAC", "hash": "SHA-256"}


def array(data: bytes) -> Value:
    return Uint8Array.of_bytes(data)


@pytest.fixture
def subtle() -> SubtleCrypto:
    made: SubtleCrypto = Crypto().subtle
    return made


def test_digest(subtle: SubtleCrypto) -> None:
    digest = subtle.digest({"name": "sha-1"}, array(b"hello"))
    assert bytes(digest.data).hex() == "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d"


def test_hmac(subtle: SubtleCrypto) -> None:
    key = subtle.import_key("raw", array(b"key"), HMAC, False, ["sign", "verify"])
    signature = subtle.sign("HMAC", key, array(b"message"))
    assert subtle.verify("hmac", key, signature, array(b"message"))
    assert not subtle.verify("HMAC", key, signature, array(b"other"))


def test_json_web_keys(subtle: SubtleCrypto) -> None:
    key = subtle.import_key("raw", array(b"key"), HMAC, True, ["sign"])
    exported = subtle.export_key("jwk", key)
    assert exported == {"kty": "oct", "k": "a2V5", "alg": "HS256", "key_ops": ["sign"], "ext": True}
    again = subtle.import_key("jwk", exported, HMAC, True, ["sign"])
    assert again.secret == b"key"


def test_generated_keys_have_the_length_of_a_block(subtle: SubtleCrypto) -> None:
    key = subtle.generate_key({"name": "HMAC", "hash": "SHA-512"}, True, ["sign"])
    assert key.algorithm["length"] == 1024


@pytest.mark.parametrize(
    ("usages", "message"), [(["encrypt"], 'invalid usage "encrypt"'), ([], "at least one usage")]
)
def test_usages(subtle: SubtleCrypto, usages: list[str], message: str) -> None:
    with pytest.raises(JsError, match=message):
        subtle.import_key("raw", array(b"key"), HMAC, True, usages)


def test_other_algorithms_are_named(subtle: SubtleCrypto) -> None:
    with pytest.raises(JsError, match='does not emulate the algorithm "AES-GCM"') as refused:
        subtle.import_key("raw", array(b"key"), "AES-GCM", True, ["encrypt"])
    assert refused.value.name == "NotSupportedError"
    with pytest.raises(JsError, match='Unrecognized key import algorithm "nope" requested'):
        subtle.import_key("raw", array(b"key"), "nope", True, ["sign"])


def test_timing_safe_equal(subtle: SubtleCrypto) -> None:
    assert subtle.timing_safe_equal(array(b"a"), array(b"a"))
    with pytest.raises(JsError, match="same byte length"):
        subtle.timing_safe_equal(array(b"a"), array(b"ab"))


async def test_random_bytes_come_from_the_invocation() -> None:
    current_entropy.set(lambda size: bytes(range(size)))
    assert Crypto().random_uuid() == "00010203-0405-4607-8809-0a0b0c0d0e0f"
    view = VIEW_TYPES["Uint16Array"](2)  # type: ignore[arg-type]
    assert Crypto().get_random_values(view) is view
    assert bytes(view.memory) == b"\0\x01\x02\x03"


PBKDF2 = {"name": "PBKDF2", "salt": array(b"salt"), "iterations": 1000, "hash": "SHA-256"}
HKDF = {"name": "HKDF", "salt": array(b"salt"), "info": array(b"info"), "hash": "SHA-256"}


def password(subtle: SubtleCrypto, name: str, *usages: str) -> Value:
    return subtle.import_key("raw", array(b"pw"), name, False, [*(usages or ("deriveBits",))])


@pytest.mark.parametrize(
    ("algorithm", "bits", "derived"),
    [
        (PBKDF2, 256, "0a38253555ce37f5c72a6b703f996814ebf241f203af146e93dcdeb031c5567e"),
        (PBKDF2, 0, ""),
        (HKDF, 128, "2b9cf2a102537a6088e5972583f6361f"),
    ],
)
def test_bits_are_derived(
    subtle: SubtleCrypto, algorithm: dict[str, Value], bits: int, derived: str
) -> None:
    key = password(subtle, algorithm["name"])
    assert bytes(subtle.derive_bits(algorithm, key, bits).data).hex() == derived


@pytest.mark.parametrize(
    ("algorithm", "bits", "message"),
    [
        (PBKDF2 | {"iterations": 0}, 256, "PBKDF2 requires a positive iteration count"),
        (PBKDF2, 12, r"a multiple of eight \(requested 12\)"),
        (PBKDF2, None, "PBKDF2 cannot derive a key with null length"),
        (HKDF, 9_000_000, "HKDF deriveBits failed"),
        ({"name": "PBKDF2"}, 8, 'Missing field "hash"'),
        (PBKDF2 | {"hash": "x"}, 8, "Unrecognized or unimplemented digest"),
    ],
)
def test_derivations_that_are_refused(
    subtle: SubtleCrypto, algorithm: dict[str, Value], bits: Value, message: str
) -> None:
    with pytest.raises(JsError, match=message):
        subtle.derive_bits(algorithm, password(subtle, algorithm["name"]), bits)


def test_a_key_is_derived(subtle: SubtleCrypto) -> None:
    key = password(subtle, "PBKDF2", "deriveBits", "deriveKey")
    made = subtle.derive_key(PBKDF2, key, HMAC, True, ["sign"])
    assert (key.usages, made.algorithm["length"]) == (["deriveKey", "deriveBits"], 512)
    assert len(subtle.export_key("raw", made).data) == 64


@pytest.mark.parametrize(
    ("format", "extractable", "usages", "message"),
    [
        ("raw", True, ["deriveBits"], "PBKDF2 key cannot be extractable."),
        ("raw", False, ["sign"], 'secret PBKDF2 key with invalid usage "sign"'),
        ("jwk", False, ["deriveBits"], r'imported in "raw" format \(requested "jwk"\)'),
        ("raw", False, [], "must have at least one usage"),
    ],
)
def test_passwords_that_are_refused(
    subtle: SubtleCrypto, format: str, extractable: bool, usages: list[str], message: str
) -> None:
    with pytest.raises(JsError, match=message):
        subtle.import_key(format, array(b"pw"), "PBKDF2", extractable, usages)


def test_a_password_is_for_its_algorithm(subtle: SubtleCrypto) -> None:
    with pytest.raises(JsError, match="does not match this CryptoKey's algorithm"):
        subtle.derive_bits(PBKDF2, password(subtle, "HKDF"), 8)
    with pytest.raises(JsError, match='usage "deriveBits" does not match'):
        subtle.derive_bits(PBKDF2, password(subtle, "PBKDF2", "deriveKey"), 8)
