"""`pyodide.http`: fetching, and the response class on which the SDK builds."""

from __future__ import annotations

import json
from asyncio import CancelledError
from collections.abc import Callable, Coroutine
from functools import wraps
from importlib import import_module
from typing import Any, NoReturn, TypeVar

from flarelocal.pyodide.exception import JsException
from flarelocal.pyodide.to_js import to_js

__all__ = ["members"]

T = TypeVar("T")


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

    def __reduce__(self) -> Any:
        return type(self), (self.status, self.status_text, self.url), self.__dict__


class BodyUsedError(OSError):
    """The body was read before."""

    def __init__(self, *_: object) -> None:
        super().__init__("Response body is already used")


class AbortError(OSError):
    """A fetch that failed or was aborted."""

    def __init__(self, reason: JsException) -> None:
        super().__init__(reason.message)


def _abort_reason(reason: Any) -> JsException | None:
    return None if reason is None else JsException("AbortError", reason)


def _cancelled(error: CancelledError) -> JsException | None:
    """The reason for which to abort what Python code no longer waits for."""
    return _abort_reason("\n".join(map(str, error.args)) if error.args else None)


def _reading(
    method: Callable[..., Coroutine[Any, Any, T]],
) -> Callable[..., Coroutine[Any, Any, T]]:
    """A method that reads the body: what goes wrong with that is an AbortError."""

    @wraps(method)
    async def read(response: FetchResponse, *arguments: Any, **options: Any) -> T:
        try:
            return await method(response, *arguments, **options)
        except JsException as error:
            signal = response.abort_signal
            raise AbortError(signal.reason if signal else error) from None
        except CancelledError as error:
            if response.abort_controller:
                response.abort_controller.abort(_cancelled(error))
            raise

    return read


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
    def headers(self) -> dict[str, str]:
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

    def clone(self) -> FetchResponse:
        if self.js_response.bodyUsed:
            raise BodyUsedError
        return FetchResponse(
            self._url, self.js_response.clone(), self.abort_controller, self.abort_signal
        )

    @_reading
    async def buffer(self) -> Any:
        """The body as an ArrayBuffer."""
        self._raise_if_failed()
        return await self.js_response.arrayBuffer()

    @_reading
    async def text(self) -> str:
        self._raise_if_failed()
        return str(await self.js_response.text())

    @_reading
    async def string(self) -> str:
        return await self.text()

    @_reading
    async def json(self, **options: Any) -> Any:
        self._raise_if_failed()
        return json.loads(await self.string(), **options)

    @_reading
    async def memoryview(self) -> Any:
        self._raise_if_failed()
        return (await self.buffer()).to_memoryview()

    @_reading
    async def bytes(self) -> bytes:
        self._raise_if_failed()
        data: bytes = (await self.buffer()).to_bytes()
        return data

    @_reading
    async def unpack_archive(
        self, *, extract_dir: str | None = None, format: str | None = None
    ) -> None:
        """Unpack the body, an archive of a format that `shutil` knows, into a directory.

        Raises:
            ValueError: nobody knows the format, or neither it nor the name of the file is given.
        """
        from flarelocal.pyodide.archive import unpack

        unpack((await self.buffer()).to_bytes(), self._url.rpartition("/")[2], format, extract_dir)

    def abort(self, reason: Any = None) -> None:
        if self.abort_controller is None:
            raise ValueError("abort_controller is not set")
        self.abort_controller.abort(_abort_reason(reason))


class RequestedResponse(FetchResponse):
    """A response that keeps its request, as Pyodide 314 has it."""

    def __init__(
        self,
        request: Any,
        js_response: Any,
        abort_controller: Any = None,
        abort_signal: Any = None,
    ) -> None:
        self.js_request = _js().Request.new(request) if request and _is_text(request) else request
        url = self.js_request.url if self.js_request else request
        super().__init__(url, js_response, abort_controller, abort_signal)
        self.js_request = self.js_request or None

    def clone(self) -> FetchResponse:
        if self.js_response.bodyUsed:
            raise BodyUsedError
        return RequestedResponse(
            self.js_request or self._url,
            self.js_response.clone(),
            self.abort_controller,
            self.abort_signal,
        )


async def pyfetch(
    url: str, /, *, signal: Any = None, fetcher: Any = None, **kwargs: Any
) -> FetchResponse:
    """Fetch a URL with the options of JavaScript's `fetch`.

    Raises:
        AbortError: the fetch failed or was aborted, or the arguments make no request.
    """
    return await _fetch(FetchResponse, url, signal, fetcher, kwargs)


async def fetch_request(
    request: Any, /, *, signal: Any = None, fetcher: Any = None, **kwargs: Any
) -> FetchResponse:
    """Fetch a URL or js.Request: the `pyfetch` of Pyodide 314.

    Raises:
        AbortError: the fetch failed or was aborted.
        JsException: the arguments make no request.
    """
    return await _fetch(RequestedResponse, request, signal, fetcher, kwargs)


async def _fetch(
    kind: type[FetchResponse], resource: Any, signal: Any, fetcher: Any, options: dict[str, Any]
) -> FetchResponse:
    js = _js()
    controller = js.AbortController.new()
    own = controller.signal
    signal = js.AbortSignal.any(to_js([signal, own])) if signal else own
    arguments = to_js({**options, "signal": signal}, dict_converter=js.Object.fromEntries)
    if kind is RequestedResponse and _is_text(resource):
        resource = js.Request.new(resource, arguments)
    try:
        response = await (fetcher or js.fetch)(resource, arguments)
        return kind(resource, response, controller, signal)
    except CancelledError as error:
        controller.abort(_cancelled(error))
        raise
    except JsException as error:
        raise AbortError(error) from None


def _is_text(resource: Any) -> bool:
    return isinstance(resource, str)


def _js() -> Any:
    return import_module("js")


def open_url(url: str) -> NoReturn:
    """Fetch a URL without waiting for it, which needs what only browsers have.

    Raises:
        NameError: always, as in the runtime.
    """
    raise NameError("name 'XMLHttpRequest' is not defined")


def members(*, keeps_request: bool, aborts: bool) -> dict[str, Any]:
    """What the module has in a version of Pyodide, by name.

    Args:
        keeps_request: responses keep their request.
        aborts: a fetch can be aborted, and tells by its errors what happened to it.
    """
    found: dict[str, Any] = {
        "FetchResponse": RequestedResponse if keeps_request else FetchResponse,
        "open_url": open_url,
        "pyfetch": fetch_request if keeps_request else pyfetch,
    }
    if aborts:
        found |= {kind.__name__: kind for kind in (AbortError, BodyUsedError, HttpStatusError)}
    return found


_public: Any
for _public in (HttpStatusError, BodyUsedError, AbortError, FetchResponse, open_url, pyfetch):
    _public.__module__ = "pyodide.http"
for _public, _name in ((RequestedResponse, "FetchResponse"), (fetch_request, "pyfetch")):
    _public.__module__ = "pyodide.http._pyfetch"
    _public.__name__ = _public.__qualname__ = _name
RequestedResponse.__init__.__qualname__ = "FetchResponse.__init__"
