"""What is in the storage of an object: keys and values, tables, an alarm."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import parse_qs

from pydantic import BaseModel, Field, ValidationError

from flarelocal.durable_objects import DurableObjectError, ListOptions, Namespace, ObjectId, Storage
from flarelocal.server.objects.errors import ObjectsError
from flarelocal.server.objects.values import bound, column, stored

__all__ = ["run_sql", "show", "show_storage"]

_TABLES = (
    "SELECT name FROM sqlite_schema WHERE type = 'table' "
    "AND substr(lower(name), 1, 4) <> '_cf_' AND name NOT LIKE 'sqlite_%' ORDER BY name"
)
_SHOWN = 100


class _Statement(BaseModel):
    query: str
    bindings: list[Any] = []


class _Selection(BaseModel):
    keys: list[str] = Field(default=[], alias="key")
    start: str | None = None
    end: str | None = None
    prefix: str | None = None
    reverse: bool = False
    limit: Annotated[int, Field(gt=0)] = _SHOWN


async def show(namespace: Namespace, id: ObjectId) -> dict[str, object]:
    """How many keys the object has, and its tables with how many rows."""

    def action(storage: Storage) -> dict[str, object]:
        tables = [str(name) for (name,) in storage.sql.exec(_TABLES).all()]
        return {
            "keys": storage.kv.count(),
            "tables": [{"name": name, "rows": _count(storage, name)} for name in tables],
        }

    return await namespace.look(id, action)


async def show_storage(
    namespace: Namespace, id: ObjectId, facet: Sequence[str], query: str
) -> dict[str, object]:
    """Keys with their values: those which the query names, else those of a range.

    Args:
        facet: whose storage is meant, if it is not that of the object itself.
        query: `key`, as often as needed; or `start`, `end`, `prefix`, `reverse` and `limit`.
    """
    selection = _selection(query)
    options = ListOptions(
        start=selection.start,
        end=selection.end,
        prefix=selection.prefix,
        reverse=selection.reverse,
        limit=selection.limit + 1,
    )

    def action(storage: Storage) -> dict[str, bytes]:
        if not selection.keys:
            return storage.kv.list(options)
        found = {key: storage.kv.get(key) for key in selection.keys}
        return {key: value for key, value in found.items() if value is not None}

    found = await namespace.look(id, action, facet)
    shown = list(found.items()) if selection.keys else list(found.items())[: selection.limit]
    return {
        "entries": [{"key": key} | stored(value) for key, value in shown],
        "more": len(shown) < len(found),
    }


async def run_sql(
    namespace: Namespace, id: ObjectId, facet: Sequence[str], body: bytes
) -> dict[str, object]:
    """Run statements as `storage.sql.exec` does; gives the rows of the last one."""
    try:
        given = _Statement.model_validate_json(body)
        bindings = [bound(value) for value in given.bindings]
    except ValueError:
        raise ObjectsError(
            400, 'Send {"query": "SELECT …", "bindings": [numbers, strings or null]}.'
        ) from None

    def action(storage: Storage) -> dict[str, object]:
        cursor = storage.sql.exec(given.query, *bindings)
        rows = cursor.all()
        return {
            "columns": list(cursor.column_names),
            "rows": [[column(value) for value in row] for row in rows],
            "rows_read": cursor.rows_read,
            "rows_written": cursor.rows_written,
        }

    try:
        return await namespace.look(id, action, facet)
    except DurableObjectError as error:
        raise ObjectsError(400, error.message) from None


def _selection(query: str) -> _Selection:
    given = parse_qs(query, keep_blank_values=True)
    single = {name: values[-1] for name, values in given.items() if name != "key"}
    try:
        return _Selection.model_validate(single | {"key": given.get("key", [])})
    except ValidationError as error:
        wrong = ", ".join(str(each["loc"][0]) for each in json.loads(error.json()))
        raise ObjectsError(400, f"The query is wrong ({wrong}): mend it.") from None


def _count(storage: Storage, table: str) -> object:
    quoted = table.replace('"', '""')
    try:
        [(count,)] = storage.sql.exec(f'SELECT count(*) FROM "{quoted}"').all()
    except DurableObjectError:
        # A virtual table whose module is not there.
        return None
    return count
