"""`pyodide.http`: what becomes of a fetch."""

from __future__ import annotations

import asyncio
import copy
import io
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from flarelocal.javascript.web.global_scope import GlobalScope
from flarelocal.pyodide import http
from flarelocal.pyodide.boundary import to_python
from flarelocal.pyodide.double_proxy import create_proxy

older = http.members(keeps_request=False, aborts=True)
newer = http.members(keeps_request=True, aborts=True)


@pytest.fixture
def js(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module `js`."""
    module = to_python(GlobalScope())
    monkeypatch.setitem(sys.modules, "js", module)
    return module


def answering(js: Any, text: str = "answer") -> Any:
    """A fetcher that answers at once."""
    return lambda *_: js.Promise.resolve(js.Response.new(text))


async def test_a_response_keeps_its_request(js: Any) -> None:
    response = await newer["pyfetch"]("http://a/b", method="PUT", fetcher=answering(js))
    assert (response.js_request.method, response.js_request.url) == ("PUT", "http://a/b")
    assert response.clone().js_request == response.js_request
    assert await response.text() == "answer"


async def test_older_versions_keep_the_url(js: Any) -> None:
    response = await older["pyfetch"]("http://a/b", fetcher=answering(js))
    assert not hasattr(response, "js_request")
    assert response.ok


async def test_a_body_is_read_once(js: Any) -> None:
    response = older["FetchResponse"]("", js.Response.new("[1]"))
    assert await response.clone().json(parse_int=str) == ["1"]
    assert await response.bytes() == b"[1]"
    for read in (response.text, response.json, response.memoryview):
        with pytest.raises(older["BodyUsedError"], match="Response body is already used"):
            await read()


async def test_what_goes_wrong_with_reading_is_an_abort_error(js: Any) -> None:
    def fail(controller: Any) -> None:
        controller.error(js.TypeError.new("lost"))

    body = js.ReadableStream.new(js.Object.new(start=create_proxy(fail)))
    response = older["FetchResponse"]("", js.Response.new(body))
    with pytest.raises(older["AbortError"], match="lost"):
        await response.text()


async def test_a_fetch_that_is_refused_is_an_abort_error(js: Any) -> None:
    refused = js.TypeError.new("no network")
    with pytest.raises(older["AbortError"], match="no network"):
        await newer["pyfetch"]("http://a/", fetcher=lambda *_: js.Promise.reject(refused))


async def test_whoever_no_longer_waits_aborts_the_fetch(js: Any) -> None:
    seen: list[Any] = []

    def fetcher(request: Any, _: Any) -> Any:
        seen.append(request.signal)
        return js.Promise.withResolvers().promise

    task = asyncio.ensure_future(newer["pyfetch"]("http://a/", fetcher=fetcher))
    await asyncio.sleep(0)
    task.cancel("bye")
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (seen[0].aborted, str(seen[0].reason)) == (True, "AbortError: bye")


async def test_a_response_is_aborted_with_a_reason(js: Any) -> None:
    controller = js.AbortController.new()
    response = older["FetchResponse"]("", js.Response.new("x"), controller, controller.signal)
    response.abort("enough")
    with pytest.raises(older["AbortError"], match="enough"):
        await response.text()
    with pytest.raises(ValueError, match="abort_controller is not set"):
        older["FetchResponse"]("", js.Response.new("x")).abort()


async def test_an_archive_is_unpacked(js: Any, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "packed")
    body = js.Uint8Array.new(packed.getbuffer().nbytes)
    body.assign(packed.getvalue())

    def response(url: str) -> Any:
        return older["FetchResponse"](url, js.Response.new(body))

    await response("http://a/b.zip").unpack_archive(extract_dir=str(tmp_path / "new"))
    assert (tmp_path / "new" / "a.txt").read_text("utf-8") == "packed"
    with pytest.raises(ValueError, match="Unrecognized format nope"):
        await response("http://a/b.zip").unpack_archive(format="nope")
    with pytest.raises(ValueError, match="At least one of filename and format"):
        await response("http://a/").unpack_archive()


def test_the_error_of_a_status() -> None:
    error = copy.copy(older["HttpStatusError"](404, "Not Found", "http://a/"))
    assert str(error) == "404 Client Error: Not Found for url: http://a/"
    assert (error.status, error.status_text, error.url) == (404, "Not Found", "http://a/")
