"""The log of a state file goes into the file while others write."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from flarelocal.checkpoint import Checkpoint

COMMITS = 512
TEXT = b"a line that is easy to find"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state of #1.sqlite"


@pytest.fixture
def writer(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE line (text TEXT)")
        yield connection


def commit(writer: sqlite3.Connection, checkpoint: Checkpoint, times: int) -> None:
    async def commit_each() -> None:
        for _ in range(times):
            writer.execute("INSERT INTO line VALUES (?)", (TEXT.decode(),))
            checkpoint.committed()
        await checkpoint.close()

    asyncio.run(commit_each())


def test_after_many_commits_the_file_has_them_without_its_log(
    path: Path, writer: sqlite3.Connection
) -> None:
    checkpoint = Checkpoint(path, writer)
    commit(writer, checkpoint, COMMITS - 1)
    assert TEXT not in path.read_bytes()
    commit(writer, checkpoint, 1)
    assert TEXT in path.read_bytes()


def test_a_file_that_somebody_deleted_is_not_made_anew(
    path: Path, writer: sqlite3.Connection
) -> None:
    path.unlink()
    commit(writer, Checkpoint(path, writer), COMMITS)
    assert not path.exists()


def test_the_log_stays_short_while_somebody_writes_without_a_pause(
    path: Path, writer: sqlite3.Connection
) -> None:
    Checkpoint(path, writer)
    for _ in range(60):
        writer.execute("INSERT INTO line VALUES (zeroblob(1000000))")
        writer.execute("DELETE FROM line WHERE length(text) > 1000")
    assert path.with_name(f"{path.name}-wal").stat().st_size < 50_000_000
