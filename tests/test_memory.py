"""Databases in memory are used again, and nobody sees what they had before."""

from __future__ import annotations

import sqlite3

import pytest

from flarelocal.clock import VirtualClock
from flarelocal.database import Database, Statement
from flarelocal.memory import Memory

SCHEMA = (
    """
    CREATE TABLE box (id INTEGER PRIMARY KEY AUTOINCREMENT);
    CREATE TABLE thing (box REFERENCES box);
    """,
)


async def test_the_next_one_is_empty() -> None:
    memory = Memory()
    first = await Database.open(None, SCHEMA, VirtualClock(), memory)
    await first.write(
        [Statement("INSERT INTO box VALUES (7)"), Statement("INSERT INTO thing VALUES (7)")]
    )
    await first.close()
    second = await Database.open(None, SCHEMA, VirtualClock(), memory)
    assert await second.fetch("SELECT * FROM thing") == []
    await second.write([Statement("INSERT INTO box DEFAULT VALUES")])
    assert await second.fetch("SELECT id FROM box") == [(1,)]
    await second.close()
    memory.close()


async def test_two_at_a_time_are_different() -> None:
    memory = Memory()
    first = await Database.open(None, SCHEMA, VirtualClock(), memory)
    second = await Database.open(None, SCHEMA, VirtualClock(), memory)
    await first.write([Statement("INSERT INTO box VALUES (7)")])
    assert await second.fetch("SELECT * FROM box") == []
    await first.close()
    await second.close()
    memory.close()


async def test_whoever_had_it_has_it_no_more() -> None:
    memory = Memory()
    former = await Database.open(None, SCHEMA, VirtualClock(), memory)
    await former.close()
    present = await Database.open(None, SCHEMA, VirtualClock(), memory)
    with pytest.raises(sqlite3.ProgrammingError):
        await former.write([Statement("INSERT INTO box VALUES (7)")])
    assert await present.fetch("SELECT * FROM box") == []
    await present.close()
    memory.close()


async def test_references_hold() -> None:
    database = await Database.open(None, SCHEMA, VirtualClock())
    with pytest.raises(sqlite3.IntegrityError):
        await database.write([Statement("INSERT INTO thing VALUES (7)")])
    await database.close()
