"""How tests read streams: as a program does."""

from __future__ import annotations

from flarelocal.javascript.promise import settle
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.readable import ReadableStream


async def read(reader: Value, *arguments: Value) -> Value:
    """The result of one read."""
    return await settle(reader.read(*arguments))


async def collect(stream: ReadableStream) -> list[Value]:
    """All chunks of a stream."""
    reader = stream.get_reader()
    chunks = []
    while not (result := await read(reader))["done"]:
        chunks.append(result["value"])
    return chunks
