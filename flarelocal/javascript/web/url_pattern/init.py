"""Components given one by one, and those of a base URL (URL Pattern Standard, 3.2)."""

from __future__ import annotations

from collections.abc import Mapping

import ada_url

from flarelocal.javascript.web.url_pattern.canonical import (
    canonical_hash,
    canonical_hostname,
    canonical_opaque_path,
    canonical_password,
    canonical_pathname,
    canonical_port,
    canonical_protocol,
    canonical_search,
    canonical_username,
)
from flarelocal.javascript.web.url_pattern.component import SPECIAL_SCHEMES
from flarelocal.javascript.web.url_pattern.parts import escape_pattern
from flarelocal.javascript.web.url_pattern.tokens import PatternError

__all__ = ["COMPONENTS", "Components", "components_of_input", "processed"]

COMPONENTS = (
    "protocol",
    "username",
    "password",
    "hostname",
    "port",
    "pathname",
    "search",
    "hash",
)

Components = Mapping[str, str]
"""Those of `COMPONENTS` that are given, and maybe `baseURL`."""

_NOWHERE = "fake://"
_INHERITED = ("protocol", "hostname", "port", "pathname", "search", "hash")


def components_of_input(text: str, base: str | None) -> dict[str, str]:
    """The components of a URL that is to be matched; a relative one lacks those that come first.

    Raises:
        PatternError: the text is no URL.
    """
    if base is None and not ada_url.URL.can_parse(text):
        return _components_of_url(text, _NOWHERE) | {"protocol": ""}
    return _components_of_url(text, base)


def _components_of_url(text: str, base: str | None = None) -> dict[str, str]:
    try:
        url = ada_url.URL(text, base)
    except ValueError:
        raise PatternError(f"{text} is no URL") from None
    return {
        "protocol": url.protocol.removesuffix(":"),
        "username": url.username,
        "password": url.password,
        "hostname": url.hostname,
        "port": url.port,
        "pathname": url.pathname,
        "search": url.search.removeprefix("?"),
        "hash": url.hash.removeprefix("#"),
    }


def processed(init: Components, *, pattern: bool) -> dict[str, str]:
    """The components that are given, with those that a base URL has for the others.

    Args:
        pattern: they are patterns, and so left as they are; else they are those of a URL, and
            those that are not given are empty.

    Raises:
        PatternError: the base URL is none, or a component cannot be one of a URL.
    """
    result = {} if pattern else dict.fromkeys(COMPONENTS, "")
    base = _components_of_url(init["baseURL"]) if "baseURL" in init else None
    if base is not None:
        result |= _inherited(init, base, pattern=pattern)
    given = {name: init[name] for name in COMPONENTS if name in init}
    for name, mark in (("search", "?"), ("hash", "#")):
        if name in given:
            given[name] = given[name].removeprefix(mark)
    if "protocol" in given:
        protocol = given["protocol"].removesuffix(":")
        given["protocol"] = protocol if pattern else canonical_protocol(protocol)
    if "pathname" in given and base is not None:
        given["pathname"] = _joined(given["pathname"], base["pathname"], pattern=pattern)
    protocol = given.get("protocol", result.get("protocol", ""))
    if not pattern:
        given = {name: _canonical(name, text, protocol) for name, text in given.items()}
    return result | given


def _inherited(init: Components, base: Components, *, pattern: bool) -> dict[str, str]:
    """What a base URL gives: all that comes before the first component that is given."""
    found = {}
    for index, name in enumerate(_INHERITED):
        if any(earlier in init for earlier in _INHERITED[: index + 1]):
            break
        found[name] = escape_pattern(base[name]) if pattern else base[name]
    if not (pattern or any(name in init for name in ("protocol", "hostname", "port", "username"))):
        found["username"] = base["username"]
        if "password" not in init:
            found["password"] = base["password"]
    return found


def _joined(path: str, base: str, *, pattern: bool) -> str:
    """A path, after the directory of the base URL's unless one of them is not relative to it."""
    starts = ("/", "\\/", "{/") if pattern else ("/",)
    if path.startswith(starts) or not base.startswith("/"):
        return path
    directory = base[: base.rfind("/") + 1]
    return (escape_pattern(directory) if pattern else directory) + path


def _canonical(name: str, text: str, protocol: str) -> str:
    special = not protocol or protocol in SPECIAL_SCHEMES
    match name:
        case "protocol":
            return text
        case "username":
            return canonical_username(text)
        case "password":
            return canonical_password(text)
        case "hostname":
            return canonical_hostname(text)
        case "port":
            return canonical_port(text, protocol)
        case "pathname":
            return canonical_pathname(text) if special else canonical_opaque_path(text)
        case "search":
            return canonical_search(text)
        case _:
            return canonical_hash(text)
