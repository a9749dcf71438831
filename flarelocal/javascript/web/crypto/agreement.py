"""What two parties have in common: secrets derived of a private and a public key."""

from __future__ import annotations

from flarelocal.javascript.errors import dom_exception, type_error
from flarelocal.javascript.web.crypto.asymmetric import AsymmetricKey, require_type
from flarelocal.javascript.web.crypto.parameters import Algorithm

__all__ = ["check_length", "peer_of", "shortened"]


def peer_of(key: AsymmetricKey, algorithm: Algorithm, expected: str) -> AsymmetricKey:
    """The public key of the other party.

    Args:
        expected: the algorithm that this is for.

    Raises:
        JsError: InvalidAccessError where the keys do not fit each other.
    """
    if key.name != expected:
        raise dom_exception(
            f'The deriveBits operation is not implemented for "{key.name}".', "NotSupportedError"
        )
    require_type(
        key,
        "private",
        f'The deriveBits operation is only valid for a private key, not "{key.type}".',
    )
    if algorithm.get("public") is None:
        raise type_error('Missing field "public" in "derivedKeyParams".')
    peer = algorithm.get("public").material
    require_type(peer, "public", f'The provided key has type "{peer.type}", not "public"')
    if peer.described.keys() != key.described.keys():
        raise dom_exception(
            f"Base {key.name} private key cannot be used to derive a key from a peer {peer.name}"
            " public key",
            "InvalidAccessError",
        )
    for member, what in (("name", "using"), ("namedCurve", "using curve")):
        own, other = key.described.get(member), peer.described.get(member)
        if own != other:
            raise dom_exception(
                f'Private key for derivation is {what} "{own}" while public key is using'
                f' "{other}".',
                "InvalidAccessError",
            )
    assert isinstance(peer, AsymmetricKey)
    return peer


def check_length(length: int | None, available: int) -> None:
    """Check how long the secret shall be.

    Args:
        length: in bits; None for all.
        available: how many bits there are.

    Raises:
        JsError: OperationError where there are not as many.
    """
    if length is not None and length > available:
        raise dom_exception(
            f"Derived key length ({length} bits) is too long (should be at most {available} bits).",
            "OperationError",
        )


def shortened(secret: bytes, length: int | None) -> bytes:
    """The first bits of a secret, the last byte filled up with zeros.

    Args:
        length: in bits; None for all.

    Raises:
        JsError: OperationError where there are not as many.
    """
    check_length(length, len(secret) * 8)
    if not length:
        return secret if length is None else b""
    size = -(-length // 8)
    spare = size * 8 - length
    return secret[: size - 1] + bytes([secret[size - 1] >> spare << spare])
