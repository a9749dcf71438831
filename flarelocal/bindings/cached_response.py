"""The response that a cache gives."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Sequence

from flarelocal.javascript.web.readable import ReadableStream
from flarelocal.javascript.web.response import NULL_BODY_STATUSES, Response
from flarelocal.javascript.web.source import ByteIteratorSource
from flarelocal.javascript.web.status_text import status_text
from flarelocal.storage.cache import Answer, Part, Stored
from flarelocal.storage.r2 import Reading

__all__ = ["cached_response"]


def cached_response(answer: Answer, stored: Stored) -> Response:
    """The response of an answer, with its body."""
    body: bytes | ReadableStream | None
    headers = answer.headers
    if answer.status in NULL_BODY_STATUSES:
        body = None
    elif not answer.parts:
        body = b""
    elif len(answer.parts) == 1:
        body = _body(stored.content, answer.parts[0])
    else:
        boundary = f"flarelocal-boundary-{uuid.uuid4()}"
        kind = headers.get("content-type")
        headers = {**headers, "content-type": f"multipart/byteranges; boundary={boundary}"}
        headers.pop("content-length", None)
        chunks = _multipart(stored, answer.parts, boundary, kind)
        body = ReadableStream.of(ByteIteratorSource(chunks))
    text = status_text(answer.status)
    return Response.received(answer.status, sorted(headers.items()), body, status_text=text)


def _body(content: bytes | Reading, part: Part) -> bytes | ReadableStream:
    if isinstance(content, bytes):
        return content[part.start : part.end]
    chunks = content.part(part.start, part.end).chunks()
    return ReadableStream.of(ByteIteratorSource(chunks, part.end - part.start))


async def _multipart(
    stored: Stored, parts: Sequence[Part], boundary: str, kind: str | None
) -> AsyncIterator[bytes]:
    for part in parts:
        line = f"Content-Type: {kind}\r\n" if kind else ""
        yield (f"--{boundary}\r\n{line}Content-Range: {part.header(stored.size)}\r\n\r\n").encode()
        if isinstance(stored.content, bytes):
            yield stored.content[part.start : part.end]
        else:
            async for chunk in stored.content.part(part.start, part.end).chunks():
                yield chunk
        yield b"\r\n"
    yield f"--{boundary}--".encode()
