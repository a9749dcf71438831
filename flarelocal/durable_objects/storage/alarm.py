"""The one alarm of an object, as its database remembers it (workerd: io/actor-sqlite.c++)."""

from __future__ import annotations

from collections.abc import Callable

import apsw

from flarelocal.durable_objects.storage.database import ObjectDatabase
from flarelocal.durable_objects.storage.seed import ALARM_SCHEMA, Seed
from flarelocal.durable_objects.storage.transaction import Transactions

__all__ = ["StoredAlarm"]

_GET = "SELECT value FROM _cf_METADATA WHERE key = 1"
_SET = (
    "INSERT INTO _cf_METADATA VALUES (1, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
)
_NS_PER_MS = 1_000_000


class StoredAlarm:
    """The time of the next alarm, in ms since 1970; part of every transaction.

    While the handler runs the time stays in the database, so that the alarm is not lost should
    the process end; the Worker sees none then unless it sets a new one.

    Args:
        database: where the time is kept.
        transactions: of that database.
        schedule: tells the scheduler the time, or None; what it knows already changes nothing.
            Called before the commit of a time which is earlier than what the scheduler knows,
            else after it: so the scheduler wakes up early at worst, never late.
    """

    def __init__(
        self,
        database: ObjectDatabase,
        transactions: Transactions,
        schedule: Callable[[int | None], None],
    ) -> None:
        self._database = database
        self._transactions = transactions
        self._schedule = schedule
        self._known = False
        self._value: int | None = None
        self._committed: int | None = None
        self._deferred = False
        transactions.join(self)

    @property
    def committed(self) -> int | None:
        """The time which is durable; readable even after the object was reset."""
        self._load()
        return self._committed

    @property
    def pending(self) -> int | None:
        """The time as the present transaction has it, the handler notwithstanding."""
        self._load()
        return self._value

    def announce(self) -> None:
        """Tell the scheduler the time which is durable."""
        self._load()
        self._schedule(self._committed)

    def get(self) -> int | None:
        """The time, or None when no alarm is set or the handler is running for it."""
        self._transactions.require_usable()
        self._load()
        return None if self._deferred else self._value

    def set(self, when_ms: int | None) -> None:
        """Set the time, or take the alarm away."""
        self._transactions.require_usable()
        self._deferred = False
        self._write(when_ms)

    def arm(self, scheduled_ms: int, now_ms: int) -> bool:
        """Called when the scheduler means the alarm is due; tells whether the handler has to run.

        Args:
            scheduled_ms: the time the scheduler knew.
            now_ms: the present time.
        """
        self._load()
        if self._value is None or (self._value != scheduled_ms and self._value > now_ms):
            return False
        self._deferred = True
        return True

    def disarm(self, *, succeeded: bool) -> None:
        """Called when the handler has ended: a success uses the alarm up."""
        if self._deferred:
            self._deferred = False
            if succeeded:
                self._write(None)

    def emptied(self, keep_ms: int | None) -> None:
        """The database was deleted; the alarm is set to `keep_ms` again, or gone."""
        self._value = None
        if keep_ms is None:
            self._deferred = False
            self.after_commit()
        else:
            self._write(keep_ms)

    def write(self) -> None:
        """Have SQLite store the time which `seed` would have."""
        bindings = (self.seed().alarm_ns,)
        try:
            self._database.execute(_SET, bindings)
        except apsw.SQLError:
            self._database.execute(ALARM_SCHEMA)
            self._database.execute(_SET, bindings)

    def seed(self) -> Seed:
        """A database in which there is nothing but the time."""
        return Seed(None if self._value is None else self._value * _NS_PER_MS)

    def before_commit(self) -> None:
        # What makes a seed durable tells the scheduler's own memory in the same moment.
        if self._known and not self._database.untouched and _earlier(self._value, self._committed):
            self.after_commit()

    def after_commit(self) -> None:
        if self._known and self._value != self._committed:
            self._committed = self._value
            self._schedule(self._value)

    def savepoint(self) -> Callable[[], None]:
        self._load()
        value, deferred = self._value, self._deferred

        def restore() -> None:
            self._value, self._deferred = value, deferred

        return restore

    def _load(self) -> None:
        if not self._known:
            self._value = self._committed = self._read()
            self._known = True
            if self._database.exists:
                # A process which died may have left the scheduler with less than the truth.
                self._schedule(self._value)

    def _read(self) -> int | None:
        if not self._database.exists:
            return None
        try:
            rows = self._database.execute(_GET).fetchall()
        except apsw.SQLError:
            return None
        value = rows[0][0] if rows else None
        return None if value is None else int(value) // _NS_PER_MS

    def _write(self, when_ms: int | None) -> None:
        self._load()
        if when_ms == self._value:
            return
        if self._database.untouched:
            self._transactions.write_late(self)
            self._value = when_ms
            return
        if not self._database.exists:
            self._database.connect(ALARM_SCHEMA)
        self._transactions.write()
        self._value = when_ms
        self.write()


def _earlier(one: int | None, other: int | None) -> bool:
    return one is not None and (other is None or one < other)
