from __future__ import annotations

import pytest

from flarelocal.javascript.values import Value
from flarelocal.javascript.web.crypto.key import CryptoKey
from tests.javascript.web.crypto.subtle import SUBTLE, array, exported, imported, refused

ALL = ("encrypt", "decrypt", "wrapKey", "unwrapKey")
NIST_KEY = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c")
NIST_TEXT = bytes.fromhex("6bc1bee22e409f96e93d7e117393172a")
GCM_KEY = bytes.fromhex("feffe9928665731c6d6a8f9467308308")
GCM_TEXT = bytes.fromhex(
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
)
GCM_ADDITIONAL = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")


def key_of(name: str, secret: bytes = NIST_KEY) -> CryptoKey:
    return imported("raw", secret, name, *(ALL[2:] if name == "AES-KW" else ALL))


def encrypted(algorithm: Value, key: CryptoKey, data: bytes) -> bytes:
    return bytes(SUBTLE.encrypt(algorithm, key, array(data)).data)


def decrypted(algorithm: Value, key: CryptoKey, data: bytes) -> bytes:
    return bytes(SUBTLE.decrypt(algorithm, key, array(data)).data)


# -- AES-GCM


@pytest.mark.parametrize(
    ("iv", "text", "tag"),
    [
        (
            "cafebabefacedbaddecaf888",
            (
                "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
                "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091"
            ),
            "5bc94fbc3221a5db94fae95ae7121a47",
        ),
        (
            "cafebabefacedbad",
            (
                "61353b4c2806934a777ff51fa22a4755699b2a714fcdc6f83766e5f97b6c7423"
                "73806900e49f24b22b097544d4896b424989b5e1ebac0f07c23f4598"
            ),
            "3612d2e79e3b0785561be14aaca2fccb",
        ),
    ],
)
def test_gcm_as_in_its_specification(iv: str, text: str, tag: str) -> None:
    key = key_of("AES-GCM", GCM_KEY)
    algorithm = {
        "name": "AES-GCM",
        "iv": array(bytes.fromhex(iv)),
        "additionalData": array(GCM_ADDITIONAL),
    }
    assert encrypted(algorithm, key, GCM_TEXT).hex() == text + tag
    assert decrypted(algorithm, key, bytes.fromhex(text + tag)) == GCM_TEXT
    short = encrypted(algorithm | {"tagLength": 96}, key, GCM_TEXT)
    assert short.hex() == text + tag[:24]


@pytest.mark.parametrize(
    ("iv", "expected"),
    [
        ("01", "e8415ad635fb92919dafdbf7149bdd7df897bc27a9d458ab5f56093a09499d5ae76e15e7"),
        ("ab" * 129, "b546c6ec5f437e2dcb8d42e17d75acc0123b0275d9ac992a8493b7f38d3190840eb4628c"),
    ],
)
def test_gcm_with_vectors_of_unusual_lengths(iv: str, expected: str) -> None:
    key = key_of("AES-GCM", GCM_KEY)
    algorithm = {
        "name": "AES-GCM",
        "iv": array(bytes.fromhex(iv)),
        "additionalData": array(b"more"),
    }
    assert encrypted(algorithm, key, b"twenty bytes of text").hex() == expected
    assert decrypted(algorithm, key, bytes.fromhex(expected)) == b"twenty bytes of text"


def test_gcm_notices_changes() -> None:
    key = key_of("AES-GCM")
    algorithm = {"name": "AES-GCM", "iv": array(bytes(12))}
    sealed = encrypted(algorithm, key, b"text")
    with refused("OperationError", "Input length was 4, output length expected to be 4 for AES-G"):
        decrypted(algorithm, key, sealed[:-1] + bytes([sealed[-1] ^ 1]))
    with refused("OperationError", "Ciphertext length of 40 bits must be greater than or equal"):
        decrypted(algorithm, key, b"short")


@pytest.mark.parametrize(
    ("parameters", "name", "message"),
    [
        ({}, "TypeError", 'Missing field "iv" in "algorithm".'),
        ({"iv": array(b"")}, "OperationError", "AES-GCM IV must not be empty."),
        ({"iv": "text"}, "TypeError", "Incorrect type for the 'iv' field on 'EncryptAlgorithm'"),
        ({"iv": array(b"x"), "tagLength": 127}, "OperationError", "AES-GCM tag length 127."),
    ],
)
def test_gcm_parameters(parameters: Value, name: str, message: str) -> None:
    with refused(name, message):
        encrypted({"name": "AES-GCM"} | parameters, key_of("AES-GCM"), b"")


# -- AES-CBC


