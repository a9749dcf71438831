"""An HTTP client of an ASGI application in the same process."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Answer", "request"]


@dataclass(frozen=True, slots=True)
class Answer:
    """A response as the client sees it."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


async def request(
    app: Any, method: str, path: str, headers: Mapping[str, str], body: bytes | None
) -> Answer:
    """Send a request to host `fixture.example`."""
    path, _, query = path.partition("#")[0].partition("?")
    sent = [("host", "fixture.example"), *((name.lower(), text) for name, text in headers.items())]
    if body is not None:
        sent.append(("content-length", str(len(body))))
    scope = {
        "type": "http",
        "scheme": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in sent],
    }
    messages: list[Any] = []
    unsent: list[Any] = [{"type": "http.request", "body": body or b"", "more_body": False}]

    async def receive() -> Any:
        # The client stays, and sends nothing more.
        return unsent.pop() if unsent else await asyncio.get_running_loop().create_future()

    async def send(message: Any) -> None:
        messages.append(message)

    await app(scope, receive, send)
    start = messages[0]
    seen = [(name.decode().lower(), value.decode("latin-1")) for name, value in start["headers"]]
    parts = [each.get("body", b"") for each in messages if method != "HEAD"]
    return Answer(start["status"], seen, b"".join(parts))
