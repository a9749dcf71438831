"""One SQLite file with one writer: what many callers ask for shares a commit."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

from flarelocal.checkpoint import Checkpoint
from flarelocal.clock import Clock
from flarelocal.dataclass import dataclass
from flarelocal.memory import CACHED_STATEMENTS, Memory, new_in_memory
from flarelocal.prompt_future import PromptFuture
from flarelocal.schema import CorruptStateError, prepare

__all__ = ["CorruptStateError", "Database", "Single", "Statement"]

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]
Job = tuple[Work[Any], asyncio.Future[Any], bool]
Outcome = tuple[Any, Exception | None]

_ROWS_PER_CHUNK = 64
_TURNS_OF_LEISURE = 4


@dataclass(frozen=True, slots=True)
class Statement:
    """One SQL statement and the rows it is run with; no row: it is run once without parameters."""

    sql: str
    rows: Sequence[Sequence[Any]] = ()


@dataclass(frozen=True, slots=True)
class Single:
    """Work that is one statement, which is a transaction by itself."""

    sql: str
    parameters: Sequence[Any]

    def __call__(self, connection: sqlite3.Connection) -> None:
        connection.execute(self.sql, self.parameters)


class Database:
    """A SQLite file in WAL mode, opened by `Database.open`.

    Writes are atomic per call and durable against the death of the process when they return.
    Everything takes effect in the order of the calls; calls made while a commit is under way
    share the next one (group commit).

    The way to the thread of the file and back takes ten times as long as a small transaction.
    What is known to be quick is therefore done on the spot while that thread has nothing to do.
    A database in memory has no thread: all is quick there.

    Attributes:
        in_memory: whether it is in memory, and so began empty.
    """

    def __init__(
        self,
        connection: _Connection | _InMemory,
        clock: Clock,
        checkpoint: Checkpoint | None = None,
    ) -> None:
        self._connection = connection
        self._checkpoint = checkpoint
        self.in_memory = isinstance(connection, _InMemory)
        self._clock = clock
        self._waiting: list[Job] = []
        self._soon = False
        self._committer: asyncio.Task[None] | None = None
        self._closed = False

    @classmethod
    async def open(
        cls,
        path: Path | None,
        schema: Sequence[str],
        clock: Clock,
        memory: Memory | None = None,
    ) -> Database:
        """Open or create the file and bring it to the newest schema.

        Args:
            path: the file, or None for a database in memory.
            schema: SQL scripts; script n brings version n of the file to version n + 1.
            memory: where a database in memory is from, and goes when it is closed.

        Raises:
            CorruptStateError: the file is no SQLite file, is damaged, or is newer than `schema`.
        """
        if path is None:
            return cls(_InMemory(schema, memory), clock)
        path.parent.mkdir(parents=True, exist_ok=True)
        with clock.outside():
            connection = _Connection(
                partial(
                    sqlite3.connect,
                    str(path),
                    isolation_level=None,
                    check_same_thread=False,
                    cached_statements=CACHED_STATEMENTS,
                ),
                iter_chunk_size=_ROWS_PER_CHUNK,
            )
            try:
                await connection
                await connection.run(partial(prepare, schema, path))
            except sqlite3.DatabaseError as error:
                await connection.close()
                raise CorruptStateError(
                    f"{path}: not a readable state file ({error}): "
                    "delete it to start afresh, or restore it from a copy"
                ) from error
            except CorruptStateError:
                await connection.close()
                raise
        return cls(connection, clock, Checkpoint(path, connection.here))

    def transact(self, work: Work[T], *, quick: bool = False) -> asyncio.Future[T]:
        """Have `work` done by the thread of the file; the future has its result once committed.

        `work` runs in a transaction that it must neither end nor leave, sees all that was asked
        for before, and may be run a second time if another one of its group failed.
        The future has the exception if `work` raises one; then nothing of it took effect.

        Args:
            quick: `work` takes microseconds, so that it may be done on the spot.
        """
        done: PromptFuture[T] = PromptFuture(loop=asyncio.get_running_loop())
        if (quick or self.in_memory) and self._idle:
            result, error = _commit_alone(work, self._connection.here)
            if error is None:
                done.set_result(result)
            else:
                done.set_exception(error)
            self._committed()
        else:
            self._enqueue((work, done, quick or self.in_memory))
        return done

    def share(self, work: Work[T], *, soon: bool = True) -> asyncio.Future[T]:
        """Have quick `work` done in one commit with all that this turn of the event loop wants.

        Args:
            soon: somebody waits for it; else the next turns may have something to add, and those
                whom the present one has woken go first.
        """
        if self.in_memory:
            # A commit is cheaper there than a turn of the event loop.
            return self.transact(work)
        done: PromptFuture[T] = PromptFuture(loop=asyncio.get_running_loop())
        self._enqueue((work, done, True), soon=soon)
        return done

    def read(self, work: Work[T]) -> asyncio.Future[T]:
        """Have `work` done that only reads, and quickly; it sees all that was asked for before.

        The future has the exception if `work` raises one.
        """
        if not self._idle:
            return self.transact(work)
        done: PromptFuture[T] = PromptFuture(loop=asyncio.get_running_loop())
        try:
            done.set_result(work(self._connection.here))
        except Exception as error:
            done.set_exception(error)
        return done

    async def write(self, statements: Iterable[Statement]) -> None:
        """Run the statements in one transaction; returns when it is committed.

        Raises:
            sqlite3.Error: a statement failed; none of this call's statements took effect.
        """
        await self.transact(partial(_execute, tuple(statements)))

    async def fetch(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run a query and give its rows; sees every write that was called before.

        Raises:
            sqlite3.Error: the query failed.
        """
        return await self.transact(partial(_fetch, sql, parameters))

    async def written(self) -> None:
        """Return when everything that was asked for before is on disk.

        Raises:
            sqlite3.Error: the file was closed meanwhile.
        """
        if not self._idle:
            await self.transact(lambda connection: None)

    async def close(self) -> None:
        """Commit what is waiting, then close the file."""
        while self._committer is not None:
            await self._committer
        self._closed = True
        if self.in_memory:
            await self._connection.close()
            return
        with self._clock.outside():
            if self._checkpoint is not None:
                await self._checkpoint.close()
            await self._connection.close()

    def _committed(self) -> None:
        if self._checkpoint is not None:
            self._checkpoint.committed()

    @property
    def _idle(self) -> bool:
        committing = self._waiting if self.in_memory else self._committer
        return not committing and not self._closed

    def _enqueue(self, job: Job, *, soon: bool = True) -> None:
        self._waiting.append(job)
        self._soon = self._soon or soon
        if self._committer is None:
            # Not by the loop's factory, which may make a task of a Worker.
            self._committer = asyncio.Task(
                self._commit_waiting(),
                loop=asyncio.get_running_loop(),
                context=contextvars.Context(),
            )

    async def _commit_waiting(self) -> None:
        try:
            while self._waiting:
                for _ in range(_TURNS_OF_LEISURE):
                    if self._soon:
                        break
                    await asyncio.sleep(0)
                group, self._waiting, self._soon = self._waiting, [], False
                try:
                    if not self._closed and all(quick for _, _, quick in group):
                        outcomes = _commit(group, self._connection.here)
                    else:
                        with self._clock.outside():
                            outcomes = await self._connection.run(partial(_commit, group))
                except sqlite3.Error as closed:
                    outcomes = [(None, closed)] * len(group)
                for (_, done, _), outcome in zip(group, outcomes, strict=True):
                    _settle(done, *outcome)
                self._committed()
                # Whoever was woken by this commit may have something for the next one.
                await asyncio.sleep(0)
        finally:
            self._committer = None