def test_cbc_as_in_its_specification() -> None:
    algorithm = {"name": "AES-CBC", "iv": array(bytes(range(16)))}
    sealed = encrypted(algorithm, key_of("AES-CBC"), NIST_TEXT)
    assert sealed[:16].hex() == "7649abac8119b246cee98e9b12e9197d"
    assert len(sealed) == 32
    assert decrypted(algorithm, key_of("AES-CBC"), sealed) == NIST_TEXT


@pytest.mark.parametrize(("size", "expected"), [(0, 0), (5, 0), (16, 0), (20, 16), (32, 16)])
def test_cbc_refuses_what_is_not_padded(size: int, expected: int) -> None:
    algorithm = {"name": "AES-CBC", "iv": array(bytes(16))}
    with refused("OperationError", f"was {size}, output length expected to be {expected} for AES"):
        decrypted(algorithm, key_of("AES-CBC"), bytes(size))


def test_cbc_needs_a_vector_of_a_block() -> None:
    algorithm = {"name": "AES-CBC", "iv": array(bytes(12))}
    with refused("OperationError", "AES-CBC IV must be 16 bytes long (provided 12 bytes)."):
        encrypted(algorithm, key_of("AES-CBC"), b"")


# -- AES-CTR


def test_ctr_as_in_its_specification() -> None:
    counter = array(bytes.fromhex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"))
    algorithm = {"name": "AES-CTR", "counter": counter, "length": 64}
    sealed = encrypted(algorithm, key_of("AES-CTR"), NIST_TEXT)
    assert sealed.hex() == "874d6191b620e3261bef6864990db6ce"
    assert decrypted(algorithm, key_of("AES-CTR"), sealed) == NIST_TEXT


def test_the_counter_starts_again_in_its_bits() -> None:
    def blocks(counter: bytes, length: int, count: int) -> list[bytes]:
        algorithm = {"name": "AES-CTR", "counter": array(counter), "length": length}
        stream = encrypted(algorithm, key_of("AES-CTR"), bytes(16 * count))
        return [stream[index : index + 16] for index in range(0, len(stream), 16)]

    ordered = blocks(b"\xaa" * 15 + b"\xa8", 3, 8)
    assert blocks(b"\xaa" * 15 + b"\xad", 3, 8) == ordered[5:] + ordered[:5]
    with refused("OperationError", "Counter block values will repeat."):
        blocks(bytes(16), 3, 9)


@pytest.mark.parametrize(
    ("parameters", "name", "message"),
    [
        ({}, "TypeError", 'Missing "counter" member in "algorithm".'),
        ({"counter": array(b"x")}, "OperationError", "length of 16 bytes (provided 1)."),
        ({"counter": array(bytes(16))}, "TypeError", 'Missing "length" member in "algorithm".'),
        (
            {"counter": array(bytes(16)), "length": 129},
            "OperationError",
            "Invalid counter of 129 bits length provided.",
        ),
    ],
)
def test_ctr_parameters(parameters: Value, name: str, message: str) -> None:
    with refused(name, message):
        encrypted({"name": "AES-CTR"} | parameters, key_of("AES-CTR"), b"")


# -- AES-KW, and what wraps keys


def test_kw_as_in_its_specification() -> None:
    wrapping = key_of("AES-KW", bytes(range(16)))
    secret = bytes.fromhex("00112233445566778899aabbccddeeff")
    wrapped = SUBTLE.wrap_key("raw", key_of("AES-CBC", secret), wrapping, "AES-KW")
    assert bytes(wrapped.data).hex() == "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5"
    again = SUBTLE.unwrap_key("raw", wrapped, wrapping, "AES-KW", "AES-GCM", True, ["encrypt"])
    assert (again.algorithm["name"], exported("raw", again)) == ("AES-GCM", secret)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (bytes(24), "AES-KW key unwrapping failed."),
        (bytes(12), "96 bits which isn't a multiple of 64 bits."),
        (bytes(16), "128 bits that is less than the minimal length of 192 bits."),
    ],
)
def test_what_kw_did_not_wrap(data: bytes, message: str) -> None:
    with refused("OperationError", message):
        SUBTLE.unwrap_key(
            "raw", array(data), key_of("AES-KW"), "AES-KW", "AES-GCM", True, ["encrypt"]
        )


def test_kw_wraps_whole_blocks() -> None:
    hmac = {"name": "HMAC", "hash": "SHA-256"}
    with refused("OperationError", "multiple of 64 bits but unwrapped key has a length of 24 bits"):
        SUBTLE.wrap_key("raw", imported("raw", b"key", hmac, "sign"), key_of("AES-KW"), "AES-KW")
    with refused("OperationError", "Unwrapped key has length 8 bytes but it should be greater"):
        SUBTLE.wrap_key("raw", imported("raw", bytes(8), hmac, "sign"), key_of("AES-KW"), "AES-KW")


