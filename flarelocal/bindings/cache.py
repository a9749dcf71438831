"""`caches` (workerd, api/cache.c++; Cloudflare docs, "Cache")."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, NoReturn, Protocol

from flarelocal.bindings.cached_response import cached_response
from flarelocal.javascript.errors import error, type_error
from flarelocal.javascript.host import HostObject, getter, method
from flarelocal.javascript.promise import resolved, run
from flarelocal.javascript.signature import NO_OPTIONS, Options, properties_of, to_boolean
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.console import current_console
from flarelocal.javascript.web.fetch import request_of
from flarelocal.javascript.web.headers import Headers
from flarelocal.javascript.web.request import Request
from flarelocal.javascript.web.response import Response
from flarelocal.storage.cache import Cache as Stored
from flarelocal.storage.cache import answer

__all__ = ["Cache", "CacheStorage", "Caches"]

_LONGEST_NAME = 1024
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://([^/?#]*)", re.IGNORECASE)


class Caches(Protocol):
    """The caches of a Worker by name; None: the default one."""

    def __call__(self, name: str | None, /) -> Stored: ...


class _CacheApi(HostObject, io=True):
    """What `Cache` and `CacheStorage` have in common: much of the standard is not there."""

    __slots__ = ()

    def _lacking(self, name: str) -> NoReturn:
        raise error(
            f"Failed to execute '{name}' on '{self.js_name}': the method is not implemented."
        )


class Cache(_CacheApi, io=True):
    """One cache; what is put into it is on disk when the promise resolves.

    Args:
        stored: gives the cache that the Worker has now.
    """

    __slots__ = ("_stored",)

    def __init__(self, stored: Callable[[], Stored]) -> None:
        self._stored = stored

    @method(promise=True)
    def match(
        self,
        request: Annotated[Value, "Request or string"],
        options: Annotated[Options, "CacheQueryOptions"] = NO_OPTIONS,
    ) -> Value:
        """The response that is stored for a request, all of it or what the request asks for."""
        key = _key_to_look_for(request, options)
        if key is None:
            return None
        name, asked = key
        return run(self._match(name, asked))

    async def _match(self, name: str, request: Request) -> Value:
        stored = await self._stored().match(name)
        if stored is None:
            return None
        return cached_response(answer(_lines(request.headers), stored), stored)

    @method(promise=True)
    def put(self, request: Annotated[Value, "Request or string"], response: Response) -> Value:
        """Store a response, if its headers allow that; its body is used up."""
        if not response.status:
            raise type_error("Cache is unable to store an error response")
        asked = request_of(request)
        if asked.method != "GET":
            raise type_error("Cannot cache response to non-GET request.")
        if response.status == 206:
            raise type_error("Cannot cache response to a range request (206 Partial Content).")
        if "*" in (response.headers.first("vary") or ""):
            raise type_error("Cannot cache response with 'Vary: *' header.")
        if response.status == 304:
            current_console.get()("warn", _NOT_MODIFIED)
            return resolved(None)
        if response.upgraded:
            raise type_error(
                "Worker tried to return a WebSocket in a response to a request which did not "
                'contain the header "Upgrade: websocket".'
            )
        length = response.body_length
        body = response.body_bytes()
        chunks = response.body_chunks() if body is None else body
        headers = dict(response.headers.combined())
        headers.pop("content-length", None)
        if length is not None:
            headers["content-length"] = str(length)
        stored, name = self._stored(), _key(asked)
        return run(stored.put(name, response.status, headers, _lines(asked.headers), chunks))

    @method(promise=True)
    def delete(
        self,
        request: Annotated[Value, "Request or string"],
        options: Annotated[Options, "CacheQueryOptions"] = NO_OPTIONS,
    ) -> Value:
        """Remove the response that is stored for a request; whether there was one."""
        key = _key_to_look_for(request, options)
        return False if key is None else run(self._stored().delete(key[0]))

    @method
    def add(self, request: Value = None) -> Value:
        self._lacking("add")

    @method
    def add_all(self, requests: Value = None) -> Value:
        self._lacking("addAll")

    @method
    def match_all(self, request: Value = None, options: Value = None) -> Value:
        self._lacking("matchAll")

    @method
    def keys(self, request: Value = None, options: Value = None) -> Value:
        self._lacking("keys")


class CacheStorage(_CacheApi, io=True):
    """`caches`.

    Args:
        caches: gives the caches that the Worker has now.
    """

    __slots__ = ("_caches", "_default")

    def __init__(self, caches: Callable[[], Caches]) -> None:
        self._caches = caches
        self._default = Cache(lambda: caches()(None))

    @getter(own=True)
    def default(self) -> Cache:
        return self._default

    @method(promise=True)
    def open(self, name: str) -> Value:
        """The cache of a name."""
        if len(name.encode("utf-8", "surrogatepass")) >= _LONGEST_NAME:
            raise type_error("Cache name is too long.")
        return Cache(lambda: self._caches()(name))

    @method
    def match(self, request: Value = None, options: Value = None) -> Value:
        self._lacking("match")

    @method
    def has(self, name: Value = None) -> Value:
        self._lacking("has")

    @method
    def delete(self, name: Value = None) -> Value:
        self._lacking("delete")

    @method
    def keys(self) -> Value:
        self._lacking("keys")


_NOT_MODIFIED = (
    "Ignoring attempt to Cache.put() a 304 status response. 304 responses are not meaningful to "
    "cache, and a potential source of bugs. Consider validating that the response status is "
    "meaningful to cache before calling Cache.put()."
)


def _key_to_look_for(request: Value, options: Options) -> tuple[str, Request] | None:
    """The key of a request, and the request; None for one that finds nothing."""
    for name in ("ignoreSearch", "ignoreVary", "cacheName"):
        if options.get(name) is not None:
            raise error(f"The '{name}' field on 'CacheQueryOptions' is not implemented.")
    asked = request_of(request)
    if asked.method != "GET" and not to_boolean(options.get("ignoreMethod")):
        return None
    return _key(asked), asked


def _key(request: Request) -> str:
    """What a response is stored under.

    Raises:
        JsError: TypeError for a URL that leads nowhere.
    """
    url: str = request.url
    address = _ADDRESS.match(url)
    if address is None or "@" in address[1]:
        raise type_error("Invalid URL. Cache API keys must be fully-qualified, valid URLs.")
    if not address[1]:
        raise type_error(f"Fetch API cannot load: {url}")
    other = (properties_of(request.cf) or NO_OPTIONS).get("cacheKey")
    return to_string(other) if to_boolean(other) else url.partition("#")[0]


def _lines(headers: Headers) -> dict[str, str]:
    return dict(headers.combined())
