"""What `importKey` makes a key of."""

from __future__ import annotations

from typing import ClassVar

from flarelocal.javascript.binary import bytes_of, is_buffer_source
from flarelocal.javascript.signature import refused
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.crypto.json_web_key import JsonWebKey
from flarelocal.javascript.web.crypto.key import KeyData

__all__ = ["KeySource"]


class KeySource:
    """Bytes or a JSON Web Key, in an argument."""

    __slots__ = ("data",)

    js_type: ClassVar[str] = "BufferSource or JsonWebKey"

    def __init__(self, data: KeyData) -> None:
        self.data = data

    @classmethod
    def from_javascript(cls, value: Value) -> KeySource:
        """The data of a value.

        Raises:
            JsError: TypeError where it is neither of them.
        """
        if is_buffer_source(value):
            return cls(bytes_of(value))
        key = JsonWebKey.of(value)
        if key is None:
            raise refused("SubtleCrypto", "importKey", 1, cls.js_type)
        return cls(key)
