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
