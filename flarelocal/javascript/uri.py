"""The escapes of `encodeURI`, `decodeURI` and their like."""

from __future__ import annotations

import re
from urllib.parse import quote

from flarelocal.javascript.errors import JsError

__all__ = ["RESERVED", "UNRESERVED", "decode", "encode", "escape", "unescape"]

UNRESERVED = "-_.!~*'()"
"""What is never escaped, besides letters and digits."""

RESERVED = ";/?:@&=+$,#"
"""What separates the parts of a URI."""

_PLAIN = r"(?a)[^\w@*+./-]"
_UNITS = "%u([0-9A-Fa-f]{4})|%([0-9A-Fa-f]{2})"
_ESCAPES = "(?:%[0-9A-Fa-f]{2})+|%"


def encode(text: str, safe: str) -> str:
    """Escape all but letters, digits and `safe`.

    Raises:
        JsError: URIError for a lone surrogate.
    """
    try:
        return quote(text, safe=safe)
    except UnicodeEncodeError:
        raise _malformed() from None


def decode(text: str, keep: str = "") -> str:
    """Undo the escapes, but those of the characters `keep`.

    Raises:
        JsError: URIError for what is no escape, or no UTF-8.
    """

    def replaced(found: re.Match[str]) -> str:
        if found[0] == "%":
            raise _malformed()
        try:
            decoded = bytes.fromhex(found[0].replace("%", "")).decode()
        except UnicodeDecodeError:
            raise _malformed() from None
        if not any(character in keep for character in decoded):
            return decoded
        return "".join(_kept(found[0], decoded, keep))

    return re.sub(_ESCAPES, replaced, text)


def escape(text: str) -> str:
    """`escape`: each UTF-16 unit by itself."""

    def replaced(found: re.Match[str]) -> str:
        units = memoryview(found[0].encode("utf-16-le", "surrogatepass")).cast("H")
        return "".join(f"%{unit:02X}" if unit < 256 else f"%u{unit:04X}" for unit in units)

    return re.sub(_PLAIN, replaced, text)


def unescape(text: str) -> str:
    """Undo `escape`; what is no escape stays."""
    units = re.sub(_UNITS, lambda found: chr(int(found[1] or found[2], 16)), text)
    return units.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def _kept(escapes: str, decoded: str, keep: str) -> list[str]:
    parts, at = [], 0
    for character in decoded:
        end = at + 3 * len(character.encode())
        parts.append(escapes[at:end] if character in keep else character)
        at = end
    return parts


def _malformed() -> JsError:
    return JsError("URI malformed", name="URIError")
