"""`pyodide.http`: fetching, and the response class on which the SDK builds."""

from __future__ import annotations

import json
from asyncio import CancelledError
from importlib import import_module
from typing import Any, NoReturn

from flarelocal.pyodide.exception import JsException
from flarelocal.pyodide.proxy import JsProxy
from flarelocal.pyodide.to_js import to_js

__all__ = ["AbortError", "BodyUsedError", "FetchResponse", "HttpStatusError", "open_url", "pyfetch"]


class HttpStatusError(OSError):
    """A response with a status from 400 on, raised by `raise_for_status`."""

    def __init__(self, status: int, status_text: str, url: str) -> None:
        self.status = status
        self.status_text = status_text
        self.url = url
        if 400 <= status < 600:
            kind = "Client Error" if status < 500 else "Server Error"
        else:
            kind = "Invalid error code not between 400 and 599"
        super().__init__(f"{status} {kind}: {status_text} for url: {url}")


class BodyUsedError(OSError):
    """The body was read before."""

    def __init__(self, *_: object) -> None:
        super().__init__("Response body is already used")


class AbortError(OSError):
    """A fetch that failed or was aborted."""

    def __init__(self, reason: JsException) -> None:
        super().__init__(reason.message)


class FetchResponse:
    """A JavaScript Response with Python's names for its parts."""

    def __init__(
        self,
        url: str,
        js_response: Any,
        abort_controller: Any = None,
        abort_signal: Any = None,
    ) -> None:
        self._url = url
        self.js_response = js_response
        self.abort_controller = abort_controller
        self.abort_signal = abort_signal

    @property
    def body_used(self) -> bool:
        return bool(self.js_response.bodyUsed)

    @property
    def headers(self) -> Any:
        return dict(self.js_response.headers)

    @property
    def ok(self) -> bool:
        return bool(self.js_response.ok)

    @property
    def redirected(self) -> bool:
        return bool(self.js_response.redirected)

    @property
    def status(self) -> int:
        return int(self.js_response.status)

    @property
    def status_text(self) -> str:
        return str(self.js_response.statusText)

    @property
    def type(self) -> str:
        return str(self.js_response.type)

    @property
    def url(self) -> str:
        return str(self.js_response.url)

    def _raise_if_failed(self) -> None:
        if self.abort_signal is not None and self.abort_signal.aborted:
            raise AbortError(self.abort_signal.reason)
        if self.js_response.bodyUsed:
            raise BodyUsedError

    def raise_for_status(self) -> None:
        """Raise HttpStatusError for a status from 400 to 599."""
        if 400 <= self.status < 600:
            raise HttpStatusError(self.status, self.status_text, self.url)

    def clone(self) -> Any:
        if self.js_response.bodyUsed:
            raise BodyUsedError
        return FetchResponse(
            self._url, self.js_response.clone(), self.abort_controller, self.abort_signal
        )

    async def buffer(self) -> Any:
        """The body as an ArrayBuffer."""
        self._raise_if_failed()
        return await self.js_response.arrayBuffer()

    async def text(self) -> str:
        self._raise_if_failed()
        return str(await self.js_response.text())

    async def string(self) -> str:
        return await self.text()

    async def json(self, **options: Any) -> Any:
        return json.loads(await self.text(), **options)

    async def memoryview(self) -> Any:
        return (await self.buffer()).to_memoryview()

    async def bytes(self) -> bytes:
        data: bytes = (await self.buffer()).to_bytes()
        return data

    def abort(self, reason: Any = None) -> None:
        if self.abort_controller is None:
            raise ValueError("abort_controller is not set")
        self.abort_controller.abort(reason)


async def pyfetch(
    url: Any, /, *, signal: Any = None, fetcher: Any = None, **options: Any
) -> FetchResponse:
    """Fetch a URL or js.Request with the options of JavaScript's `fetch`.

    Raises:
        AbortError: the fetch failed or was aborted.
        JsException: the arguments make no request.
    """
    js: Any = import_module("js")
    controller = js.AbortController.new()
    options["signal"] = (
        js.AbortSignal.any(to_js([signal, controller.signal])) if signal else controller.signal
    )
    fetch = fetcher or js.fetch
    request = js.Request.new(url, to_js(options, dict_converter=js.Object.fromEntries))
    try:
        response = await fetch(request)
    except CancelledError:
        controller.abort()
        raise
    except JsException as error:
        raise AbortError(error) from None
    return FetchResponse(
        str(url) if not isinstance(url, JsProxy) else url.url,
        response,
        controller,
        options["signal"],
    )


def open_url(url: str) -> NoReturn:
    """Fetch a URL without waiting for it, which needs what only browsers have.

    Raises:
        NameError: always, as in the runtime.
    """
    raise NameError("name 'XMLHttpRequest' is not defined")


for _public in (HttpStatusError, BodyUsedError, AbortError, FetchResponse, open_url, pyfetch):
    _public.__module__ = "pyodide.http"