class _Connection(aiosqlite.Connection):
    """A connection that is left to its thread once per group instead of once per statement."""

    async def run(self, work: Work[T]) -> T:
        try:
            execute: Any = self._execute
            result: T = await execute(lambda: work(self._conn))
        except ValueError as error:
            raise sqlite3.ProgrammingError("the state file is closed") from error
        return result

    @property
    def here(self) -> sqlite3.Connection:
        """The connection, for the thread of the caller while this one's own has nothing to do."""
        return self._conn


class _InMemory:
    """A database in memory; used by the thread of the caller."""

    def __init__(self, schema: Sequence[str], memory: Memory | None) -> None:
        self._schema = schema
        self._memory = memory
        self.here = memory.take(schema) if memory else new_in_memory(schema)

    async def run(self, work: Work[T]) -> T:
        return work(self.here)

    async def close(self) -> None:
        taken, self.here = self.here, _closed()
        if self._memory:
            self._memory.give_back(self._schema, taken)
        else:
            taken.close()


@functools.cache
def _closed() -> sqlite3.Connection:
    """What refuses everything."""
    connection = sqlite3.connect(":memory:")
    connection.close()
    return connection


def _settle(done: asyncio.Future[Any], result: Any, error: Exception | None) -> None:
    if done.done():
        return
    if error is None:
        done.set_result(result)
    else:
        done.set_exception(error)


def _commit(group: Sequence[Job], connection: sqlite3.Connection) -> list[Outcome]:
    if len(group) == 1:
        return [_commit_alone(group[0][0], connection)]
    try:
        connection.execute("BEGIN IMMEDIATE")
        results = [work(connection) for work, _, _ in group]
        connection.execute("COMMIT")
    except Exception:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        # One of the group is at fault: each on its own, so that only that one fails.
        return [_commit_alone(work, connection) for work, _, _ in group]
    return [(result, None) for result in results]


def _commit_alone(work: Work[Any], connection: sqlite3.Connection) -> Outcome:
    try:
        if isinstance(work, Single):
            return work(connection), None
        connection.execute("BEGIN IMMEDIATE")
        result = work(connection)
        connection.execute("COMMIT")
    except Exception as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        return None, error
    return result, None


def _execute(statements: Sequence[Statement], connection: sqlite3.Connection) -> None:
    for statement in statements:
        if statement.rows:
            connection.executemany(statement.sql, statement.rows)
        else:
            connection.execute(statement.sql)


def _fetch(
    sql: str, parameters: Sequence[Any], connection: sqlite3.Connection
) -> list[tuple[Any, ...]]:
    return connection.execute(sql, parameters).fetchall()
