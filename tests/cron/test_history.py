"""The last runs, remembered over restarts."""

from __future__ import annotations

from pathlib import Path

from flarelocal.clock import VirtualClock
from flarelocal.cron import SCHEMA, CronHistoryFailed, History
from flarelocal.database import Database, Statement
from flarelocal.journal import Journal


async def test_what_was_recorded_is_there_after_a_restart(tmp_path: Path) -> None:
    clock = VirtualClock()
    for expected in ({}, {"* * * * *": 2}):
        database = await Database.open(tmp_path / "cron.sqlite", SCHEMA, clock)
        history = History(database, "worker", Journal(clock))
        assert await history.load() == expected
        history.record("* * * * *", 1)
        history.record("* * * * *", 2)
        await history.flush()
        await database.close()


async def test_a_failure_is_told_and_made_good_with_the_next_run() -> None:
    clock = VirtualClock()
    journal = Journal(clock)
    database = await Database.open(None, SCHEMA, clock)
    history = History(database, "worker", journal)
    await database.write([Statement("ALTER TABLE cron_history RENAME TO lost")])
    history.record("0 * * * *", 1)
    await history.flush()
    (entry,) = journal
    assert entry.event == CronHistoryFailed("worker", "no such table: cron_history")
    await database.write([Statement("ALTER TABLE lost RENAME TO cron_history")])
    history.record("* * * * *", 2)
    await history.flush()
    assert await history.load() == {"0 * * * *": 1, "* * * * *": 2}
    await database.close()
