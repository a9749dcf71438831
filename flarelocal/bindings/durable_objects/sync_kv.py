"""`ctx.storage.kv`: the synchronous key-value API of SQLite-backed objects."""

from __future__ import annotations

from collections.abc import Iterator

from flarelocal.bindings.durable_objects.errors import translated
from flarelocal.bindings.durable_objects.list_options import list_options
from flarelocal.durable_objects.storage.key_value import KeyValue
from flarelocal.javascript.clone import deserialize, serialize
from flarelocal.javascript.errors import error, type_error
from flarelocal.javascript.host import HostObject, method
from flarelocal.javascript.text import to_string
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


class SyncKvStorage(HostObject):
    """The same keys and values as `ctx.storage`, without promises (workerd, api/sync-kv.h).

    Args:
        kv: None for a class that is not stored in SQLite.
    """

    __slots__ = ("_kv",)

    def __init__(self, kv: KeyValue | None) -> None:
        self._kv = kv

    @method
    @translated
    def get(self, key: Value) -> Value:
        stored = self._engine.get(to_string(key))
        return None if stored is None else deserialize(stored)

    @method
    @translated
    def put(self, key: Value, value: Value) -> None:
        if value is None:
            raise type_error("put() called with undefined value.")
        self._engine.put(to_string(key), serialize(value))

    @method
    @translated
    def delete(self, key: Value) -> bool:
        return self._engine.delete(to_string(key))

    @method
    @translated
    def list(self, options: Value = None) -> Iterator[Value]:
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
