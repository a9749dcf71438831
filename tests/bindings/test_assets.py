"""`env.ASSETS` as programs see it."""

from pathlib import Path

import pytest

from flarelocal.bindings.assets import assets_binding, response_of
from flarelocal.bindings.fetcher import Fetcher
from flarelocal.javascript.errors import JsError
from flarelocal.javascript.promise import settle
from flarelocal.javascript.web.request import Request
from flarelocal.storage.assets import Assets

LARGE = b"0123456789" * 200_000


@pytest.fixture
def binding(tmp_path: Path) -> Fetcher:
    (tmp_path / "hello.txt").write_text("hello", "utf-8")
    (tmp_path / "large.bin").write_bytes(LARGE)
    return assets_binding(Assets(tmp_path))


async def test_a_url_of_any_host_gives_the_file(binding: Fetcher) -> None:
    response = await binding.fetch("https://assets.local/hello.txt")
    assert (response.status, response.status_text) == (200, "OK")
    assert response.headers.get("Content-Type") == "text/plain; charset=utf-8"
    assert await settle(response.text()) == "hello"


async def test_a_large_file_comes_bit_by_bit(binding: Fetcher) -> None:
    response = await binding.fetch("http://x/large.bin")
    chunks = [chunk async for chunk in response.body.byte_chunks()]
    assert len(chunks) > 1
    assert b"".join(chunks) == LARGE


async def test_a_large_file_that_nobody_reads_is_not_opened(binding: Fetcher) -> None:
    response = await binding.fetch("http://x/large.bin")
    assert response.ok


async def test_a_request_says_method_and_headers(binding: Fetcher) -> None:
    tag = (await binding.fetch("http://x/hello.txt")).headers.get("etag")
    request = Request("http://x/hello.txt", {"headers": {"If-None-Match": tag}})
    assert (await binding.fetch(request)).status == 304
    head = await binding.fetch("http://x/hello.txt", {"method": "HEAD"})
    assert (head.status, await settle(head.text())) == (200, "")
    posted = await binding.fetch("http://x/hello.txt", {"method": "POST", "body": "x"})
    assert (posted.status, posted.status_text) == (405, "Method Not Allowed")


async def test_what_is_missing_is_a_response_too(binding: Fetcher) -> None:
    response = await binding.fetch("http://x/none")
    assert (response.status, response.status_text) == (404, "Not Found")
    assert await settle(response.text()) == ""


async def test_a_file_that_went_away_meanwhile_is_missing(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("", "utf-8")
    answer = Assets(tmp_path).resolve("GET", "http://x/a.txt", {})
    file.unlink()
    assert response_of(answer).status == 404


async def test_there_are_no_methods_but_fetch(binding: Fetcher) -> None:
    with pytest.raises(JsError, match='does not implement the method "list"'):
        await binding.dynamic_property("list")()
