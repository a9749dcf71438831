"""How answers are sent: bodies that are encoded."""

from __future__ import annotations

import asyncio
import gzip
from typing import Any

import pytest

from flarelocal.javascript.web.response import Response
from flarelocal.server.exchange import Exchange, Message


async def _sent(response: Response, accepted: str | None) -> tuple[dict[bytes, bytes], bytes]:
    """The headers and the body that a client gets."""
    sent: list[Message] = []

    async def receive() -> Message:
        await asyncio.get_running_loop().create_future()
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"accept-encoding", accepted.encode())] if accepted else []
    scope: Message = {"method": "GET", "headers": headers}
    await Exchange(scope, receive, send).respond(response)
    body = b"".join(message.get("body", b"") for message in sent)
    return dict(sent[0]["headers"]), body


def _response(encoding: str, body: Any = "text", **options: str) -> Response:
    return Response(body, {"headers": {"content-encoding": encoding}, **options})


@pytest.mark.parametrize("accepted", ["br, gzip", None])
@pytest.mark.parametrize("encoding", ["gzip", "br"])
async def test_a_body_is_encoded_as_its_headers_say(encoding: str, accepted: str | None) -> None:
    headers, body = await _sent(_response(encoding), accepted)
    assert headers[b"content-encoding"] == b"gzip"
    assert b"content-length" not in headers
    assert gzip.decompress(body) == b"text"


async def test_a_client_that_cannot_decode_gets_the_plain_body() -> None:
    headers, body = await _sent(_response("gzip"), "identity")
    assert b"content-encoding" not in headers
    assert body == b"text"


async def test_a_body_that_is_encoded_already_is_sent_as_it_is() -> None:
    response = _response("gzip", encodeBody="manual")
    headers, body = await _sent(response, "gzip")
    assert (headers[b"content-encoding"], body) == (b"gzip", b"text")


async def test_other_encodings_are_the_programs_own() -> None:
    headers, body = await _sent(_response("deflate"), "gzip")
    assert (headers[b"content-encoding"], body) == (b"deflate", b"text")


async def test_a_response_without_a_body_stays_without() -> None:
    headers, body = await _sent(_response("gzip", body=None), "gzip")
    assert (headers[b"content-encoding"], body) == (b"gzip", b"")
