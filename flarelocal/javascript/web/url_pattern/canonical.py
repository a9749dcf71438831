"""Components of a URL as a URL has them (URL Pattern Standard, 3.1)."""

from __future__ import annotations

import re

import ada_url

from flarelocal.javascript.web.url_pattern.component import SPECIAL_SCHEMES
from flarelocal.javascript.web.url_pattern.tokens import PatternError

__all__ = [
    "canonical_hash",
    "canonical_hostname",
    "canonical_ipv6",
    "canonical_opaque_path",
    "canonical_password",
    "canonical_pathname",
    "canonical_port",
    "canonical_protocol",
    "canonical_search",
    "canonical_username",
]

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*", re.ASCII | re.IGNORECASE)


def canonical_protocol(text: str) -> str:
    if text and not _SCHEME.fullmatch(text):
        raise PatternError(f"{text} is no protocol")
    return text.lower()


def canonical_username(text: str) -> str:
    return _assigned("https://dummy.test", "username", text)


def canonical_password(text: str) -> str:
    return _assigned("https://dummy.test", "password", text)


def canonical_hostname(text: str) -> str:
    """A host, as URLs of all schemes have it here."""
    return _assigned("https://dummy.test", "hostname", text)


def canonical_ipv6(text: str) -> str:
    if any(char not in "0123456789abcdefABCDEF[]:" for char in text):
        raise PatternError(f"{text} is no IPv6 address")
    return text.lower()


def canonical_port(text: str, protocol: str = "") -> str:
    scheme = protocol if protocol in SPECIAL_SCHEMES else "fake"
    return _assigned(f"{scheme}://dummy.test", "port", text)


def canonical_pathname(text: str) -> str:
    if not text:
        return text
    if text.startswith("/"):
        return _assigned("fake://dummy.test", "pathname", text)
    return _assigned("fake://dummy.test", "pathname", f"/-{text}")[2:]


def canonical_opaque_path(text: str) -> str:
    if not text:
        return text
    try:
        return str(ada_url.URL(f"fake:{text}").pathname)
    except ValueError:
        raise PatternError(f"{text} is no path") from None


def canonical_search(text: str) -> str:
    return _assigned("fake://dummy.test", "search", text and f"?{text}").removeprefix("?")


def canonical_hash(text: str) -> str:
    return _assigned("fake://dummy.test", "hash", text and f"#{text}").removeprefix("#")


def _assigned(url: str, part: str, text: str) -> str:
    if not text:
        return text
    parsed = ada_url.URL(url)
    try:
        setattr(parsed, part, text)
    except ValueError:
        raise PatternError(f"{text} is no {part}") from None
    return str(getattr(parsed, part))
