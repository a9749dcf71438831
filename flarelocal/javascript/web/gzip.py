"""Content-Encoding: programs see plain bodies, what is between them is encoded (api/http.c++)."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator

from flarelocal.javascript.errors import type_error

__all__ = ["gunzipped", "gzipped"]

_GZIP = 31
"""The window bits by which zlib knows the format."""


async def gzipped(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """A body in gzip; what was given can be read at once."""
    work = zlib.compressobj(wbits=_GZIP)
    async for chunk in chunks:
        yield work.compress(chunk) + work.flush(zlib.Z_SYNC_FLUSH)
    yield work.flush()


async def gunzipped(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """What a body in gzip holds.

    Raises:
        JsError: TypeError; it is none.
    """
    work = zlib.decompressobj(wbits=_GZIP)
    try:
        async for chunk in chunks:
            if data := work.decompress(chunk):
                yield data
    except zlib.error:
        raise type_error("Gzip decompression failed.") from None
