"""URL, by the ada parser."""

from __future__ import annotations

from typing import Any

import ada_url

from flarelocal.javascript.errors import error, type_error
from flarelocal.javascript.host import Getter, HostObject, getter, method, static
from flarelocal.javascript.signature import USVString
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.url_search_params import URLSearchParams

__all__ = ["URL", "normalised"]


def normalised(url: str) -> str | None:
    """The URL as the standard writes it, None for a text that is no absolute URL."""
    try:
        href: str = ada_url.URL(url).href
    except ValueError:
        return None
    return href


def _part(name: str) -> Getter:
    """A part of a URL that can be read and assigned."""

    def read(self: URL) -> str:
        return str(getattr(self._parsed, name))

    def write(self: URL, value: USVString) -> None:
        self._set(name, value)

    return Getter(read, write)


class URL(HostObject, constructible=True):
    """A parsed URL (workerd, api/url-standard.c++)."""

    __slots__ = ("_params", "_parsed")

    def __init__(self, url: USVString, base: USVString | None = None) -> None:
        try:
            self._parsed: Any = ada_url.URL(url, base)
        except ValueError:
            raise type_error("Invalid URL string.") from None
        self._params: URLSearchParams | None = None

    @staticmethod
    @static
    def can_parse(url: USVString, base: USVString | None = None) -> bool:
        return bool(ada_url.URL.can_parse(url, base))

    @staticmethod
    @static
    def parse(url: USVString, base: USVString | None = None) -> Value:
        return URL(url, base) if URL.can_parse(url, base) else null

    @staticmethod
    @static(name="createObjectURL")
    def create_object_url(value: Value = None) -> Value:
        raise error("URL.createObjectURL() is not implemented")

    @staticmethod
    @static(name="revokeObjectURL")
    def revoke_object_url(url: USVString) -> None:
        raise error("URL.revokeObjectURL() is not implemented")

    def _set(self, part: str, value: str) -> None:
        try:
            setattr(self._parsed, part, value)
        except ValueError:
            # A part that cannot be parsed leaves the URL as it was.
            return
        if part in ("href", "search") and self._params is not None:
            self._params.reset(self._parsed.search)

    def _write_query(self, query: str) -> None:
        if query:
            self._parsed.search = query
        else:
            del self._parsed.search

    @getter
    def origin(self) -> str:
        return str(self._parsed.origin)

    def _replace(self, value: USVString) -> None:
        if not ada_url.URL.can_parse(value):
            raise type_error(
                "Failed to set the 'href' property on 'URL': the provided value is not of type"
                " 'valid URL string'."
            )
        self._set("href", value)

    href = Getter(lambda self: str(self._parsed.href), _replace)
    protocol = _part("protocol")
    username = _part("username")
    password = _part("password")
    host = _part("host")
    hostname = _part("hostname")
    port = _part("port")
    pathname = _part("pathname")
    search = _part("search")
    hash = _part("hash")

    @getter
    def search_params(self) -> URLSearchParams:
        if self._params is None:
            self._params = URLSearchParams.of_url(self._parsed.search, self._write_query)
        return self._params

    @method(name="toString")
    def to_js_string(self) -> str:
        return str(self._parsed.href)

    @method(name="toJSON")
    def to_json(self) -> str:
        return str(self._parsed.href)
