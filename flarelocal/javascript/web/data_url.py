"""`fetch` of `data:` URLs (workerd, api/data-url.c++)."""

from __future__ import annotations

import binascii
import re
from urllib.parse import unquote_to_bytes

from flarelocal.javascript.binary import Uint8Array
from flarelocal.javascript.errors import type_error
from flarelocal.javascript.web.media_type import MediaType
from flarelocal.javascript.web.request import Request
from flarelocal.javascript.web.response import Response

__all__ = ["data_response"]

_BASE64 = re.compile(r"(.*);\s*base64\s*", re.IGNORECASE | re.DOTALL)
_DEFAULT = "text/plain;charset=US-ASCII"
_NO_DIGITS = re.compile(rb"[\t\n\f\r ]")


def data_response(request: Request) -> Response:
    """What a `data:` URL holds; only a GET gets it.

    Raises:
        JsError: TypeError; the URL is none that can be fetched.
    """
    url: str = request.url
    kind, comma, text = url.partition("#")[0].removeprefix("data:").partition(",")
    if not url.startswith("data:") or not comma:
        raise type_error(f"Fetch API cannot load: {url}")
    data = unquote_to_bytes(text)
    encoded = _BASE64.fullmatch(kind)
    if encoded:
        kind, data = encoded[1], _decoded(data)
    kind = kind.strip()
    kind = f"text/plain{kind}" if kind.startswith(";") else kind
    headers = {"content-type": kind if MediaType.parse(kind) else _DEFAULT}
    body = Uint8Array.of_bytes(data) if request.method == "GET" else None
    return Response(body, {"headers": headers, "statusText": "OK"})


def _decoded(text: bytes) -> bytes:
    """What Base64 says; nothing where it is wrong."""
    digits = _NO_DIGITS.sub(b"", text).rstrip(b"=")
    try:
        return binascii.a2b_base64(digits + b"=" * (-len(digits) % 4), strict_mode=True)
    except binascii.Error:
        return b""
