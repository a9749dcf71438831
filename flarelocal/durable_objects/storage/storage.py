"""All that one object stores."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flarelocal.durable_objects.errors import DurableObjectError
from flarelocal.durable_objects.limits import Limits
from flarelocal.durable_objects.storage.alarm import StoredAlarm
from flarelocal.durable_objects.storage.bookmarks import Bookmarks
from flarelocal.durable_objects.storage.database import ObjectDatabase
from flarelocal.durable_objects.storage.key_value import KeyValue
from flarelocal.durable_objects.storage.sql import Sql
from flarelocal.durable_objects.storage.transaction import Transaction, Transactions

__all__ = ["Storage"]

T = TypeVar("T")


class Storage:
    """The storage of one object during one life of it.

    All operations are synchronous and take effect at once. What was written becomes durable
    together when the turn of the event loop is over, or by `flush`; whatever leaves the object
    has to wait for that.

    Args:
        database: the file, which outlives this.
        limits: of keys and values.
        now: the time in ms.
        defer: calls a function when the present turn of the event loop is over.
        schedule: tells the time of the alarm to whoever wakes the object.
        broken: called when writes were lost and the object has to be reset.
    """

    def __init__(
        self,
        database: ObjectDatabase,
        limits: Limits,
        *,
        now: Callable[[], int],
        defer: Callable[[Callable[[], None]], object],
        schedule: Callable[[int | None], None],
        broken: Callable[[DurableObjectError], None],
    ) -> None:
        self._database = database
        self._limits = limits
        self._now = now
        self._schedule = schedule
        self._transactions = Transactions(database, defer, broken)
        self._kv: KeyValue | None = None
        self._sql: Sql | None = None
        self._alarm: StoredAlarm | None = None
        self._bookmarks: Bookmarks | None = None

    @property
    def kv(self) -> KeyValue:
        """The keys and their values."""
        if self._kv is None:
            self._kv = KeyValue(self._database, self._transactions, self._limits)
        return self._kv

    @property
    def sql(self) -> Sql:
        """The SQL database."""
        if self._sql is None:
            self._sql = Sql(self._database, self._transactions)
        return self._sql

    @property
    def alarm(self) -> StoredAlarm:
        """The time of the alarm."""
        if self._alarm is None:
            self._alarm = StoredAlarm(self._database, self._transactions, self._schedule)
        return self._alarm

    @property
    def bookmarks(self) -> Bookmarks:
        """The earlier states."""
        if self._bookmarks is None:
            self._bookmarks = Bookmarks(self._database, self._transactions, self._now)
        return self._bookmarks

    @property
    def restoring(self) -> bool:
        """Whether the next session begins at a bookmark."""
        return self._bookmarks is not None and self._bookmarks.restoring

    def flush(self) -> None:
        """Make durable what was written so far; this is the output gate.

        Raises:
            DurableObjectError: that failed, and the object has been reset.
        """
        self._transactions.flush()

    @property
    def unconfirmed(self) -> bool:
        """Whether anything was written, outside of a transaction, that is not durable yet."""
        return self._transactions.unconfirmed

    def confirmed(
        self, write: Callable[[], None], lost: Callable[[], object] = lambda: None
    ) -> None:
        """Call `write` when all that was written so far is durable, or `lost` if it gets lost."""
        self._transactions.confirmed(write, lost)

    def begin(self) -> Transaction:
        """Open a transaction which lasts until its `commit` or `rollback`.

        Every write of the object meanwhile belongs to it.
        """
        self._attend()
        return self._transactions.begin()

    def transaction_sync(self, callback: Callable[[], T]) -> T:
        """Run the callback; what it wrote is undone if it raises."""
        self._attend()
        return self._transactions.sync(callback)

    def delete_all(self, *, delete_alarm: bool = True) -> int:
        """Delete all keys and tables; tells how many keys there were.

        Args:
            delete_alarm: the alarm as well (compatibility flag `delete_all_deletes_alarm`).

        Raises:
            DurableObjectError: a transaction is open.
        """
        self._transactions.require_usable()
        if self._transactions.nested:
            raise DurableObjectError("Cannot call deleteAll() within a transaction")
        count = self.kv.count()
        alarm = self.alarm.pending
        self._transactions.discard()
        self._database.delete()
        self.alarm.emptied(None if delete_alarm else alarm)
        return count

    def close(self, reason: DurableObjectError) -> None:
        """Undo what is not durable; from now on every operation raises `reason`."""
        self._transactions.close(reason)

    def _attend(self) -> tuple[Sql, StoredAlarm]:
        """Have all follow a transaction: what joins later is not undone with it."""
        return self.sql, self.alarm
