"""Request."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Annotated

from flarelocal.javascript.errors import dom_exception, type_error
from flarelocal.javascript.host import getter, method
from flarelocal.javascript.signature import Options, properties_of, usv_string
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.body import Body, extract, is_stream
from flarelocal.javascript.web.cf import (
    cf_of,
    copy_of_cf,
    sent_cf,
)
from flarelocal.javascript.web.headers import Headers
from flarelocal.javascript.web.request_options import check_options, method_of, redirect_of

if TYPE_CHECKING:
    from flarelocal.javascript.web.abort import AbortSignal
    from flarelocal.javascript.web.sender import Sender

__all__ = ["USED_BODY", "Request"]

USED_BODY = "Cannot reconstruct a Request with a used body."

_BODILESS = frozenset({"GET", "HEAD"})
_NO_BODY = "Request with a GET or HEAD method cannot have a body."
_UNCACHED = ("cache-control", "pragma")


def _href(url: str) -> str:
    from flarelocal.javascript.web.url import normalised

    href = normalised(url)
    if href is None:
        raise type_error(f"Invalid URL: {url}")
    return href


class Request(Body, constructible=True):
    """An HTTP request (workerd, api/http.c++)."""

    __slots__ = (
        "_cache",
        "_cf",
        "_fetcher",
        "_headers",
        "_method",
        "_one_time",
        "_redirect",
        "_signal",
        "_url",
    )

    def __init__(self, input: Annotated[Value, "Request or string"], init: Value = None) -> None:
        self._url = ""
        self._method = "GET"
        self._headers: Headers | None = None
        self._cf: Value = None
        self._redirect = "follow"
        self._cache: str | None = None
        self._signal: AbortSignal | None = None
        self._fetcher: Sender | None = None
        self._content = None
        self._one_time = False
        self._used = False
        options: Options | None = None
        if init is not None and not isinstance(init, Request):
            options = properties_of(init)
            if options is None:
                raise type_error(
                    "Failed to construct 'Request': constructor parameter 2 is not of type"
                    " 'RequestInitializerDict or Request'."
                )
        if isinstance(input, Request):
            replaced = isinstance(init, Request) or (
                options is not None and options.get("body") is not None
            )
            self._url = input._url
            self._copy(input)
            if not replaced:
                self._adopt(input)
            if options:
                check_options(options)
        else:
            if options:
                check_options(options)
            self._url = _href(usv_string(input))
        media_type: str | None = None
        if isinstance(init, Request):
            self._copy(init)
            self._content = init.body if init._content is not None else None
            self._one_time = True
        elif options:
            media_type = self._read_options(options)
        if self._headers is None:
            self._headers = Headers.of([])
        if media_type is not None and not self._headers.has("content-type"):
            self._headers.append("content-type", media_type)

    def _copy(self, other: Request) -> None:
        """Take everything but URL and body."""
        self._method = other._method
        self._headers = Headers(other._headers)
        self._cf = copy_of_cf(other._cf)
        self._redirect = other._redirect
        self._cache = other._cache
        self._signal = other._signal
        self._fetcher = other._fetcher

    def _adopt(self, other: Request) -> None:
        """Take the body away from another request."""
        if other.body_used:
            raise type_error(USED_BODY)
        content = other._content
        self._one_time = other._one_time
        if content is None:
            return
        if type(content) is bytes or not hasattr(content, "tee"):
            self._content = content
            other._used = True
        else:
            self._content = content.detach()

    def _read_options(self, options: Options) -> str | None:
        """Take what the options say, which were checked; gives the media type of a new body."""
        given = {name: value for name, value in options.items() if value is not None}
        if to_string(given.get("integrity", "")):
            raise type_error(
                "Subrequest integrity checking is not implemented. The integrity option must be"
                " either undefined or an empty string."
            )
        if "method" in given:
            self._method = method_of(given["method"])
        if "headers" in given:
            self._headers = Headers(given["headers"])
        if "signal" in given:
            self._signal = None if given["signal"] is null else given["signal"]
        if "fetcher" in given:
            self._fetcher = None if given["fetcher"] is null else given["fetcher"]
        if "cf" in given:
            self._cf = cf_of(given["cf"])
        media_type = None
        if given.get("body", null) is not null:
            self._content, media_type = extract(given["body"])
            self._one_time = is_stream(self._content)
            self._used = False
            if self._method in _BODILESS:
                raise type_error(_NO_BODY)
        if "redirect" in given:
            self._redirect = redirect_of(given["redirect"])
        if "cache" in given:
            self._cache = to_string(given["cache"])
        changed = "method" in given or "body" in given
        if changed and self._method in _BODILESS and self._content is not None:
            raise type_error(_NO_BODY)
        return media_type

    @classmethod
    def incoming(
        cls,
        method: str,
        url: str,
        headers: list[tuple[str, str]],
        body: bytes | AsyncIterator[bytes] | None,
        *,
        cf: Value = None,
        signal: AbortSignal | None = None,
    ) -> Request:
        """A request that came from outside; its headers cannot be changed.

        Args:
            url: absolute, as the URL standard writes it.
            headers: names are in lower case.
        """
        made = cls.__new__(cls)
        made._method = method
        made._url = url
        made._headers = Headers.of(headers, immutable=True)
        made._content = body
        made._one_time = True
        made._used = False
        made._cf = cf
        made._redirect = "manual"
        made._cache = None
        made._signal = signal
        made._fetcher = None
        return made

    def redirected(self, url: str, method: str, headers: Headers, body: bytes | None) -> Request:
        """The request that a redirect of this one leads to."""
        made = Request.__new__(Request)
        made._copy(self)
        made._url, made._method, made._headers = url, method, headers
        made._content, made._used = body, False
        made._one_time = False
        return made

    def moved(self) -> Request:
        """What arrives of the request by a call; the body moves over.

        Raises:
            JsError: TypeError where the body was used; DataCloneError where a signal can abort it.
        """
        signal = self._signal
        if signal is not None and signal.aborts_requests:
            raise dom_exception(signal.clone_refusal(), "DataCloneError")
        made = Request.__new__(Request)
        made._copy(self)
        made._url, made._signal, made._fetcher = self._url, None, None
        made._content, made._used, made._one_time = self._move(), False, True
        return made

    @property
    def address(self) -> str:
        """The URL as it goes over the wire: without user, password and fragment."""
        url = self._url.partition("#")[0]
        scheme, separator, rest = url.partition("://")
        host, slash, path = rest.partition("/")
        return f"{scheme}{separator}{host.rpartition('@')[2]}{slash}{path}"

    @property
    def sent_headers(self) -> list[tuple[str, str]]:
        """The headers as they go over the wire: with those that the cache mode asks for."""
        headers: list[tuple[str, str]] = self.headers.raw().copy()
        if self._cache is not None:
            names = {name for name, _ in headers}
            headers += [(name, "no-cache") for name in _UNCACHED if name not in names]
        return headers

    def delivered(self) -> Request:
        """The request as a Worker sees it that gets it from another; the body moves over.

        Its headers tell how long the body is (workerd, api/global-scope.c++).

        Raises:
            JsError: TypeError where the body was used.
        """
        made = Request.incoming(
            self._method, self.address, self.sent_headers, None, signal=self._signal
        )
        made._cf = sent_cf(self._cf, self._cache)
        made._adopt(self)
        made._one_time = True
        if is_stream(made._content):
            from flarelocal.javascript.web.carried import truncated

            made._content = made._content.carried(truncated)
        names = {name for name, _ in made.headers.raw()}
        if names & {"content-length", "transfer-encoding"}:
            made._content = b"" if made._content is None else made._content
        elif made._content is not None:
            length = made.body_length
            made.headers.raw().append(
                ("transfer-encoding", "chunked")
                if length is None
                else ("content-length", str(length))
            )
        return made

    @property
    def _media_type(self) -> str | None:
        told: str | None = self.headers.first("content-type")
        return told

    @property
    def known_body(self) -> bytes | None:
        return None if self._one_time and not self.bodiless else super().known_body

    @property
    def sender(self) -> Sender | None:
        """What `fetch` sends the request by instead of the network."""
        return self._fetcher

    @property
    def given_signal(self) -> AbortSignal | None:
        """The signal that can abort the request, None where nothing can."""
        return self._signal

    # -- what JavaScript sees

    @method
    def clone(self) -> Request:
        made = Request.__new__(Request)
        made._content = self._share()
        made._one_time = self._one_time
        made._used = False
        made._url = self._url
        made._copy(self)
        made._headers = self.headers.copy()
        return made

    @getter
    def method(self) -> str:
        return self._method

    @getter
    def url(self) -> str:
        return self._url

    @getter
    def headers(self) -> Headers:
        assert self._headers is not None
        return self._headers

    @getter
    def redirect(self) -> str:
        return self._redirect

    @getter
    def fetcher(self) -> Value:
        return self._fetcher or null

    @getter
    def signal(self) -> AbortSignal:
        if self._signal is None:
            from flarelocal.javascript.web.abort import IdleSignal

            self._signal = IdleSignal()
        return self._signal

    @getter
    def cf(self) -> Value:
        return self._cf

    @getter
    def cache(self) -> Value:
        return self._cache

    @getter
    def integrity(self) -> str:
        return ""

    @getter
    def keepalive(self) -> bool:
        return False
