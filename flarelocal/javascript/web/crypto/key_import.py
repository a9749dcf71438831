"""Keys of pairs that come in (workerd, api/crypto/keys.c++)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization

from flarelocal.dataclass import dataclass
from flarelocal.javascript.errors import JsError, dom_exception
from flarelocal.javascript.web.crypto.json_web_key import JsonWebKey
from flarelocal.javascript.web.crypto.key import KeyData, KeyRequest
from flarelocal.javascript.web.crypto.usages import (
    OF_PRIVATE_KEYS,
    OF_PUBLIC_KEYS,
    checked_usages,
)

__all__ = ["Imported", "read_key"]

_READABLE_CURVES = ("secp224r1", "secp256r1", "secp384r1", "secp521r1")
"""Those that the runtime can read, even if no algorithm takes them."""

_AGREEMENT = ("ECDH", "X25519")

_ReadJwk: TypeAlias = Callable[[JsonWebKey], Any]


@dataclass(frozen=True, slots=True)
class Imported:
    """A key that came in.

    Attributes:
        key: of the library, or what the reader of JSON Web Keys made.
        type: `public` or `private`.
    """

    key: Any
    type: str
    usages: list[str]


def read_key(
    request: KeyRequest,
    format: str,
    data: KeyData,
    allowed: frozenset[str],
    read_jwk: _ReadJwk,
) -> Imported:
    """Read a key in the format `spki`, `pkcs8` or `jwk`.

    Args:
        allowed: the usages of both keys of the pair.

    Raises:
        JsError: DataError where the data are not such a key, SyntaxError for wrong usages.
    """
    name = request.name
    # Public keys of ECDH are for nothing but to be given to the private ones.
    of_public = allowed & (frozenset() if name == "ECDH" else OF_PUBLIC_KEYS)
    of_private = allowed & OF_PRIVATE_KEYS
    if isinstance(data, JsonWebKey):
        type = "public" if data.d is None else "private"
        usages = checked_usages(
            request.usages, of_public if data.d is None else of_private, name, f"import {type}"
        )
        if data.d is not None and data.oth is not None:
            raise dom_exception("Multi-prime private keys not supported.", "NotSupportedError")
        _check_purpose(data, request)
        return Imported(read_jwk(data), type, usages)
    if format == "spki":
        key = _from_der(data, "SPKI", serialization.load_der_public_key)
        usages = checked_usages(request.usages, of_public, name, "import public")
        return Imported(key, "public", usages)
    if format == "pkcs8":
        key = _from_der(data, "PKCS8", _load_private)
        usages = checked_usages(request.usages, of_private, name, "import private")
        return Imported(key, "private", usages)
    raise dom_exception(f'Unrecognized key import format "{format}".', "NotSupportedError")


def _load_private(der: bytes) -> Any:
    return serialization.load_der_private_key(der, None, unsafe_skip_rsa_key_validation=True)


def _from_der(data: bytes, what: str, load: Callable[[bytes], Any]) -> Any:
    size = _element_size(data)
    try:
        key = load(data[:size])
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if key is None or _has_unknown_curve(key):
        raise _data_error(f"Invalid {what} input.")
    if size < len(data):
        raise _data_error(f"Invalid {len(data) - size} trailing bytes after {what} input.")
    return key


def _has_unknown_curve(key: Any) -> bool:
    curve = getattr(key, "curve", None)
    return curve is not None and curve.name not in _READABLE_CURVES


def _element_size(data: bytes) -> int:
    """How many bytes the first element of DER takes."""
    if len(data) < 2 or data[1] < 0x80:
        return 2 + data[1] if len(data) > 1 else len(data)
    start = 2 + data[1] - 0x80
    return start + int.from_bytes(data[2:start], "big")


def _check_purpose(key: JsonWebKey, request: KeyRequest) -> None:
    """Check that a JSON Web Key is for what the program wants to use it for."""
    expected, operations = _purpose(request.name)
    if request.usages and key.use is not None and key.use != expected:
        raise _data_error(
            'Asymmetric "jwk" key import with usages requires a JSON Web Key with Public Key Use'
            f' parameter "use" ("{key.use}") equal to "sig".'
        )
    if key.key_ops is None:
        return
    if len(set(key.key_ops)) < len(key.key_ops):
        raise _data_error(
            'A JSON Web Key\'s Key Operations parameter ("key_ops") must not contain duplicates.'
        )
    if key.use is not None:
        if key.use != expected:
            raise _data_error(
                'Asymmetric "jwk" import requires a JSON Web Key with Public Key Use "use"'
                f' ("{key.use}") equal to "{expected}".'
            )
        for operation in sorted(key.key_ops):
            _check_consistent(operation, operations, request.name)
    if any(usage not in key.key_ops for usage in request.usages):
        raise _data_error(
            "All specified key usages must be present in the JSON Web Key's Key Operations"
            ' parameter ("key_ops").'
        )


def _purpose(name: str) -> tuple[str, tuple[str, ...]]:
    """What a JSON Web Key must say: `use`, and the operations which go with it."""
    if name == "RSA-OAEP":
        return "enc", ("encrypt", "wrapKey")
    return ("enc", ()) if name in _AGREEMENT else ("sig", ("sign", "verify"))


def _check_consistent(operation: str, operations: tuple[str, ...], name: str) -> None:
    rule = (
        'A JSON Web Key should have either a Public Key Use parameter ("use") or a Key Operations'
        ' parameter ("key_ops"); otherwise, the parameters must be consistent with each other.'
    )
    if not operations:
        raise _data_error(
            f"{rule} For public {name} keys, there are no valid usages,so keys with a non-empty"
            ' "key_ops" parameter are not allowed.'
        )
    if operation not in operations:
        one, other = operations
        raise _data_error(
            f"{rule} A Public Key Use for {name} would allow a Key Operations array with only"
            f' "{one}" and/or "{other}" values (not "{operation}").'
        )


def _data_error(message: str) -> JsError:
    return dom_exception(message, "DataError")