def test_json_web_keys_are_wrapped_as_text() -> None:
    key, wrapping = key_of("AES-CBC"), key_of("AES-GCM")
    algorithm = {"name": "AES-GCM", "iv": array(bytes(12))}
    wrapped = SUBTLE.wrap_key("jwk", key, wrapping, algorithm)
    text = decrypted(algorithm, wrapping, bytes(wrapped.data))
    assert text == (
        b'{"kty":"oct","key_ops":["encrypt","decrypt","wrapKey","unwrapKey"],"alg":"A128CBC",'
        b'"ext":true,"k":"K34VFiiu0qar9xWICc9PPA"}'
    )
    again = SUBTLE.unwrap_key("jwk", wrapped, wrapping, algorithm, "AES-CBC", True, ["encrypt"])
    assert exported("raw", again) == NIST_KEY


@pytest.mark.parametrize(
    ("text", "name", "message"),
    [
        (b"[1", "SyntaxError", "JSON"),
        (b"5", "DataError", 'Missing "kty" field or corrupt JSON unwrapping key?'),
        (b"{}", "DataError", '"kty" equal to "oct" (encountered "undefined").'),
    ],
)
def test_what_is_no_json_web_key(text: bytes, name: str, message: str) -> None:
    algorithm = {"name": "AES-GCM", "iv": array(bytes(12))}
    wrapped = array(encrypted(algorithm, key_of("AES-GCM"), text))
    with refused(name, message):
        SUBTLE.unwrap_key(
            "jwk", wrapped, key_of("AES-GCM"), algorithm, "AES-CBC", True, ["encrypt"]
        )


# -- keys


@pytest.mark.parametrize("name", ["AES-CBC", "AES-CTR", "AES-GCM", "AES-KW"])
def test_generated_keys(name: str) -> None:
    key = SUBTLE.generate_key({"name": name.lower(), "length": 192}, True, ["wrapKey"])
    assert key.algorithm == {"name": name, "length": 192}
    jwk = exported("jwk", key)
    assert jwk["alg"] == f"A192{name[4:]}"
    assert exported("raw", imported("jwk", jwk, name, "wrapKey")) == exported("raw", key)


@pytest.mark.parametrize(
    ("algorithm", "usages", "name", "message"),
    [
        ("AES-GCM", ["encrypt"], "TypeError", 'Missing field "length" in "algorithm".'),
        ({"name": "AES-GCM", "length": 5}, ["encrypt"], "OperationError", "but requested 5."),
        ("AES-KW", ["encrypt"], "SyntaxError", 'generate AES-KW key with invalid usage "encryp'),
        ({"name": "AES-GCM", "length": 128}, [], "SyntaxError", "at least one usage."),
    ],
)
def test_keys_that_are_not_generated(
    algorithm: Value, usages: list[str], name: str, message: str
) -> None:
    with refused(name, message):
        SUBTLE.generate_key(algorithm, True, usages)


@pytest.mark.parametrize(
    ("jwk", "message"),
    [
        ({"kty": "RSA"}, '"kty" equal to "oct" (encountered "RSA").'),
        ({"kty": "oct"}, "requires a base64Url encoding of the key."),
        ({"kty": "oct", "k": "AAAA"}, "128, 192, or 256 bits but provided 24."),
        ({"alg": "A256GCM"}, 'invalid "alg" value "A256GCM", expected "A128GCM".'),
        ({"use": "sig"}, 'must have a "use" of "enc", not "sig".'),
        ({"key_ops": ["decrypt"]}, 'missing usage "encrypt", in "key_ops".'),
        ({"key_ops": ["encrypt", "encrypt"]}, 'duplicate value "encrypt", in "key_op".'),
    ],
)
def test_json_web_keys_that_are_refused(jwk: dict[str, Value], message: str) -> None:
    given = {"kty": "oct", "k": "AAAAAAAAAAAAAAAAAAAAAA"} | jwk
    if jwk == {"kty": "oct"}:
        del given["k"]
    with refused("DataError", message):
        imported("jwk", given, "AES-GCM", "encrypt")


def test_formats() -> None:
    with refused("NotSupportedError", 'Unrecognized key import format "pkcs8".'):
        imported("pkcs8", bytes(16), "AES-GCM", "encrypt")
    with refused("NotSupportedError", 'only supports exporting "raw", "raw-secret" & "jwk", not'):
        exported("spki", key_of("AES-GCM"))
