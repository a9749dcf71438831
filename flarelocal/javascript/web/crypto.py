"""crypto: random values, digests and HMAC."""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid
from typing import Annotated

from flarelocal.javascript.binary import (
    ArrayBuffer,
    BufferView,
    DataView,
    TypedArray,
    bytes_of,
    is_buffer_source,
)
from flarelocal.javascript.collections import iterate
from flarelocal.javascript.errors import JsError, dom_exception, type_error
from flarelocal.javascript.host import HostObject, getter, method
from flarelocal.javascript.numbers import to_integer
from flarelocal.javascript.signature import BufferSource, Options, properties_of
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.entropy import current_entropy
from flarelocal.javascript.web.key_derivation import DERIVATIONS, derived_bits

__all__ = ["Crypto", "CryptoKey", "SubtleCrypto"]

_DIGESTS = {
    "MD5": "md5",
    "SHA-1": "sha1",
    "SHA-256": "sha256",
    "SHA-384": "sha384",
    "SHA-512": "sha512",
}
_NOT_EMULATED = frozenset(
    {
        "AES-CBC",
        "AES-CTR",
        "AES-GCM",
        "AES-KW",
        "ECDH",
        "ECDSA",
        "ED25519",
        "NODE-ED25519",
        "RSA-OAEP",
        "RSA-PSS",
        "RSASSA-PKCS1-V1_5",
        "X25519",
    }
)
_FORMATS = ("raw", "pkcs8", "spki", "jwk")
_DERIVING = ("deriveKey", "deriveBits")
_NO_USAGE = "Secret/private CryptoKeys must have at least one usage."
_NO_BUFFER = (
    'Import data provided for "raw", "pkcs8", or "spki" import formats must be a buffer source.'
)
_LARGEST_REQUEST = 65536


def _unknown(name: str, what: str) -> JsError:
    if name.upper() in _NOT_EMULATED:
        return dom_exception(
            f'flarelocal does not emulate the algorithm "{name}" of crypto.subtle; use a Python'
            " library for it.",
            "NotSupportedError",
        )
    return dom_exception(f'Unrecognized {what} algorithm "{name}" requested.', "NotSupportedError")


def _algorithm(value: Value) -> Options:
    if isinstance(value, str):
        return {"name": value}
    options = properties_of(value)
    if not options or options.get("name") is None:
        raise type_error('Missing field "name" in "algorithm".')
    return options | {"name": to_string(options["name"])}


def _digest_name(value: Value) -> str:
    name = _algorithm(value)["name"].upper()
    if name not in _DIGESTS:
        raise dom_exception(
            "Unrecognized or unimplemented digest algorithm requested.", "NotSupportedError"
        )
    return str(name)


class CryptoKey(HostObject):
    """A key; `secret` never leaves it unless it is extractable."""

    __slots__ = ("_algorithm", "_extractable", "_usages", "secret")

    def __init__(
        self, secret: bytes, algorithm: Options, extractable: bool, usages: list[str]
    ) -> None:
        self.secret = secret
        self._algorithm = algorithm
        self._extractable = extractable
        self._usages = usages

    @getter
    def type(self) -> str:
        return "secret"

    @getter
    def extractable(self) -> bool:
        return self._extractable

    @getter
    def algorithm(self) -> Value:
        return self._algorithm

    @getter
    def usages(self) -> list[Value]:
        return list(self._usages)

    @property
    def digest(self) -> str:
        """The name of the hash, for `hashlib`."""
        return _DIGESTS[self._algorithm["hash"]["name"]]

    def allow(self, algorithm: str, usage: str) -> None:
        """Check that the key is for this.

        Raises:
            JsError: InvalidAccessError where it is not.
        """
        name = self._algorithm["name"]
        if algorithm.upper() != name:
            raise dom_exception(
                f'Requested algorithm "{algorithm}" does not match this CryptoKey\'s algorithm'
                f' "{name}".',
                "InvalidAccessError",
            )
        if usage not in self._usages:
            raise dom_exception(
                f'Requested key usage "{usage}" does not match any usage listed in this CryptoKey.',
                "InvalidAccessError",
            )


def _usages(value: Value, what: str) -> list[str]:
    usages = [to_string(usage) for usage in iterate(value)]
    for usage in usages:
        if usage not in ("sign", "verify"):
            raise dom_exception(
                f'Attempt to {what} HMAC key with invalid usage "{usage}".', "SyntaxError"
            )
    if not usages:
        raise dom_exception(_NO_USAGE, "SyntaxError")
    return usages


