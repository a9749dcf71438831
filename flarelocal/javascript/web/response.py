"""Response."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Annotated

from flarelocal.javascript import json
from flarelocal.javascript.errors import dom_exception, range_error, type_error
from flarelocal.javascript.host import getter, method, static
from flarelocal.javascript.numbers import to_int32
from flarelocal.javascript.signature import properties_of, refused
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.body import (
    TEXT,
    USED,
    Body,
    Content,
    byte_chunks,
    extract,
    is_stream,
)
from flarelocal.javascript.web.cf import cf_of, copy_of_cf, require_cf
from flarelocal.javascript.web.gzip import gunzipped
from flarelocal.javascript.web.headers import Headers, require_headers
from flarelocal.javascript.web.status_text import status_text

if TYPE_CHECKING:
    from flarelocal.javascript.web.carried import Failed
    from flarelocal.javascript.web.readable import ReadableStream
    from flarelocal.javascript.web.request import Request
    from flarelocal.javascript.web.websocket import WebSocket

__all__ = ["NULL_BODY_STATUSES", "Response"]

NULL_BODY_STATUSES = frozenset({101, 204, 205, 304})
"""The statuses of responses that have no body."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CONTROL = re.compile("[\0-\x1f]")


class Response(Body, constructible=True):
    """An HTTP response (workerd, api/http.c++).

    Attributes:
        manual_encoding: the body is encoded already as Content-Encoding says.
        urls: the URLs that led to the response, by redirects.
    """

    __slots__ = (
        "_cf",
        "_content_type",
        "_headers",
        "_status",
        "_status_text",
        "_web_socket",
        "manual_encoding",
        "urls",
    )

    def __init__(self, body: Value = None, init: Value = None, *, text_type: str = TEXT) -> None:
        self._status = 200
        self._status_text: str | None = None
        self._headers: Headers | None = None
        self._content_type: str | None = None
        self._cf: Value = None
        self._web_socket: WebSocket | None = None
        self.manual_encoding = False
        self.urls: tuple[str, ...] = ()
        self._used = False
        if init is not None:
            self._initialise(init)
        if type(body) is str and body.isascii() and self._status not in NULL_BODY_STATUSES:
            self._content, self._content_type = body.encode(), text_type
        else:
            self._content, self._content_type = extract(body, text_type)
            if self._content is not None and self._status in NULL_BODY_STATUSES:
                if self._content != b"":
                    raise type_error(
                        "Response with null body status (101, 204, 205, or 304) cannot have a body."
                    )
                self._content = self._content_type = None
        headers = self._headers
        if self._content_type is not None and headers is not None:
            if not headers.has("content-type"):
                headers.append("content-type", self._content_type)
            self._content_type = None

    def _initialise(self, init: Value) -> None:
        if isinstance(init, Response):
            self._status, self._status_text = init._status, init._status_text
            self._headers = Headers(init.headers)
            self._cf, self._web_socket = copy_of_cf(init._cf), init._web_socket
            self.manual_encoding = init.manual_encoding
        else:
            self._read_options(init)
        if self._web_socket is None:
            if not 200 <= self._status <= 599:
                raise range_error(
                    "Responses may only be constructed with status codes in the range 200 to 599,"
                    " inclusive."
                )
        elif self._status != 101:
            raise range_error("Responses with a WebSocket must have status code 101.")
        if self._status_text and _CONTROL.search(self._status_text):
            raise type_error("Invalid statusText")

    def _read_options(self, init: Value) -> None:
        options = init if type(init) is dict else properties_of(init)
        if options is None:
            raise refused("Response", "", 1, "InitializerDict or Response")
        if "headers" in options:
            require_headers(options["headers"], "InitializerDict")
        if options.get("cf") is not None:
            require_cf(options["cf"], "InitializerDict")
        for name, value in options.items():
            if value is None:
                continue
            if name == "status":
                self._status = value if type(value) is int else to_int32(value)
            elif name == "headers":
                self._headers = Headers(value)
            elif name == "statusText":
                self._status_text = to_string(value)
            elif name == "cf":
                self._cf = cf_of(value)
            elif name == "webSocket":
                self._web_socket = _socket(value)
            elif name == "encodeBody":
                if value not in ("manual", "automatic"):
                    raise type_error(f"encodeBody: unexpected value: {to_string(value)}")
                self.manual_encoding = value == "manual"

    @classmethod
    def received(
        cls,
        status: int,
        headers: list[tuple[str, str]],
        body: bytes | AsyncIterator[bytes] | ReadableStream | None,
        *,
        status_text: str = "",
        urls: tuple[str, ...] = (),
        web_socket: WebSocket | None = None,
    ) -> Response:
        """A response that came from elsewhere; its headers cannot be changed.

        Args:
            headers: names are in lower case.
            urls: the URL that was asked for and those that redirects led to.
        """
        made = cls.__new__(cls)
        made._status = status
        made._status_text = status_text
        made._headers = Headers.of(headers, immutable=True)
        made._content_type = None
        made._content = body
        made._used = False
        made._cf = None
        made._web_socket = web_socket
        made.manual_encoding = False
        made.urls = urls
        return made

    def delivered(self, request: Request, failed: Failed) -> Response:
        """The response as who asked for it sees it; the body moves over.

        Args:
            request: what it answers.
            failed: what is seen of a failure of the body.

        Raises:
            JsError: TypeError where the body was used.
        """
        content = self._content
        if content is not None and self.body_used:
            raise type_error(USED)
        made = Response.received(
            self._status,
            self.headers.raw().copy(),
            self._delivered_body(request, failed),
            status_text=(
                status_text(self._status) if self._status_text is None else self._status_text
            ),
            urls=(request.url,),
            web_socket=self._web_socket,
        )
        self._used = True
        return made

    def moved(self) -> Response:
        """What arrives of the response by a call; the body moves over.

        Raises:
            JsError: TypeError where the body was used; DataCloneError where it has a WebSocket.
        """
        if self._web_socket is not None:
            raise dom_exception(
                'Could not serialize object of type "WebSocket". '
                "This type does not support serialization.",
                "DataCloneError",
            )
        made = Response.__new__(Response)
        made._content, made._used = self._move(), False
        made._status, made._status_text = self._status, self._status_text
        made._headers, made._content_type = Headers(self.headers), None
        made._cf, made._web_socket = copy_of_cf(self._cf), None
        made.manual_encoding, made.urls = self.manual_encoding, ()
        return made

    def _delivered_body(self, request: Request, failed: Failed) -> Content:
        if request.method == "HEAD" or self._status in NULL_BODY_STATUSES:
            return None
        content = b"" if self._content is None else self._content
        made: Content = content.carried(failed) if is_stream(content) else content
        if self.manual_encoding and self.headers.first("content-encoding") == "gzip":
            return gunzipped(byte_chunks(made))
        return made

    def take_over_socket(self) -> None:
        """Take the WebSocket away from the program that answers; who asked gets a new one.

        Raises:
            JsError: TypeError; the program uses the socket itself, or has answered with it before.
        """
        from flarelocal.javascript.web.websocket import WebSocket

        assert self._web_socket is not None
        self._web_socket = WebSocket.of(self._web_socket.release())

    @property
    def upgraded(self) -> bool:
        """Whether the response has a WebSocket."""
        return self._web_socket is not None

    @property
    def _media_type(self) -> str | None:
        return self._content_type if self._headers is None else self._headers.first("content-type")

    # -- what JavaScript sees

    @staticmethod
    @static
    def error() -> Response:
        made = Response()
        made._status = 0
        return made

    @staticmethod
    @static
    def redirect(url: str, status: int = 302) -> Response:
        if status not in _REDIRECTS:
            raise range_error(
                f"{status} is not a redirect status code. It must be one of: 301, 302, 303, 307, or"
                " 308."
            )
        from flarelocal.javascript.web.url import normalised

        href = normalised(url)
        if href is None:
            raise type_error(f"Unable to parse URL: {url}")
        made = Response()
        made._status = status
        made._headers = Headers.of([("location", href)], immutable=True)
        return made

    @staticmethod
    @static(name="json")
    def json_(value: Annotated[Value, "Value"], init: Value = None) -> Response:
        if init is not None and properties_of(init) is None:
            raise refused("Response", "json", 1, "InitializerDict or Response")
        text = json.stringify(value)
        return Response("undefined" if text is None else text, init, text_type="application/json")

    @getter
    def status(self) -> int:
        return self._status

    @getter
    def status_text(self) -> str:
        return self._status_text or ""

    @getter
    def headers(self) -> Headers:
        if self._headers is None:
            media_type, self._content_type = self._content_type, None
            self._headers = Headers.of([("content-type", media_type)] if media_type else [])
        return self._headers

    @getter
    def ok(self) -> bool:
        return 200 <= self._status < 300

    @getter
    def redirected(self) -> bool:
        return len(self.urls) > 1

    @getter
    def url(self) -> str:
        return self.urls[-1].partition("#")[0] if self.urls else ""

    @getter
    def type(self) -> str:
        return "default" if self._status else "error"

    @getter
    def web_socket(self) -> Value:
        return self._web_socket or null

    @getter
    def cf(self) -> Value:
        return self._cf

    @method
    def clone(self) -> Response:
        if self._web_socket is not None:
            raise type_error("Cannot clone a response to a WebSocket handshake.")
        made = Response.__new__(Response)
        made._content = self._share()
        made._used = False
        made._status, made._status_text = self._status, self._status_text
        made._headers = self._headers and self._headers.copy()
        made._content_type = self._content_type
        made._cf, made._web_socket = copy_of_cf(self._cf), None
        made.manual_encoding, made.urls = self.manual_encoding, self.urls
        return made


def _socket(value: Value) -> WebSocket | None:
    if value is null:
        return None
    from flarelocal.javascript.web.websocket import WebSocket

    if not isinstance(value, WebSocket):
        raise type_error(
            "Incorrect type for the 'webSocket' field on 'InitializerDict': the provided value is"
            " not of type 'WebSocket'."
        )
    return value
