from __future__ import annotations

import gzip

import pytest

from flarelocal.javascript.errors import JsError
from flarelocal.javascript.promise import settle
from flarelocal.javascript.web.compression import CompressionStream, DecompressionStream
from flarelocal.javascript.web.readable import ReadableStream
from flarelocal.javascript.web.response import Response


@pytest.mark.parametrize("format", ["deflate", "deflate-raw", "gzip"])
async def test_round_trip(format: str) -> None:
    text = "flare " * 1000
    packed = Response(text).body.pipe_through(CompressionStream(format))
    assert await settle(Response(packed.pipe_through(DecompressionStream(format))).text()) == text


async def test_the_format_is_gzip() -> None:
    packed = await Response(Response("x").body.pipe_through(CompressionStream("gzip"))).read()
    assert gzip.decompress(packed) == b"x"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"nothing of the kind", "Decompression failed"),
        (gzip.compress(b"x", mtime=0)[:-4], "incomplete data"),
        (gzip.compress(b"x", mtime=0) + b"more", "Trailing bytes"),
    ],
)
async def test_broken_data(data: bytes, message: str) -> None:
    unpacked = ReadableStream.of_bytes(data).pipe_through(DecompressionStream("gzip"))
    with pytest.raises(JsError, match=message):
        await Response(unpacked).read()


def test_other_formats() -> None:
    with pytest.raises(JsError, match="must be either 'deflate', 'deflate-raw' or 'gzip'"):
        CompressionStream("br")
