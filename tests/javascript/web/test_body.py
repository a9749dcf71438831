from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from flarelocal.javascript.binary import ArrayBuffer, Uint8Array
from flarelocal.javascript.errors import JsError
from flarelocal.javascript.promise import settle
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.blob import Blob
from flarelocal.javascript.web.form_data import FormData
from flarelocal.javascript.web.readable import ReadableStream
from flarelocal.javascript.web.request import Request
from flarelocal.javascript.web.response import Response
from flarelocal.javascript.web.url_search_params import URLSearchParams

USED = "Body has already been used"


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


def incoming(*parts: bytes, headers: list[tuple[str, str]] | None = None) -> Request:
    return Request.incoming("POST", "http://a/", headers or [], chunks(*parts))


@pytest.mark.parametrize(
    ("body", "media_type", "data"),
    [
        ("é", "text/plain;charset=UTF-8", "é".encode()),
        ("\ud800", "text/plain;charset=UTF-8", b"\xef\xbf\xbd"),
        (5, "text/plain;charset=UTF-8", b"5"),
        ({}, "text/plain;charset=UTF-8", b"[object Object]"),
        (Uint8Array.of_bytes(b"ab"), None, b"ab"),
        (ArrayBuffer.of(b"ab"), None, b"ab"),
        (Blob.of(b"ab", "a/b"), "a/b", b"ab"),
        (Blob.of(b"ab"), None, b"ab"),
        (
            URLSearchParams("a=b c"),
            "application/x-www-form-urlencoded;charset=UTF-8",
            b"a=b+c",
        ),
    ],
)
async def test_media_type_and_bytes_of_each_kind(
    body: Value, media_type: str | None, data: bytes
) -> None:
    response = Response(body)
    assert response.headers.get("content-type") == (media_type or null)
    assert await response.read() == data


async def test_a_body_is_copied() -> None:
    view = Uint8Array.of_bytes(bytearray(b"ab"))
    response = Response(view)
    view.put(0, 0)
    assert await response.read() == b"ab"


@pytest.mark.parametrize("name", ["text", "json", "array_buffer", "bytes_", "blob", "form_data"])
async def test_a_body_is_read_once(name: str) -> None:
    response = Response("5")
    await response.read()
    assert response.body_used
    with pytest.raises(JsError, match=USED):
        await settle(getattr(response, name)())


async def test_no_body_can_be_read_again_and_again() -> None:
    response = Response()
    assert [await settle(response.text()) for _ in range(2)] == ["", ""]
    assert not response.body_used
    assert response.body is null


async def test_a_streamed_body_is_read_as_any_other() -> None:
    assert await settle(incoming(b"\xc3", b"\xa9").text()) == "é"
    assert await settle(incoming(b'{"a":', b"1}").json()) == {"a": 1}
    assert (await settle(incoming(b"a", b"b").bytes_())).length == 2


async def test_a_byte_order_mark_goes_away() -> None:
    assert await settle(Response(Uint8Array.of_bytes(b"\xef\xbb\xbfa")).text()) == "a"


async def test_what_is_no_utf_8_is_replaced() -> None:
    assert await settle(Response(Uint8Array.of_bytes(b"\xffa\xc3")).text()) == "\ufffda\ufffd"


async def test_body_is_always_the_same_stream() -> None:
    response = Response("x")
    assert response.body is response.body
    assert await settle(response.text()) == "x"
    assert response.body.disturbed


async def test_a_used_body_is_a_used_stream() -> None:
    response = Response("x")
    await response.read()
    with pytest.raises(JsError, match="is disturbed"):
        Response(response.body)


async def test_a_locked_body_cannot_be_read() -> None:
    response = Response("x")
    response.body.get_reader()
    with pytest.raises(JsError, match="currently locked to a reader"):
        response.text()


async def test_the_blob_has_the_media_type() -> None:
    blob = await Response("x", {"headers": {"content-type": "a/b"}}).blob()
    assert (blob.size, blob.type) == (1, "a/b")


async def test_broken_json_is_a_syntax_error() -> None:
    with pytest.raises(JsError) as broken:
        Response("{").json()
    assert broken.value.name == "SyntaxError"


async def test_a_form_needs_its_media_type() -> None:
    with pytest.raises(JsError, match="Unrecognized Content-Type header value"):
        await Response("a=1").form_data()
    with pytest.raises(JsError, match="requires a Content-Type header"):
        await Response(Uint8Array.of_bytes(b"a=1")).form_data()


async def test_a_form_round_trip() -> None:
    form = FormData()
    form.append("a", "é")
    received = await Response(form).form_data()
    assert received.items() == [("a", "é")]


def test_the_server_takes_bytes_that_are_there() -> None:
    response = Response("x")
    assert response.body_length == 1
    assert response.body_bytes() == b"x"
    with pytest.raises(JsError, match=USED):
        response.body_bytes()


async def test_the_server_takes_chunks_of_the_others() -> None:
    response = Response(ReadableStream.of_bytes(chunks(b"a", b"b")))
    assert response.body_bytes() is None
    assert [chunk async for chunk in response.body_chunks()] == [b"a", b"b"]
    assert response.body_used


async def test_the_bytes_of_a_teed_body_stay_bytes() -> None:
    response = Response("x")
    copy = response.clone()
    assert response.body_bytes() == copy.body_bytes() == b"x"


async def test_clones_of_a_stream_are_read_independently() -> None:
    request = incoming(b"a", b"b")
    copy = request.clone()
    assert await settle(request.text()) == "ab"
    assert await settle(copy.text()) == "ab"


async def test_a_used_body_cannot_be_cloned() -> None:
    response = Response("x")
    await response.read()
    with pytest.raises(JsError, match="currently locked to a reader"):
        response.clone()
