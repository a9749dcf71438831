"""The state file: atomic, durable, in order."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from flarelocal.clock import VirtualClock
from flarelocal.database import CorruptStateError, Database, Statement

SCHEMA = ["CREATE TABLE fruit (name TEXT PRIMARY KEY) STRICT"]
ADD = "INSERT INTO fruit VALUES (?)"
ALL = "SELECT name FROM fruit ORDER BY rowid"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "fruit.sqlite"


@pytest.fixture
async def database(path: Path) -> AsyncIterator[Database]:
    database = await Database.open(path, SCHEMA, VirtualClock())
    yield database
    await database.close()


async def test_what_was_written_is_there_after_reopening(path: Path) -> None:
    first = await Database.open(path, SCHEMA, VirtualClock())
    await first.write([Statement(ADD, [("apple",), ("pear",)])])
    await first.close()
    second = await Database.open(path, SCHEMA, VirtualClock())
    assert await second.fetch(ALL) == [("apple",), ("pear",)]
    await second.close()


async def test_a_failing_write_takes_no_part_of_itself_and_none_of_its_neighbours(
    database: Database,
) -> None:
    outcomes = await asyncio.gather(
        database.write([Statement(ADD, [("apple",)])]),
        database.write([Statement(ADD, [("pear",)]), Statement(ADD, [("apple",)])]),
        database.write([Statement(ADD, [("plum",)])]),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes] == [
        type(None),
        sqlite3.IntegrityError,
        type(None),
    ]
    assert await database.fetch(ALL) == [("apple",), ("plum",)]


async def test_everything_takes_effect_in_the_order_of_the_calls(database: Database) -> None:
    _, before, _, after = await asyncio.gather(
        database.write([Statement(ADD, [("apple",)])]),
        database.fetch(ALL),
        database.write([Statement(ADD, [("pear",)])]),
        database.fetch(ALL),
    )
    assert (before, after) == ([("apple",)], [("apple",), ("pear",)])


def add(name: str, connection: sqlite3.Connection) -> None:
    connection.execute(ADD, (name,))


def names(connection: sqlite3.Connection) -> list[str]:
    return [name for (name,) in connection.execute(ALL)]


async def test_quick_work_is_done_on_the_spot(path: Path, database: Database) -> None:
    assert database.transact(partial(add, "apple"), quick=True).done()
    assert database.read(names).result() == ["apple"]
    with closing(sqlite3.connect(path)) as other:
        assert names(other) == ["apple"]


async def test_quick_work_waits_for_what_was_asked_for_before(database: Database) -> None:
    slow = database.transact(partial(add, "apple"))
    quick = database.transact(partial(add, "pear"), quick=True)
    seen = database.read(names)
    assert not quick.done()
    await asyncio.gather(slow, quick)
    assert await seen == ["apple", "pear"]


async def test_quick_work_that_fails_leaves_no_trace(database: Database) -> None:
    def work(connection: sqlite3.Connection) -> None:
        add("apple", connection)
        raise LookupError("no pears")

    with pytest.raises(LookupError, match="no pears"):
        await database.transact(work, quick=True)
    with pytest.raises(sqlite3.OperationalError):
        await database.read(lambda connection: connection.execute("SELECT * FROM vegetable"))
    assert await database.read(names) == []


async def test_work_of_several_steps_gives_its_result(database: Database) -> None:
    def work(connection: sqlite3.Connection) -> int:
        connection.execute(ADD, ("apple",))
        return int(connection.execute("SELECT count(*) FROM fruit").fetchone()[0])

    assert await database.transact(work) == 1


async def test_a_closed_file_refuses_work(path: Path) -> None:
    database = await Database.open(path, SCHEMA, VirtualClock())
    await database.close()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        await database.fetch(ALL)
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        await database.read(names)


async def test_closing_commits_what_is_waiting(path: Path) -> None:
    database = await Database.open(path, SCHEMA, VirtualClock())
    write = asyncio.ensure_future(database.write([Statement(ADD, [("apple",)])]))
    await asyncio.sleep(0)
    await database.close()
    await write
    reopened = await Database.open(path, SCHEMA, VirtualClock())
    assert await reopened.fetch(ALL) == [("apple",)]
    await reopened.close()


async def test_an_older_file_is_brought_to_the_newest_schema(path: Path) -> None:
    await (await Database.open(path, SCHEMA, VirtualClock())).close()
    newer = [*SCHEMA, "ALTER TABLE fruit ADD COLUMN colour TEXT"]
    database = await Database.open(path, newer, VirtualClock())
    assert await database.fetch("SELECT colour FROM fruit") == []
    await database.close()


async def test_a_file_of_a_newer_version_is_refused(path: Path) -> None:
    await (await Database.open(path, SCHEMA, VirtualClock())).close()
    with pytest.raises(CorruptStateError, match="upgrade flarelocal"):
        await Database.open(path, [], VirtualClock())


@pytest.fixture
def scribbled(tmp_path: Path) -> Path:
    path = tmp_path / "fruit.sqlite"
    path.write_bytes(b"this is a text file, whatever its name says" * 100)
    return path


async def test_a_file_that_is_no_database_is_refused(scribbled: Path) -> None:
    with pytest.raises(CorruptStateError, match="delete it to start afresh"):
        await Database.open(scribbled, SCHEMA, VirtualClock())


async def test_a_database_without_a_file_lives_in_memory() -> None:
    database = await Database.open(None, SCHEMA, VirtualClock())
    await database.write([Statement(ADD, [("apple",)])])
    assert await database.fetch(ALL) == [("apple",)]
    await database.close()
