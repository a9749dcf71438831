"""`…/d1/database`: SQL over HTTP."""

from __future__ import annotations

import math
import re
from typing import Any

from pydantic import BaseModel

from flarelocal.durable_objects.storage.statements import split
from flarelocal.server.rest.errors import RestError
from flarelocal.server.rest.requests import read
from flarelocal.server.rest.stores.access import Access, StoreNotFoundError
from flarelocal.storage.d1 import D1Error, D1Store, Query, Result

__all__ = ["answer"]

# Dumps of SQLite have these; a request is one transaction anyway.
_OF_DUMPS = re.compile(r"\s*(BEGIN TRANSACTION|COMMIT)\s*;?\s*", re.IGNORECASE)


class QueryError(RestError):
    """The database refuses a statement."""

    code = 7500


class _Query(BaseModel):
    sql: str
    params: list[Any] = []


class _Request(BaseModel):
    sql: str | None = None
    params: list[Any] = []
    batch: list[_Query] | None = None


def answer(access: Access, method: str, parts: list[str], body: bytes) -> object:
    """The result of a request; None if there is no such path.

    Raises:
        RestError: it is refused.
    """
    match method, parts:
        case "GET", []:
            return [_shown(each.database_id, each.database_name) for each in access.databases()]
        case "GET", [reference]:
            for each in access.databases():
                if reference in (each.database_id, each.database_name, each.binding):
                    return _shown(each.database_id, each.database_name)
            raise StoreNotFoundError(f"There is no D1 database {reference!r}: see the list.")
        case "POST", [reference, "query" | "raw" as form]:
            results = _run(access.d1(reference), read(_Request, body))
            return [_result(each, raw=form == "raw") for each in results]
        case _:
            return None


def _run(store: D1Store, request: _Request) -> list[Result]:
    asked = request.batch or [_Query(sql=request.sql or "", params=request.params)]
    queries = [query for each in asked for query in _queries(each)]
    try:
        return store.run(queries)
    except D1Error as refused:
        raise QueryError(f"{refused}") from None


def _queries(given: _Query) -> list[Query]:
    statements = [each for each in split(given.sql) if not _OF_DUMPS.fullmatch(each)]
    parameters = [_bound(each) for each in given.params]
    *others, last = statements or [""]
    return [*map(Query, others), Query(last, parameters)]


def _bound(value: Any) -> Any:
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, int | float):
        return float(value)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(each, int) for each in value):
        return bytes(value)
    raise QueryError(f"{value!r} is no value of SQL: pass numbers, texts, null or lists of bytes.")


def _result(result: Result, *, raw: bool) -> dict[str, object]:
    rows = [[_value(value) for value in row] for row in result.rows]
    columns = list(result.columns)
    shown: object = [dict(zip(columns, row, strict=True)) for row in rows]
    meta = result.meta
    return {
        "results": {"columns": columns, "rows": rows} if raw else shown,
        "success": True,
        "meta": {
            "served_by": "flarelocal.db",
            "duration": meta.duration_ms,
            "changes": meta.changes,
            "last_row_id": meta.last_row_id,
            "changed_db": meta.changed_db,
            "size_after": meta.size_after,
            "rows_read": meta.rows_read,
            "rows_written": meta.rows_written,
        },
    }


def _value(value: Any) -> object:
    if isinstance(value, bytes):
        return list(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return int(value) if value.is_integer() else value
    return value


def _shown(id: str, name: str | None) -> dict[str, object]:
    return {"uuid": id, "name": name or id, "version": "production"}
