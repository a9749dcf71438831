"""What the keys of all modes of AES have in common."""

from __future__ import annotations

from flarelocal.javascript.errors import JsError, dom_exception
from flarelocal.javascript.web.crypto.json_web_key import JsonWebKey, base64url
from flarelocal.javascript.web.crypto.key import KeyData, Material

__all__ = ["AesKey"]


class AesKey(Material):
    """A key of 128, 192 or 256 bits."""

    __slots__ = ("secret",)

    def __init__(self, name: str, secret: bytes) -> None:
        super().__init__({"name": name, "length": len(secret) * 8})
        self.secret = secret

    def export(self, format: str, usages: list[str]) -> KeyData:
        if format == "raw":
            return self.secret
        if format != "jwk":
            raise dom_exception(
                f'{self.name} key only supports exporting "raw", "raw-secret" & "jwk", not'
                f' "{format}".',
                "NotSupportedError",
            )
        return JsonWebKey(
            "oct",
            k=base64url(self.secret),
            alg=f"A{len(self.secret) * 8}{self.name.removeprefix('AES-')}",
            key_ops=usages,
            ext=True,
        )

    def undecryptable(self, size: int, expected: int) -> JsError:
        """The OperationError for what cannot be decrypted.

        Args:
            size: how many bytes there were.
            expected: how many of them were thought to be text.
        """
        return dom_exception(
            "Decryption failed. This could be due to a ciphertext authentication failure, bad"
            " padding, incorrect CryptoKey, or another algorithm-specific reason. Input length was"
            f" {size}, output length expected to be {expected} for {self.name}",
            "OperationError",
        )
