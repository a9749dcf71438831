"""One SQLite file with one writer: statements of many callers share a commit."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiosqlite

from flarelocal.clock import Clock

__all__ = ["CorruptStateError", "Database", "Statement"]


class CorruptStateError(Exception):
    """A file of the state directory is not what this version can read."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One SQL statement and the rows it is run with; no row: it is run once without parameters."""

    sql: str
    rows: Sequence[Sequence[Any]] = ()


class Database:
    """A SQLite file in WAL mode, opened by `Database.open`.

    Writes are atomic per call and durable against the death of the process when they return.
    Calls made while a commit is under way share the next one (group commit).
    """

    def __init__(self, connection: aiosqlite.Connection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock
        self._waiting: list[tuple[Sequence[Statement], asyncio.Future[None]]] = []
        self._committer: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls, path: Path | None, schema: Sequence[str], clock: Clock) -> Database:
        """Open or create the file and bring it to the newest schema.

        Args:
            path: the file, or None for a database in memory.
            schema: SQL scripts; script n brings version n of the file to version n + 1.

        Raises:
            CorruptStateError: the file is no SQLite file, is damaged, or is newer than `schema`.
        """
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        with clock.outside():
            connection = await aiosqlite.connect(
                str(path) if path else ":memory:", isolation_level=None
            )
            try:
                await connection.execute("PRAGMA journal_mode = WAL")
                # WAL with NORMAL loses nothing when the process dies, only when the machine does.
                await connection.execute("PRAGMA synchronous = NORMAL")
                await connection.execute("PRAGMA foreign_keys = ON")
                await _upgrade(connection, schema, path)
            except sqlite3.DatabaseError as error:
                await connection.close()
                raise CorruptStateError(
                    f"{path}: not a readable state file ({error}): "
                    "delete it to start afresh, or restore it from a copy"
                ) from error
            except CorruptStateError:
                await connection.close()
                raise
        return cls(connection, clock)

    async def write(self, statements: Iterable[Statement]) -> None:
        """Run the statements in one transaction; returns when it is committed.

        Raises:
            sqlite3.Error: a statement failed; none of this call's statements took effect.
        """
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((tuple(statements), done))
        if self._committer is None:
            self._committer = asyncio.create_task(self._commit_waiting())
        await done

    async def fetch(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run a query and give its rows; sees every write that has returned."""
        with self._clock.outside():
            rows = await self._connection.execute_fetchall(sql, parameters)
        return [tuple(row) for row in rows]

    async def close(self) -> None:
        """Commit what is waiting, then close the file."""
        while self._committer is not None:
            await self._committer
        with self._clock.outside():
            await self._connection.close()

    async def _commit_waiting(self) -> None:
        try:
            while self._waiting:
                group, self._waiting = self._waiting, []
                with self._clock.outside():
                    await self._commit(group)
        finally:
            self._committer = None

    async def _commit(self, group: list[tuple[Sequence[Statement], asyncio.Future[None]]]) -> None:
        try:
            await self._run([statement for statements, _ in group for statement in statements])
        except Exception as error:
            if len(group) == 1:
                _settle(group[0][1], error)
                return
            # One of the group is at fault: each on its own, so that only that one fails.
            for member in group:
                await self._commit([member])
            return
        for _, done in group:
            _settle(done, None)

    async def _run(self, statements: list[Statement]) -> None:
        await self._connection.execute("BEGIN IMMEDIATE")
        try:
            for statement in statements:
                if statement.rows:
                    await self._connection.executemany(statement.sql, statement.rows)
                else:
                    await self._connection.execute(statement.sql)
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                await self._connection.execute("ROLLBACK")
            raise
        await self._connection.execute("COMMIT")


def _settle(done: asyncio.Future[None], error: Exception | None) -> None:
    if done.done():
        return
    if error is None:
        done.set_result(None)
    else:
        done.set_exception(error)


async def _upgrade(
    connection: aiosqlite.Connection, schema: Sequence[str], path: Path | None
) -> None:
    rows = await connection.execute_fetchall("PRAGMA user_version")
    version = next(iter(rows))[0]
    if version > len(schema):
        raise CorruptStateError(
            f"{path}: written by a newer flarelocal (schema {version}, this one knows "
            f"{len(schema)}): upgrade flarelocal, or delete the file to start afresh"
        )
    for number, script in enumerate(schema[version:], version + 1):
        await connection.executescript(
            f"BEGIN IMMEDIATE; {script}; PRAGMA user_version = {number}; COMMIT"
        )
