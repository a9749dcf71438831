"""The arguments of `new WebSocket`."""

from __future__ import annotations

import re

from flarelocal.javascript.errors import JsError, dom_exception
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.url import URL

__all__ = ["address", "protocols_of"]

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~\"0-9A-Za-z]+")
_SCHEMES = {"ws:": "http:", "wss:": "https:"}


def address(url: str) -> str:
    """The URL of the handshake, by HTTP and without user and password.

    Raises:
        JsError: SyntaxError.
    """
    if not URL.can_parse(url):
        raise _refused("The url is invalid.")
    parsed = URL(url)
    scheme = _SCHEMES.get(str(parsed.protocol))
    if scheme is None:
        raise _refused("The url scheme must be ws or wss.")
    if "#" in url:
        raise _refused("The url fragment must be empty.")
    return f"{scheme}//{parsed.host}{parsed.pathname}{parsed.search}"


def protocols_of(value: Value) -> list[str]:
    """The subprotocols that a program asks for.

    Raises:
        JsError: SyntaxError for what is no token, or there twice.
    """
    if value is None:
        return []
    if not isinstance(value, list):
        text = to_string(value)
        if not _TOKEN.fullmatch(text):
            raise _refused("The protocol header token is invalid.")
        return [text]
    names = [to_string(each) for each in value]
    for index, name in enumerate(names):
        if not _TOKEN.fullmatch(name):
            raise _refused("One of the protocol header tokens is invalid.")
        if name in names[:index]:
            raise _refused("The protocols header cannot have repeating values.")
    return names


def _refused(text: str) -> JsError:
    return dom_exception(f"WebSocket Constructor: {text}", "SyntaxError")
