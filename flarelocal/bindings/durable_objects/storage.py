"""`ctx.storage`: keys and values, transactions, the alarm."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from typing import Annotated

from flarelocal.bindings.durable_objects.closure import settled
from flarelocal.bindings.durable_objects.errors import translating
from flarelocal.bindings.durable_objects.options import list_options, options_of, stored_text
from flarelocal.bindings.durable_objects.sql import SqlStorage
from flarelocal.bindings.durable_objects.sync_kv import SyncKvStorage
from flarelocal.durable_objects.actor import Actor
from flarelocal.durable_objects.storage.bookmarks import Bookmarks
from flarelocal.durable_objects.storage.storage import Storage
from flarelocal.durable_objects.storage.transaction import Transaction
from flarelocal.javascript.clone import deserialize, serialize
from flarelocal.javascript.collections import Map
from flarelocal.javascript.date import Date
from flarelocal.javascript.errors import error, type_error
from flarelocal.javascript.host import HostObject, getter, method
from flarelocal.javascript.signature import NO_OPTIONS, Options, properties_of, refused
from flarelocal.javascript.values import BigInt, Symbol, Value, null

__all__ = ["DurableObjectStorage", "DurableObjectTransaction"]

_PUT = (
    "put() may only be called with a single key-value pair and optional options as "
    "put(key, value, options) or with multiple key-value pairs and optional options as "
    "put(entries, options)"
)
_NO_BOOKMARKS = "This Durable Object's storage back-end does not implement point-in-time recovery."
_LATEST_MS = 6_911_999_999_999  # 2189
_MISSING = Symbol("missing")
_KEYS = (str, list)


@translating
class _Operations(HostObject):
    """What `ctx.storage` and a transaction share. Every operation takes effect at once.

    Arguments are converted by hand: that is faster, and knows the name of the class.
    """

    __slots__ = ("_actor", "_storage")

    _actor: Actor
    _storage: Storage

    def _check(self, operation: str) -> Storage:
        """The storage; raises if the operation is not possible now."""
        return self._storage

    @method(promise=True)
    def get(self, key: Value = _MISSING, options: Value = None) -> Value:
        if options is not None:
            options_of(options, self.js_name, "get", 1, "GetOptions")
        kv = self._check("get()").kv
        if isinstance(key, list):
            found = kv.get_many([stored_text(each) for each in key])
            return Map.of((name, deserialize(stored)) for name, stored in found.items())
        stored = kv.get(self._key(key, "get"))
        return None if stored is None else deserialize(stored)

    @method(promise=True)
    def put(self, key: Value = _MISSING, value: Value = None, options: Value = None) -> None:
        if key is _MISSING:
            raise refused(self.js_name, "put", 0, "string or object")
        entries = None if isinstance(key, _KEYS) else properties_of(key)
        if key is None or key is null or entries is None:
            if options is not None:
                options_of(options, self.js_name, "put", 2, "PutOptions")
            kv = self._check("put()").kv
            if value is None:
                raise type_error("put() called with undefined value.")
            kv.put(stored_text(key), serialize(value))
            return
        if options is not None:
            options_of(options, self.js_name, "put", 2, "PutOptions")
        if properties_of(value) is None:
            raise type_error(_PUT)
        stored = {
            stored_text(name): serialize(each) for name, each in entries.items() if each is not None
        }
        self._check("put()").kv.put_many(stored)

    @method(promise=True)
    def delete(self, key: Value = _MISSING, options: Value = None) -> Value:
        options_of(options, self.js_name, "delete", 1, "PutOptions")
        kv = self._check("delete()").kv
        if isinstance(key, list):
            return kv.delete_many([stored_text(each) for each in key])
        return kv.delete(self._key(key, "delete"))

    @method(promise=True)
    def list(self, options: Value = None) -> Map:
        given = options_of(options, self.js_name, "list", 0, "ListOptions")
        found = self._check("list()").kv.list(list_options(given))
        return Map.of((name, deserialize(stored)) for name, stored in found.items())

    @method(promise=True)
    def get_alarm(self, options: Value = None) -> Value:
        options_of(options, self.js_name, "getAlarm", 0, "GetAlarmOptions")
        when_ms = self._check("getAlarm()").alarm.get()
        return null if when_ms is None else when_ms

    @method(promise=True)
    def set_alarm(self, scheduled_time: Value = None, options: Value = None) -> None:
        options_of(options, self.js_name, "setAlarm", 1, "SetAlarmOptions")
        when_ms = self._time(scheduled_time, "setAlarm")
        if when_ms > _LATEST_MS:
            raise type_error("This API doesn't support dates after 2189.")
        self._check("setAlarm()")
        self._actor.set_alarm(when_ms)

    @method(promise=True)
    def delete_alarm(self, options: Value = None) -> None:
        options_of(options, self.js_name, "deleteAlarm", 0, "SetAlarmOptions")
        self._check("deleteAlarm()").alarm.set(None)

    def _time(self, value: Value, operation: str) -> float:
        """The ms of a number or Date."""
        if isinstance(value, Date):
            value = value.time_ms
        elif isinstance(value, bool | BigInt) or not isinstance(value, int | float):
            raise refused(self.js_name, operation, 0, "date")
        ms: float = value
        if not math.isfinite(ms):
            raise type_error("The value cannot be converted because it is not a valid Date.")
        return ms

    def _key(self, key: Value, operation: str) -> str:
        if key is _MISSING:
            raise refused(self.js_name, operation, 0, "string or Array")
        return stored_text(key)


@translating
class DurableObjectStorage(_Operations):
    """The storage of one object (Cloudflare docs, "Durable Object Storage").

    Args:
        sqlite: whether the class is declared to use SQLite.
        delete_alarm: whether `deleteAll` takes the alarm as well, by compatibility date.
    """

    __slots__ = ("_delete_alarm", "_kv", "_sql", "_sqlite")

    def __init__(self, actor: Actor, *, sqlite: bool, delete_alarm: bool) -> None:
        self._actor = actor
        self._storage = actor.storage
        self._sqlite = sqlite
        self._delete_alarm = delete_alarm
        self._sql: SqlStorage | None = None
        self._kv: SyncKvStorage | None = None

    @getter
    def sql(self) -> SqlStorage:
        if self._sql is None:
            self._sql = SqlStorage(self._storage.sql if self._sqlite else None)
        return self._sql

    @getter
    def kv(self) -> SyncKvStorage:
        if self._kv is None:
            self._kv = SyncKvStorage(self._storage.kv if self._sqlite else None)
        return self._kv

    @method(promise=True)
    def delete_all(self, options: Annotated[Options, "PutOptions"] = NO_OPTIONS) -> None:
        self._actor.delete_all(delete_alarm=self._delete_alarm)

    @method(promise=True)
    def sync(self) -> None:
        """Everything written so far is durable when the promise is fulfilled."""
        self._storage.flush()

    @method(promise=True)
    def get_current_bookmark(self) -> str:
        """The bookmark of the present state."""
        return self._bookmarks.current()

    @method(promise=True)
    def get_bookmark_for_time(self, timestamp: Value = None) -> str:
        """The bookmark of the state at a time, which is a number of ms or a Date."""
        return self._bookmarks.at(int(self._time(timestamp, "getBookmarkForTime")))

    @method(promise=True)
    def on_next_session_restore_bookmark(self, bookmark: str) -> str:
        """Have the object begin with an earlier state after its next restart.

        Gives the bookmark which undoes that.
        """
        return self._bookmarks.restore_next(bookmark)

    @method(promise=True)
    def transaction(self, closure: Callable[..., Value]) -> Awaitable[Value]:
        """Run an async closure; what is written meanwhile counts only if it does not throw."""
        return self._actor.transaction(
            lambda transaction: settled(closure, DurableObjectTransaction(self._actor, transaction))
        )

    @method
    def transaction_sync(self, closure: Callable[..., Value]) -> Value:
        """Run a closure; what it wrote counts only if it does not throw."""
        return self._storage.transaction_sync(closure)

    @property
    def _bookmarks(self) -> Bookmarks:
        if not self._sqlite:
            raise error(_NO_BOOKMARKS)
        return self._storage.bookmarks


@translating
class DurableObjectTransaction(_Operations):
    """The argument of the closure of a transaction."""

    __slots__ = ("_transaction",)

    def __init__(self, actor: Actor, transaction: Transaction) -> None:
        self._actor = actor
        self._storage = actor.storage
        self._transaction = transaction

    def _check(self, operation: str) -> Storage:
        self._transaction.require_open(operation)
        return self._storage

    @method(promise=True)
    def delete_all(self, options: Annotated[Options, "PutOptions"] = NO_OPTIONS) -> None:
        self._transaction.require_open("deleteAll()")
        self._storage.delete_all()

    @method
    def rollback(self) -> None:
        """Undo what was written since the transaction began."""
        self._transaction.rollback()
