"""Writes of one turn of the event loop are one transaction; the Worker can open more within."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Protocol, TypeVar

import apsw

from flarelocal.durable_objects.errors import DurableObjectError
from flarelocal.durable_objects.storage.database import ObjectDatabase
from flarelocal.durable_objects.storage.refusal import explain
from flarelocal.durable_objects.storage.seed import Seed

__all__ = ["Late", "Participant", "Transaction", "Transactions"]

T = TypeVar("T")

_CRITICAL = (apsw.FullError, apsw.IOError, apsw.NoMemError, apsw.InterruptError)


class Participant(Protocol):
    """What remembers something about the database and has to follow its transactions."""

    def before_commit(self) -> None:
        """All writes are about to become durable."""

    def after_commit(self) -> None:
        """All writes are durable."""

    def savepoint(self) -> Callable[[], None]:
        """The function which undoes what is remembered from now on."""


class Late(Protocol):
    """What is written when all else is, or makes the database if there is nothing else."""

    def write(self) -> None:
        """Write it."""

    def seed(self) -> Seed:
        """A database that has nothing else."""


class Transactions:
    """The transactions of one database.

    The first write opens the implicit one; it is committed when the turn of the event loop is
    over, or sooner by `flush`. `begin` opens an explicit one, which may span turns and be nested.

    Args:
        database: where the writes go.
        defer: calls a function when the present turn of the event loop is over.
        broken: called when writes are lost for good and the object has to be reset.

    Attributes:
        open: whether writes are waiting to be committed.
        usable: False when the object was reset or evicted.
        autocommit: whether a statement which gives no rows may be a transaction of its own, where
            there is no other: SQLite begins and ends that in half of the time.
    """

    def __init__(
        self,
        database: ObjectDatabase,
        defer: Callable[[Callable[[], None]], object],
        broken: Callable[[DurableObjectError], None],
    ) -> None:
        self._database = database
        self._defer = defer
        self._broken = broken
        self.open = False
        self.usable = True
        self.autocommit = False
        self._participants: tuple[Participant, ...] = ()
        self._innermost: Transaction | None = None
        self._sync_depth = 0
        self._deferred = False
        self._late: Late | None = None
        self._closed: DurableObjectError | None = None
        self._unconfirmed: deque[tuple[Callable[[], None], Callable[[], object]]] | None = None

    def join(self, participant: Participant) -> None:
        """Let the participant follow the transactions from now on."""
        self._participants += (participant,)

    @property
    def nested(self) -> bool:
        """Whether a transaction which the Worker asked for is open."""
        return self._innermost is not None or self._sync_depth > 0

    def require_usable(self) -> None:
        """Raise if the object was reset or evicted."""
        if self._closed is not None:
            raise self._closed

    def write(self) -> None:
        """Called before each write: open the implicit transaction if there is none."""
        if not self.open:
            self.require_usable()
            self._database.connect()
            self._database.touch()
            self._database.execute("BEGIN")
            self.open = True
            self._commit_later()
            late, self._late = self._late, None
            if late is not None:
                late.write()

    def write_late(self, late: Late) -> None:
        """Open the implicit transaction of a database which is untouched; see `Late`."""
        self.require_usable()
        self._late = late
        self._commit_later()

    def _commit_later(self) -> None:
        if not self._deferred:
            self._deferred = True
            self._defer(self._turn_over)

    def flush(self) -> None:
        """Commit the implicit transaction, if there is one.

        Raises:
            DurableObjectError: the commit failed, or the object was reset or evicted before.
        """
        if self._closed is not None:
            raise self._closed
        if self._late is not None and not self._database.untouched:
            self.write()
        if self.open and self._innermost is None:
            self._commit(lambda: self._run("COMMIT"))
        elif self._late is not None:
            self._commit(self._plant)

    @property
    def unconfirmed(self) -> bool:
        """Whether the implicit transaction has writes which are not committed."""
        return (self.open or self._late is not None) and self._innermost is None

    def confirmed(
        self, write: Callable[[], None], lost: Callable[[], object] = lambda: None
    ) -> None:
        """Call `write` when the implicit transaction is committed, or `lost` if that fails."""
        if self._closed is not None:
            lost()
        elif self._unconfirmed or self.unconfirmed:
            if self._unconfirmed is None:
                self._unconfirmed = deque()
            self._unconfirmed.append((write, lost))
        else:
            write()

    def begin(self) -> Transaction:
        """Open an explicit transaction, within the present one if there is one.

        What was written before in the same turn is committed first.
        """
        self.require_usable()
        self.flush()
        self._database.connect()
        transaction = Transaction(self, self._innermost, self._savepoint())
        self._database.execute(f"SAVEPOINT {transaction.label}")
        self.open = True
        self._innermost = transaction
        return transaction

    def sync(self, callback: Callable[[], T]) -> T:
        """Run the callback; what it wrote is undone if it raises.

        Raises:
            DurableObjectError: SQLite itself has rolled everything back.
        """
        self.write()
        label = f"_cf_sync_savepoint_{self._sync_depth}"
        undo = self._savepoint()
        self._database.execute(f"SAVEPOINT {label}")
        self._sync_depth += 1
        try:
            result = callback()
            if self._closed is not None:
                raise DurableObjectError(
                    "Cannot commit transaction due to an earlier SQL critical error"
                )
        except BaseException:
            if self._closed is None:
                self._undo(label, undo)
            raise
        finally:
            self._sync_depth -= 1
        self._database.execute(f"RELEASE {label}")
        return result

    def failed(self, error: apsw.Error, message: str) -> None:
        """Called for each error of SQLite: some of them end the whole transaction.

        Args:
            error: what SQLite reported.
            message: its text for the Worker.
        """
        if isinstance(error, _CRITICAL) and self.open and not self._database.in_transaction:
            self._break(DurableObjectError(message))

    def discard(self) -> None:
        """Undo the implicit transaction."""
        if self.unconfirmed:
            if self.open:
                self._database.execute("ROLLBACK")
            self.open, self._late = False, None
            self._confirm()

    def close(self, reason: DurableObjectError) -> None:
        """Undo what is not committed; from now on every operation raises `reason`."""
        if self._closed is None:
            self._closed = reason
            self.open = self.usable = False
            self._late = None
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
            while self._unconfirmed:
                _, lost = self._unconfirmed.popleft()
                lost()

    def release(self, transaction: Transaction) -> None:
        """Commit an explicit transaction; the outermost one becomes durable."""
        self.require_usable()
        if transaction.parent is None:
            self._innermost = None
            self._commit(lambda: self._run(f"RELEASE {transaction.label}"))
        else:
            self._database.execute(f"RELEASE {transaction.label}")
            self._innermost = transaction.parent

    def undo(self, transaction: Transaction) -> None:
        """Roll an explicit transaction back."""
        if self._closed is not None:
            return
        if self._innermost is not transaction:
            raise DurableObjectError(
                "Cannot roll back an outer transaction while a nested transaction is still running."
            )
        self._undo(transaction.label, transaction.restore)
        self._innermost = transaction.parent
        self.open = self._innermost is not None

    def _turn_over(self) -> None:
        self._deferred = False
        if self._closed is None:
            try:
                self.flush()
            except DurableObjectError:
                # Whoever waits for the writes hears of it by the reset of the object.
                return

    def _run(self, statement: str) -> None:
        self._database.execute(statement)
        self._database.committed()

    def _plant(self) -> None:
        late, self._late = self._late, None
        assert late is not None
        self._database.plant(late.seed())

    def _commit(self, make_durable: Callable[[], None]) -> None:
        self.require_usable()
        for participant in self._participants:
            participant.before_commit()
        try:
            make_durable()
        except apsw.ConstraintError as error:
            raise self._break(
                DurableObjectError(
                    "Durable Object was reset and rolled back to its last known good state because "
                    "the application left the database in a state where constraints were violated: "
                    f"{explain(error)}"
                )
            ) from error
        except (apsw.Error, OSError) as error:
            raise self._break(DurableObjectError(f"internal error; {error}")) from error
        self.open = False
        for participant in self._participants:
            participant.after_commit()
        self._confirm()

    def _confirm(self) -> None:
        while self._unconfirmed:
            write, _ = self._unconfirmed.popleft()
            write()

    def _savepoint(self) -> Callable[[], None]:
        undo = [participant.savepoint() for participant in self._participants]

        def restore() -> None:
            for function in undo:
                function()

        return restore

    def _undo(self, label: str, restore: Callable[[], None]) -> None:
        self._database.execute(f"ROLLBACK TO {label}")
        self._database.execute(f"RELEASE {label}")
        restore()

    def _break(self, error: DurableObjectError) -> DurableObjectError:
        self.close(error)
        self._broken(error)
        return error


class Transaction:
    """One explicit transaction, opened by `Transactions.begin`."""

    def __init__(
        self,
        transactions: Transactions,
        parent: Transaction | None,
        restore: Callable[[], None],
    ) -> None:
        self.parent = parent
        self.restore = restore
        self.depth: int = parent.depth + 1 if parent else 0
        self.label = f"_cf_savepoint_{self.depth}"
        self._transactions = transactions
        self._rolled_back = False
        self._over = False

    def require_open(self, operation: str) -> None:
        """Raise if `operation`, such as "get()", comes after the end of the transaction."""
        if self._rolled_back:
            raise DurableObjectError(f"Cannot {operation} on rolled back transaction")
        if self._over:
            raise DurableObjectError(
                f"Cannot call {operation} on transaction that has already committed: "
                "did you move `txn` outside of the closure?"
            )

    def rollback(self) -> None:
        """Undo all writes since the beginning; doing it again has no effect.

        Raises:
            DurableObjectError: it was committed, or a transaction within is still open.
        """
        if not self._rolled_back:
            self.require_open("rollback()")
            self._transactions.undo(self)
            self._rolled_back = self._over = True

    def commit(self) -> None:
        """End the transaction; without effect if it was rolled back."""
        if not self._over:
            self._transactions.release(self)
            self._over = True
