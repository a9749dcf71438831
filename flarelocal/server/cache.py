"""`/cdn-cgi/local/cache`: what the caches of Workers hold."""

from __future__ import annotations

from urllib.parse import parse_qs

from flarelocal.server.answer import Answer
from flarelocal.storage.cache import CacheStore

__all__ = ["run_cache"]


async def run_cache(store: CacheStore, method: str, query: str) -> Answer:
    """`GET` lists the stored responses, `DELETE` removes them: all, or those of each `key=`.

    `worker=` and `cache=` choose those of one Worker and of a named cache; `cache=` with nothing
    behind it stands for the default one.
    """
    if method not in ("GET", "DELETE"):
        return Answer.json(405, {"error": f"{method} does nothing here: GET or DELETE"})
    given = parse_qs(query, keep_blank_values=True)
    found = [
        each
        for each in await store.entries()
        if each.worker in given.get("worker", [each.worker])
        and (each.cache or "") in given.get("cache", [each.cache or ""])
        and each.key in given.get("key", [each.key])
    ]
    if method == "DELETE":
        for each in found:
            await store.purge(each)
    shown = [
        {
            "worker": each.worker,
            "cache": each.cache,
            "key": each.key,
            "status": each.status,
            "bytes": each.size,
            "expires": each.expires_ms,
        }
        for each in found
    ]
    return Answer.json(200, shown)
