"""crypto.subtle (workerd, api/crypto/crypto.c++)."""

from __future__ import annotations

import hmac

from flarelocal.javascript.binary import ArrayBuffer, bytes_of
from flarelocal.javascript.errors import dom_exception, type_error
from flarelocal.javascript.host import HostObject, method
from flarelocal.javascript.json import parse, stringify
from flarelocal.javascript.numbers import to_int32
from flarelocal.javascript.signature import BufferSource, properties_of
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.crypto.digests import hash_of
from flarelocal.javascript.web.crypto.families import generated_key, imported_key
from flarelocal.javascript.web.crypto.json_web_key import JsonWebKey
from flarelocal.javascript.web.crypto.key import CryptoKey, KeyData
from flarelocal.javascript.web.crypto.key_length import key_length
from flarelocal.javascript.web.crypto.key_source import KeySource
from flarelocal.javascript.web.crypto.parameters import (
    Algorithm,
    DeriveKeyAlgorithm,
    EncryptAlgorithm,
    GenerateKeyAlgorithm,
    HashAlgorithm,
    ImportKeyAlgorithm,
    SignAlgorithm,
)

__all__ = ["SubtleCrypto"]

_BINARY_FORMATS = ("raw", "pkcs8", "spki")
_MODERN_FORMATS = ("raw-secret", "raw-public", "raw-private", "raw-seed")


class SubtleCrypto(HostObject):
    """Digests, keys, and what is done with them; all at once, though the results are promises."""

    __slots__ = ()

    @method(promise=True)
    def encrypt(
        self,
        algorithm: EncryptAlgorithm,
        key: CryptoKey,
        data: BufferSource,
    ) -> ArrayBuffer:
        return ArrayBuffer.of(key.allow(algorithm, "encrypt").encrypt(algorithm, bytes_of(data)))

    @method(promise=True)
    def decrypt(
        self,
        algorithm: EncryptAlgorithm,
        key: CryptoKey,
        data: BufferSource,
    ) -> ArrayBuffer:
        return ArrayBuffer.of(key.allow(algorithm, "decrypt").decrypt(algorithm, bytes_of(data)))

    @method(promise=True)
    def sign(
        self,
        algorithm: SignAlgorithm,
        key: CryptoKey,
        data: BufferSource,
    ) -> ArrayBuffer:
        return ArrayBuffer.of(key.allow(algorithm, "sign").sign(algorithm, bytes_of(data)))

    @method(promise=True)
    def verify(
        self,
        algorithm: SignAlgorithm,
        key: CryptoKey,
        signature: BufferSource,
        data: BufferSource,
    ) -> bool:
        material = key.allow(algorithm, "verify")
        return material.verify(algorithm, bytes_of(signature), bytes_of(data))

    @method(promise=True)
    def digest(self, algorithm: HashAlgorithm, data: BufferSource) -> ArrayBuffer:
        digest = hash_of(algorithm.name)
        digest.update(bytes_of(data))
        return ArrayBuffer.of(digest.digest())

    @method(promise=True)
    def generate_key(
        self,
        algorithm: GenerateKeyAlgorithm,
        extractable: bool,
        usages: list[str],
    ) -> Value:
        return generated_key(algorithm, extractable, usages)

    @method(promise=True)
    def derive_key(
        self,
        algorithm: DeriveKeyAlgorithm,
        base_key: CryptoKey,
        derived_type: ImportKeyAlgorithm,
        extractable: bool,
        usages: list[str],
    ) -> CryptoKey:
        material = base_key.allow(algorithm, "deriveKey")
        secret = material.derive_bits(algorithm, key_length(derived_type))
        return imported_key("raw", secret, derived_type, extractable, usages)

    @method(promise=True)
    def derive_bits(
        self,
        algorithm: DeriveKeyAlgorithm,
        base_key: CryptoKey,
        length: Value = None,
    ) -> ArrayBuffer:
        bits = None if length is None or length is null else to_int32(length)
        if bits is not None and bits < 0:
            raise type_error("deriveBits length must be an unsigned long integer.")
        material = base_key.allow(algorithm, "deriveBits")
        return ArrayBuffer.of(material.derive_bits(algorithm, bits))

    @method(promise=True)
    def import_key(
        self,
        format: str,
        source: KeySource,
        algorithm: ImportKeyAlgorithm,
        extractable: bool,
        usages: list[str],
    ) -> CryptoKey:
        return _imported(format, source.data, algorithm, extractable, usages)

    @method(promise=True)
    def export_key(self, format: str, key: CryptoKey) -> Value:
        _check_format(format)
        exported = key.export(format)
        if isinstance(exported, JsonWebKey):
            return exported.to_options()
        return ArrayBuffer.of(exported)

    @method(promise=True)
    def wrap_key(
        self,
        format: str,
        key: CryptoKey,
        wrapping_key: CryptoKey,
        algorithm: EncryptAlgorithm,
    ) -> ArrayBuffer:
        _check_format(format)
        material = wrapping_key.allow(algorithm, "wrapKey")
        exported = key.export(format)
        if isinstance(exported, JsonWebKey):
            exported = (stringify(exported.to_options()) or "").encode()
        return ArrayBuffer.of(material.wrap(algorithm, exported))

    @method(promise=True)
    def unwrap_key(
        self,
        format: str,
        wrapped_key: BufferSource,
        unwrapping_key: CryptoKey,
        algorithm: EncryptAlgorithm,
        key_algorithm: ImportKeyAlgorithm,
        extractable: bool,
        usages: list[str],
    ) -> CryptoKey:
        _check_format(format)
        material = unwrapping_key.allow(algorithm, "unwrapKey")
        unwrapped = material.unwrap(algorithm, bytes_of(wrapped_key))
        data: KeyData = _parsed(unwrapped) if format == "jwk" else unwrapped
        return _imported(format, data, key_algorithm, extractable, usages)

    @method
    def timing_safe_equal(self, left: BufferSource, right: BufferSource) -> bool:
        first, second = bytes_of(left), bytes_of(right)
        if len(first) != len(second):
            raise type_error("Input buffers must have the same byte length.")
        return hmac.compare_digest(first, second)


def _check_format(format: str) -> None:
    if format in _MODERN_FORMATS:
        raise dom_exception(
            f'Key format "{format}" requires the webcrypto_modern_algorithms flag.',
            "NotSupportedError",
        )


def _imported(
    format: str, data: KeyData, algorithm: Algorithm, extractable: bool, usages: list[str]
) -> CryptoKey:
    """The key, if its data are in the format."""
    _check_format(format)
    if format in _BINARY_FORMATS:
        if isinstance(data, JsonWebKey):
            raise type_error(
                "Import data provided for buffer-based import formats must be a buffer source."
            )
    elif format != "jwk":
        raise dom_exception(f'Unrecognized key import format "{format}".', "NotSupportedError")
    elif not isinstance(data, JsonWebKey):
        raise type_error('Import data provided for "jwk" import format must be a JsonWebKey.')
    elif data.ext is False and extractable:
        raise dom_exception(
            f'JWK ext field for "{algorithm.name}" is set to false but extractable is true',
            "DataError",
        )
    return imported_key(format, data, algorithm, extractable, usages)


def _parsed(data: bytes) -> JsonWebKey:
    value = parse(data.decode(errors="replace"))
    if value is not null and properties_of(value) is not None:
        key = JsonWebKey.of(value)
        if key is not None:
            return key
    raise dom_exception('Missing "kty" field or corrupt JSON unwrapping key?', "DataError")
