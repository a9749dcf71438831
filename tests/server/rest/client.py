"""A client of the REST API without a socket."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flarelocal.server.rest.api import RestApi

__all__ = ["Client", "Reply"]

_BASE = "/client/v4/accounts/any/queues"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, taken apart."""

    status: int
    result: Any
    code: int | None
    """of the error"""
    message: str
    headers: dict[str, str]
    info: Any
    """`result_info`"""


class Client:
    """Sends requests whose paths are below `…/queues`."""

    def __init__(self, api: RestApi) -> None:
        self._api = api

    async def __call__(self, method: str, path: str = "", body: object = None) -> Reply:
        """Send a request; a body that is `bytes` is sent as it is."""
        path, _, query = path.partition("?")
        content = body if isinstance(body, bytes) else json.dumps({} if body is None else body)
        if isinstance(content, str):
            content = content.encode()
        answer = await self._api.answer(method, _BASE + path, query, content)
        assert answer.content_type == "application/json"
        envelope = json.loads(answer.body)
        assert envelope["success"] is (answer.status == 200)
        assert envelope["messages"] == []
        errors = envelope["errors"]
        return Reply(
            answer.status,
            envelope["result"],
            errors[0]["code"] if errors else None,
            errors[0]["message"] if errors else "",
            dict(answer.headers),
            envelope.get("result_info"),
        )
