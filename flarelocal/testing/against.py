"""`flare` where the tests go against a server: requests, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn
from urllib.parse import urljoin, urlsplit

import pytest

from flarelocal.javascript.web.response import Response
from flarelocal.pyodide.boundary import to_python
from flarelocal.testing.requests import make_request

__all__ = ["Against"]

_TIMEOUT_S = 60.0
_DECODED = frozenset({"content-encoding", "content-length", "transfer-encoding"})


class Against:
    """Sends requests to a server; a test that asks for more is skipped.

    Args:
        url: of the server.
    """

    def __init__(self, url: str) -> None:
        self._url = url

    async def start(self) -> None:
        """The server runs already."""

    async def stop(self) -> None:
        """The server goes on."""

    async def fetch(
        self,
        path: str = "/",
        *,
        method: str | None = None,
        json: Any = None,
        data: Mapping[str, str] | None = None,
        body: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Have the server answer a request; see `Flare.fetch`."""
        import httpx2
        import workers

        request = make_request(
            path, method=method, json=json, data=data, body=body, headers=headers
        )
        parts = urlsplit(request.url)
        target = urljoin(self._url, parts.path + (f"?{parts.query}" if parts.query else ""))
        async with httpx2.AsyncClient(timeout=_TIMEOUT_S) as client:
            answer = await client.request(
                request.method,
                target,
                headers=list(request.headers.combined()),
                content=bytes(await request.read()),
            )
        given = [
            (name.lower(), value)
            for name, value in answer.headers.multi_items()
            if name.lower() not in _DECODED
        ]
        response = Response.received(
            answer.status_code, given, answer.content or None, status_text=answer.reason_phrase
        )
        return workers.Response(to_python(response))

    def __getattr__(self, name: str) -> NoReturn:
        pytest.skip(f"flare.{name} needs the emulator: not against {self._url}")
