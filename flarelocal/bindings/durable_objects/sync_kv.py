"""`ctx.storage.kv`: the synchronous key-value API of SQLite-backed objects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from flarelocal.bindings.durable_objects.errors import translated, translating
from flarelocal.bindings.durable_objects.options import list_options, stored_text
from flarelocal.durable_objects.storage.key_value import KeyValue
from flarelocal.javascript.clone import deserialize, serialize
from flarelocal.javascript.errors import error
from flarelocal.javascript.host import HostObject, method
from flarelocal.javascript.signature import NO_OPTIONS, Options
from flarelocal.javascript.values import Value

__all__ = ["SyncKvStorage"]

_DISABLED = (
    "The storage.kv (synchronous KV) API is only available for SQLite-backed Durable Objects, but "
    "this object's namespace is not declared to use SQLite. You can use the older, asyncronous "
    "interface via methods of `storage` itself (e.g. `storage.get()`). Alternatively, to enable "
    "SQLite, change `new_classes` to `new_sqlite_classes` within the 'migrations' field in your "
    "wrangler.jsonc or wrangler.toml file. If using workerd directly, set `enableSql = true` in "
    "your workerd config for the class. Note that this change cannot be made after the class is "
    "already deployed to production."
)


@translating
class SyncKvStorage(HostObject):
    """The same keys and values as `ctx.storage`, without promises (workerd, api/sync-kv.h).

    Args:
        kv: None for a class that is not stored in SQLite.
    """

    __slots__ = ("_kv",)

    def __init__(self, kv: KeyValue | None) -> None:
        self._kv = kv

    @method
    def get(self, key: str) -> Value:
        stored = self._engine.get(stored_text(key))
        return None if stored is None else deserialize(stored)

    @method
    def put(self, key: str, value: Annotated[Value, "Value"]) -> None:
        self._engine.put(stored_text(key), serialize(value))

    @method
    def delete(self, key: str) -> bool:
        return self._engine.delete(stored_text(key))

    @method
    def list(self, options: Annotated[Options, "ListOptions"] = NO_OPTIONS) -> Iterator[Value]:
        rows = self._engine.iterate(list_options(options))
        return _Entries(rows)

    @property
    def _engine(self) -> KeyValue:
        if self._kv is None:
            raise error(_DISABLED)
        return self._kv


class _Entries(Iterator[Value]):
    def __init__(self, rows: Iterator[tuple[str, bytes]]) -> None:
        self._next = translated(rows.__next__)

    def __next__(self) -> Value:
        key, stored = self._next()
        return [key, deserialize(stored)]
