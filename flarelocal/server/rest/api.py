"""Which request does what."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable

from flarelocal.queues import QueueError
from flarelocal.server.answer import Answer
from flarelocal.server.rest import consumers, messages, purge, queues
from flarelocal.server.rest.account import Account
from flarelocal.server.rest.envelope import failure, success
from flarelocal.server.rest.errors import RestError, RouteNotFoundError
from flarelocal.server.rest.paths import PREFIX

__all__ = ["RestApi"]

_Handler = Callable[..., Awaitable[object]]

# By method, and by the path behind the queue's id; `*` is an argument.
_OF_QUEUE: dict[tuple[str, str], _Handler] = {
    ("GET", ""): queues.get,
    ("PUT", ""): queues.update,
    ("PATCH", ""): queues.edit,
    ("DELETE", ""): queues.delete,
    ("GET", "metrics"): queues.metrics,
    ("GET", "consumers"): consumers.list_all,
    ("POST", "consumers"): consumers.create,
    ("GET", "consumers/*"): consumers.get,
    ("PUT", "consumers/*"): consumers.update,
    ("DELETE", "consumers/*"): consumers.delete,
    ("POST", "messages"): messages.push,
    ("POST", "messages/batch"): messages.push_batch,
    ("POST", "messages/pull"): messages.pull,
    ("POST", "messages/ack"): messages.acknowledge,
    ("POST", "messages/peek"): messages.peek,
    ("POST", "messages/purge"): messages.purge_refs,
    ("POST", "messages/redrive"): messages.redrive,
    ("GET", "messages/*/history"): messages.history,
    ("POST", "purge"): purge.start,
    ("GET", "purge"): purge.status,
}


class RestApi:
    """Answers the requests about the queues of an account."""

    def __init__(self, account: Account) -> None:
        self._account = account

    async def answer(self, method: str, path: str, query: str, body: bytes) -> Answer:
        """Do what a request asks for.

        Args:
            path: one that `PREFIX` matches.
            query: without the question mark.
        """
        try:
            return success(await self._result(method, path, query, body))
        except (QueueError, RestError) as refused:
            return failure(refused.status, refused.code, str(refused))
        except sqlite3.Error as error:
            return failure(500, 15000, f"The state cannot be read or written ({error}).")

    async def _result(self, method: str, path: str, query: str, body: bytes) -> object:
        prefix = PREFIX.match(path)
        assert prefix is not None
        parts = [part for part in path[prefix.end() :].split("/") if part]
        if not parts:
            if method == "GET":
                return await queues.list_all(self._account, query)
            if method == "POST":
                return await queues.create(self._account, body)
        else:
            queue, *rest = parts
            for (verb, pattern), handler in _OF_QUEUE.items():
                given = _arguments(pattern, rest) if verb == method else None
                if given is not None:
                    return await handler(self._account, queue, *given, body)
        raise RouteNotFoundError(
            f"Could not route to {method} {path}: see the API reference of Cloudflare Queues."
        )


def _arguments(pattern: str, parts: list[str]) -> list[str] | None:
    """What stands for the asterisks of a pattern; None if it does not match."""
    names = pattern.split("/") if pattern else []
    if len(names) != len(parts):
        return None
    if any(name not in ("*", part) for name, part in zip(names, parts, strict=True)):
        return None
    return [part for name, part in zip(names, parts, strict=True) if name == "*"]
