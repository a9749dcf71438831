"""`ctx.storage`: keys and values, transactions, the alarm."""

from __future__ import annotations

import math

from flarelocal.bindings.durable_objects.errors import js_error, translated
from flarelocal.bindings.durable_objects.list_options import list_options
from flarelocal.bindings.durable_objects.sql import SqlStorage
from flarelocal.bindings.durable_objects.sync_kv import SyncKvStorage
from flarelocal.bindings.execution_context import awaitable_of
from flarelocal.durable_objects.actor import Actor
from flarelocal.durable_objects.errors import DurableObjectError
from flarelocal.durable_objects.storage.key_value import KeyValue
from flarelocal.durable_objects.storage.storage import Storage
from flarelocal.durable_objects.storage.transaction import Transaction
from flarelocal.javascript.clone import deserialize, serialize
from flarelocal.javascript.collections import Map
from flarelocal.javascript.date import Date
from flarelocal.javascript.errors import type_error
from flarelocal.javascript.host import HostObject, getter, method
from flarelocal.javascript.numbers import to_number
from flarelocal.javascript.signature import properties_of
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value, null
from flarelocal.pyodide.suspension import Suspendable

__all__ = ["DurableObjectStorage", "DurableObjectTransaction"]

_PUT = (
    "put() may only be called with a single key-value pair and optional options as "
    "put(key, value, options) or with multiple key-value pairs and optional options as "
    "put(entries, options)"
)
_LATEST_MS = 6_911_999_999_999  # 2189


class _Operations(HostObject):
    """What `ctx.storage` and a transaction share. Every operation takes effect at once."""

    __slots__ = ("_actor", "_storage")

    _actor: Actor
    _storage: Storage

    def _check(self, operation: str) -> KeyValue:
        """Raise if the operation is not possible now."""
        return self._storage.kv

    @method(promise=True)
    @translated
    def get(self, key: Value = None, options: Value = None) -> Value:
        kv = self._check("get()")
        if isinstance(key, list):
            found = kv.get_many([to_string(each) for each in key])
            return Map.of((name, deserialize(stored)) for name, stored in found.items())
        stored = kv.get(to_string(key))
        return None if stored is None else deserialize(stored)

    @method(promise=True)
    @translated
    def put(self, key: Value = None, value: Value = None, options: Value = None) -> None:
        kv = self._check("put()")
        if isinstance(key, str):
            if value is None:
                raise type_error("put() called with undefined value.")
            kv.put(key, serialize(value))
            return
        entries = properties_of(key)
        if not entries and not isinstance(key, dict):
            if key is None or entries is None:
                raise type_error(_PUT)
            entries = {}
        assert entries is not None
        kv.put_many({name: serialize(each) for name, each in entries.items() if each is not None})

    @method(promise=True)
    @translated
    def delete(self, key: Value = None, options: Value = None) -> Value:
        kv = self._check("delete()")
        if isinstance(key, list):
            return kv.delete_many([to_string(each) for each in key])
        return kv.delete(to_string(key))

    @method(promise=True)
    @translated
    def list(self, options: Value = None) -> Map:
        found = self._check("list()").list(list_options(options))
        return Map.of((name, deserialize(stored)) for name, stored in found.items())

    @method(promise=True)
    @translated
    def get_alarm(self, options: Value = None) -> Value:
        self._check("getAlarm()")
        when_ms = self._storage.alarm.get()
        return null if when_ms is None else when_ms

    @method(promise=True)
    @translated
    def set_alarm(self, scheduled_time: Value = None, options: Value = None) -> None:
        self._check("setAlarm()")
        self._actor.set_alarm(_moment(scheduled_time))

    @method(promise=True)
    @translated
    def delete_alarm(self, options: Value = None) -> None:
        self._check("deleteAlarm()")
        self._storage.alarm.set(None)


class DurableObjectStorage(_Operations):
    """The storage of one object (Cloudflare docs, "Durable Object Storage").

    Args:
        sqlite: whether the class is declared to use SQLite.
        delete_alarm: whether `deleteAll` takes the alarm as well, by compatibility date.
    """

    __slots__ = ("_delete_alarm", "_kv", "_sql")

    def __init__(self, actor: Actor, *, sqlite: bool, delete_alarm: bool) -> None:
        self._actor = actor
        self._storage = storage = actor.storage
        self._delete_alarm = delete_alarm
        self._sql = SqlStorage(storage.sql if sqlite else None)
        self._kv = SyncKvStorage(storage.kv if sqlite else None)

    @getter
    def sql(self) -> SqlStorage:
        return self._sql

    @getter
    def kv(self) -> SyncKvStorage:
        return self._kv

    @method(promise=True)
    @translated
    def delete_all(self, options: Value = None) -> None:
        self._storage.delete_all(delete_alarm=self._delete_alarm)

    @method(promise=True)
    @translated
    def sync(self) -> None:
        """Everything written so far is durable when the promise is fulfilled."""
        self._storage.flush()

    @method
    async def transaction(self, closure: Value = None) -> Value:
        """Run an async closure; what is written meanwhile counts only if it does not throw."""

        async def run(transaction: Transaction) -> Value:
            result = closure(DurableObjectTransaction(self._actor, transaction))
            awaitable = awaitable_of(result)
            return await awaitable if awaitable is not None else result

        async def suspendable(transaction: Transaction) -> Value:
            return await Suspendable(run(transaction))

        try:
            return await self._actor.transaction(suspendable)
        except DurableObjectError as error:
            raise js_error(error) from None

    @method
    @translated
    def transaction_sync(self, closure: Value = None) -> Value:
        """Run a closure; what it wrote counts only if it does not throw."""
        return self._storage.transaction_sync(closure)


class DurableObjectTransaction(_Operations):
    """The argument of the closure of a transaction."""

    __slots__ = ("_transaction",)

    def __init__(self, actor: Actor, transaction: Transaction) -> None:
        self._actor = actor
        self._storage = actor.storage
        self._transaction = transaction

    def _check(self, operation: str) -> KeyValue:
        self._transaction.require_open(operation)
        return self._storage.kv

    @method(promise=True)
    @translated
    def delete_all(self, options: Value = None) -> None:
        self._transaction.require_open("deleteAll()")
        self._storage.delete_all()

    @method
    @translated
    def rollback(self) -> None:
        """Undo what was written since the transaction began."""
        self._transaction.rollback()


def _moment(value: Value) -> float:
    ms = value.time_ms if isinstance(value, Date) else to_number(value)
    if math.isnan(ms):
        raise type_error("The value cannot be converted because it is not a valid Date.")
    if ms > _LATEST_MS:
        raise type_error("This API doesn't support dates after 2189.")
    return ms