def _hmac_key(secret: bytes, algorithm: Options, extractable: bool, usages: list[str]) -> CryptoKey:
    described: Options = {
        "name": "HMAC",
        "hash": {"name": _digest_name(algorithm.get("hash"))},
        "length": len(secret) * 8,
    }
    return CryptoKey(secret, described, extractable, usages)


class SubtleCrypto(HostObject):
    """`crypto.subtle`: digests, HMAC and what derives keys (workerd, api/crypto)."""

    __slots__ = ()

    @method(promise=True)
    def digest(
        self, algorithm: Annotated[Value, "string or HashAlgorithm"], data: BufferSource
    ) -> ArrayBuffer:
        name = _digest_name(algorithm)
        return ArrayBuffer.of(hashlib.new(_DIGESTS[name], bytes_of(data)).digest())

    @method(promise=True)
    def import_key(
        self,
        format: str,
        key_data: Value,
        algorithm: Annotated[Value, "ImportKeyAlgorithm or string"],
        extractable: bool,
        usages: Annotated[Value, "Array"],
    ) -> CryptoKey:
        if format not in _FORMATS:
            raise dom_exception(f'Unrecognized key import format "{format}".', "NotSupportedError")
        described = _algorithm(algorithm)
        if described["name"].upper() in DERIVATIONS:
            return _password(format, key_data, described["name"].upper(), extractable, usages)
        if described["name"].upper() != "HMAC":
            raise _unknown(described["name"], "key import")
        if format == "jwk":
            secret = _secret_of(key_data)
        elif is_buffer_source(key_data):
            secret = bytes_of(key_data)
        else:
            raise type_error(_NO_BUFFER)
        if not secret:
            raise dom_exception("HMAC key must have a non-zero length.", "DataError")
        return _hmac_key(secret, described, extractable, _usages(usages, "import"))

    @method(promise=True)
    def export_key(self, format: str, key: CryptoKey) -> Value:
        if not key.extractable:
            name = key.algorithm["name"]
            raise dom_exception(
                f"Attempt to export non-extractable {name} key.", "InvalidAccessError"
            )
        if format == "raw":
            return ArrayBuffer.of(key.secret)
        if format != "jwk":
            raise dom_exception(
                'Unrecognized or unsupported export of "HMAC" requested.', "NotSupportedError"
            )
        return {
            "kty": "oct",
            "k": base64.urlsafe_b64encode(key.secret).rstrip(b"=").decode(),
            "alg": "HS" + key.algorithm["hash"]["name"].removeprefix("SHA-"),
            "key_ops": key.usages,
            "ext": True,
        }

    @method(promise=True)
    def generate_key(self, algorithm: Value, extractable: bool, usages: Value) -> CryptoKey:
        described = _algorithm(algorithm)
        if described["name"].upper() != "HMAC":
            raise _unknown(described["name"], "key generation")
        digest = _DIGESTS[_digest_name(described.get("hash"))]
        bits = to_integer(described.get("length")) or hashlib.new(digest).block_size * 8
        secret = current_entropy.get()(-(-bits // 8))
        return _hmac_key(secret, described, extractable, _usages(usages, "generate"))

    @method(promise=True)
    def sign(self, algorithm: Value, key: CryptoKey, data: BufferSource) -> ArrayBuffer:
        key.allow(_algorithm(algorithm)["name"], "sign")
        return ArrayBuffer.of(hmac.digest(key.secret, bytes_of(data), key.digest))

    @method(promise=True)
    def verify(
        self, algorithm: Value, key: CryptoKey, signature: BufferSource, data: BufferSource
    ) -> bool:
        key.allow(_algorithm(algorithm)["name"], "verify")
        expected = hmac.digest(key.secret, bytes_of(data), key.digest)
        return hmac.compare_digest(expected, bytes_of(signature))

    @method
    def timing_safe_equal(self, left: BufferSource, right: BufferSource) -> bool:
        first, second = bytes_of(left), bytes_of(right)
        if len(first) != len(second):
            raise type_error("Input buffers must have the same byte length.")
        return hmac.compare_digest(first, second)

    @method(promise=True)
    def encrypt(self, algorithm: Value, key: Value, data: Value) -> Value:
        raise _unknown(_algorithm(algorithm)["name"], "encryption")

    @method(promise=True)
    def decrypt(self, algorithm: Value, key: Value, data: Value) -> Value:
        raise _unknown(_algorithm(algorithm)["name"], "decryption")

    @method(promise=True)
    def derive_key(
        self,
        algorithm: Value,
        base_key: CryptoKey,
        derived_type: Value,
        extractable: bool,
        usages: Value,
    ) -> CryptoKey:
        wanted = _algorithm(derived_type)
        if wanted["name"].upper() != "HMAC":
            raise _unknown(wanted["name"], "key derivation")
        length = wanted.get("length")
        if length is None:
            length = hashlib.new(_DIGESTS[_digest_name(wanted.get("hash"))]).block_size * 8
        secret = _derived(algorithm, base_key, length, "deriveKey")
        return _hmac_key(secret, wanted, extractable, _usages(usages, "import"))

    @method(promise=True)
    def derive_bits(
        self, algorithm: Value, base_key: CryptoKey, length: Value = None
    ) -> ArrayBuffer:
        return ArrayBuffer.of(_derived(algorithm, base_key, length, "deriveBits"))


def _derived(algorithm: Value, key: CryptoKey, length: Value, usage: str) -> bytes:
    described = _algorithm(algorithm)
    if described["name"].upper() not in DERIVATIONS:
        raise _unknown(described["name"], "key derivation")
    key.allow(described["name"], usage)
    if described.get("hash") is None:
        raise type_error('Missing field "hash" in "algorithm".')
    digest = _DIGESTS[_digest_name(described["hash"])]
    return derived_bits(key.secret, described, digest, length)


def _password(
    format: str, key_data: Value, name: str, extractable: bool, usages: Value
) -> CryptoKey:
    """A secret that others are derived of."""
    given = [to_string(usage) for usage in iterate(usages)]
    for usage in given:
        if usage not in _DERIVING:
            raise dom_exception(
                f'Attempt to import secret {name} key with invalid usage "{usage}".', "SyntaxError"
            )
    if not given:
        raise dom_exception(_NO_USAGE, "SyntaxError")
    if extractable:
        raise dom_exception(f"{name} key cannot be extractable.", "SyntaxError")
    if format != "raw":
        raise dom_exception(
            f'{name} key must be imported in "raw" format (requested "{format}").',
            "NotSupportedError",
        )
    if not is_buffer_source(key_data):
        raise type_error(_NO_BUFFER)
    ordered = [usage for usage in _DERIVING if usage in given]
    return CryptoKey(bytes_of(key_data), {"name": name}, False, ordered)


def _secret_of(key_data: Value) -> bytes:
    key = properties_of(key_data)
    if not key or is_buffer_source(key_data):
        raise type_error('Import data provided for "jwk" import format must be a JsonWebKey.')
    if key.get("kty") != "oct" or not isinstance(key.get("k"), str):
        raise dom_exception(
            'HMAC "jwk" key import requires a JSON Web Key with Key Type parameter "kty" equal to'
            ' "oct".',
            "DataError",
        )
    text = key["k"]
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Crypto(HostObject):
    """`crypto`."""

    __slots__ = ("_subtle",)

    def __init__(self) -> None:
        self._subtle = SubtleCrypto()

    @getter
    def subtle(self) -> SubtleCrypto:
        return self._subtle

    @method(name="randomUUID")
    def random_uuid(self) -> str:
        return str(uuid.UUID(bytes=current_entropy.get()(16), version=4))

    @method
    def get_random_values(self, array: Value) -> Value:
        if not isinstance(array, BufferView):
            raise type_error(
                "Failed to execute 'getRandomValues' on 'Crypto': parameter 1 is not of type"
                " 'ArrayBufferView'."
            )
        floating = isinstance(array, TypedArray) and array.format in "fd"
        if floating or isinstance(array, DataView):
            raise dom_exception(
                "ArrayBufferView argument to getRandomValues() must be an integer-typed view.",
                "TypeMismatchError",
            )
        size = int(array.byte_length)
        if size > _LARGEST_REQUEST:
            raise dom_exception(
                f"getRandomValues() only accepts buffers of size <= 64K but provided {size} bytes.",
                "QuotaExceededError",
            )
        array.writable_memory[:] = current_entropy.get()(size)
        return array
