"""Bytes as texts of base64 and hexadecimal digits: what Uint8Array has beyond other arrays."""

from __future__ import annotations

import base64
import re
from typing import Any

from flarelocal.javascript.errors import syntax_error, type_error
from flarelocal.javascript.host import HostObject, method, static
from flarelocal.javascript.signature import to_boolean
from flarelocal.javascript.values import Value

__all__ = ["ByteMethods"]

_SPACE = re.compile(r"[\t\n\f\r ]+")
_BASE64 = re.compile(r"([A-Za-z0-9+/]*)(={0,2})")
_URL = str.maketrans("-_+/", "+/??")


class ByteMethods(HostObject):
    """Them, over `memory` and `writable_memory`."""

    __slots__ = ()

    @staticmethod
    @static(name="fromBase64")
    def from_base64(text: Value = None, options: Value = None) -> Value:
        return _array(_of_base64(_text(text), options))

    @staticmethod
    @static(name="fromHex")
    def from_hex(text: Value = None) -> Value:
        return _array(_of_hex(_text(text)))

    @method(name="toBase64")
    def to_base64(self: Any, options: Value = None) -> str:
        encode = base64.urlsafe_b64encode if _is_url(options) else base64.b64encode
        text = encode(bytes(self.memory)).decode()
        return text.rstrip("=") if to_boolean(_option(options, "omitPadding")) else text

    @method(name="toHex")
    def to_hex(self: Any) -> str:
        return bytes(self.memory).hex()

    @method(name="setFromBase64")
    def set_from_base64(self: Any, text: Value = None, options: Value = None) -> Value:
        return _set(self, _of_base64(_text(text), options), 3, 4, len(_text(text)))

    @method(name="setFromHex")
    def set_from_hex(self: Any, text: Value = None) -> Value:
        return _set(self, _of_hex(_text(text)), 1, 2, len(_text(text)))


def _set(array: Any, data: bytes, group: int, characters: int, length: int) -> Value:
    """Write the bytes of as many whole groups of characters as fit."""
    room = len(array.memory)
    fits = len(data) <= room
    written = len(data) if fits else room // group * group
    array.writable_memory[:written] = data[:written]
    return {"read": length if fits else written // group * characters, "written": written}


def _array(data: bytes) -> Value:
    from flarelocal.javascript.binary import Uint8Array

    return Uint8Array.of_bytes(bytearray(data))


def _text(value: Value) -> str:
    if not isinstance(value, str):
        raise type_error("input argument must be a string")
    return value


def _of_hex(text: str) -> bytes:
    if not re.fullmatch(r"(?:[0-9A-Fa-f]{2})*", text):
        raise syntax_error("Input string must contain hex characters in even length")
    return bytes.fromhex(text)


def _of_base64(text: str, options: Value) -> bytes:
    plain = _SPACE.sub("", text)
    if _is_url(options):
        plain = plain.translate(_URL)
    found = _BASE64.fullmatch(plain)
    if not found:
        raise syntax_error("Found a character that cannot be part of a valid base64 string.")
    digits, padding = found.groups()
    rest = len(digits) % 4
    if rest == 1:
        raise syntax_error(
            "The base64 input terminates with a single character, excluding padding (=)."
        )
    if padding and len(padding) != -rest % 4:
        raise syntax_error("Invalid base64 padding.")
    return base64.b64decode(digits + "=" * (-rest % 4))


def _is_url(options: Value) -> bool:
    alphabet = _option(options, "alphabet")
    if alphabet not in (None, "base64", "base64url"):
        raise type_error("alphabet is not valid. It should be either 'base64' or 'base64url'")
    return bool(alphabet == "base64url")


def _option(options: Value, name: str) -> Value:
    return options.get(name) if isinstance(options, dict) else None
