"""Which request about stores does what."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import AsyncIterator
from urllib.parse import unquote

from flarelocal.server.answer import Answer, Download
from flarelocal.server.rest.envelope import failure, success
from flarelocal.server.rest.errors import RestError
from flarelocal.server.rest.stores import d1, kv, r2
from flarelocal.server.rest.stores.access import Access, unknown
from flarelocal.storage.analytics import AnalyticsError

__all__ = ["StoresApi"]

_ACCOUNT = re.compile(r"/client/v4/accounts/[^/]+/")
_FORMAT = re.compile(r"\s+FORMAT\s+JSON\s*;?\s*\Z", re.IGNORECASE)


class StoresApi:
    """Answers the requests about D1, KV, R2 and Analytics Engine."""

    def __init__(self, access: Access) -> None:
        self._access = access

    async def answer(
        self, method: str, path: str, query: str, body: AsyncIterator[bytes]
    ) -> Answer | Download:
        """Do what a request asks for.

        Args:
            path: one that `STORES` matches; percent-encoded.
            query: without the question mark.
        """
        try:
            result = await self._result(method, path, query, body)
            if result is None:
                raise unknown(method, path)
            return result if isinstance(result, Answer | Download) else success(result)
        except RestError as refused:
            return failure(refused.status, refused.code, str(refused))
        except sqlite3.Error as error:
            return failure(500, 15000, f"The state cannot be read or written ({error}).")
        except ValueError as error:
            return failure(400, 10207, f"A parameter is not what it should be ({error}).")

    async def _result(
        self, method: str, path: str, query: str, body: AsyncIterator[bytes]
    ) -> object:
        account = _ACCOUNT.match(path)
        assert account is not None
        parts = [unquote(part) for part in path[account.end() :].split("/")]
        if parts[:2] == ["r2", "buckets"]:
            return await r2.answer(self._access, method, parts[2:], query, body)
        whole = b"".join([chunk async for chunk in body])
        match parts:
            case ["d1", "database", *rest]:
                return d1.answer(self._access, method, rest, whole)
            case ["storage", "kv", "namespaces", *rest]:
                return await kv.answer(self._access, method, rest, query, whole)
            case ["analytics_engine", "sql"]:
                return await self._analytics(_FORMAT.sub("", whole.decode("utf-8", "replace")))
            case _:
                return None

    async def _analytics(self, sql: str) -> Answer:
        try:
            found = await self._access.analytics().query(sql)
        except AnalyticsError as wrong:
            return failure(422, 10001, f"The query is wrong ({wrong}): it is SQLite's SQL here.")
        data = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
        meta = [{"name": name, "type": "String"} for name in found.columns]
        whole = {"meta": meta, "data": data, "rows": len(data)}
        return Answer.json(200, {**whole, "rows_before_limit_at_least": len(data)})
