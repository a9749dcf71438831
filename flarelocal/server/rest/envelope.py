"""The JSON around every answer of Cloudflare's API."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from flarelocal.dataclass import dataclass
from flarelocal.server.answer import Answer

__all__ = ["Page", "failure", "success", "timestamp"]


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list."""

    items: list[object]
    number: int
    size: int
    total: int


def success(result: object) -> Answer:
    """An answer with a result; that of a `Page` is its list."""
    envelope: dict[str, object] = {"success": True, "errors": [], "messages": []}
    if isinstance(result, Page):
        envelope["result"] = result.items
        envelope["result_info"] = {
            "page": result.number,
            "per_page": result.size,
            "count": len(result.items),
            "total_count": result.total,
            "total_pages": -(-result.total // result.size),
        }
    else:
        envelope["result"] = result
    return Answer.json(200, envelope)


def failure(status: int, code: int, message: str) -> Answer:
    """An answer that says what is wrong.

    A conflict does not pass by waiting a few seconds, though the official clients think so.
    """
    body: Mapping[str, object] = {
        "success": False,
        "errors": [{"code": code, "message": message}],
        "messages": [],
        "result": None,
    }
    answer = Answer.json(status, body)
    if status != 409:
        return answer
    return Answer(status, answer.content_type, answer.body, (("x-should-retry", "false"),))


def timestamp(ms: int) -> str:
    """A time as the API writes it; empty for 0, which is none."""
    if not ms:
        return ""
    moment = dt.datetime.fromtimestamp(ms / 1000, dt.UTC)
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
