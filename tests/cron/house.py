"""A schedule on a virtual clock, whose Worker writes down what it was called with."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from flarelocal.clock import VirtualClock
from flarelocal.cron import (
    SCHEMA,
    History,
    MissedPolicy,
    Schedule,
    ScheduledOutcome,
    compile_schedule,
)
from flarelocal.database import Database
from flarelocal.journal import Event, Journal

NOON = 1_795_262_400_000
"""Saturday, 2026-11-21T12:00:00Z"""
MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class SleepyClock(VirtualClock):
    """A clock of a machine that can sleep, and whose owner may set it."""

    def set_back(self, now_ms: int) -> None:
        self._now = now_ms

    async def sleep_through(self, delta_ms: int) -> None:
        """Let time pass while nothing fires, then wake up."""
        self._now += delta_ms
        await self.advance(0)


class House:
    """All that surrounds a schedule; `calls` are the crons and times it was dispatched with."""

    def __init__(self, state: Path) -> None:
        self.clock = SleepyClock(NOON)
        self.journal = Journal(self.clock)
        self.calls: list[tuple[str, int]] = []
        self.handler: Callable[[str, int], Awaitable[ScheduledOutcome]] = self._succeed
        self._state = state
        self._database: Database | None = None
        self._schedules: list[Schedule] = []

    def schedule(self, *crons: str) -> Schedule:
        """A schedule that forgets everything when it ends."""
        return self._schedule(crons, None, MissedPolicy.SKIP)

    async def started(
        self, *crons: str, missed: MissedPolicy = MissedPolicy.SKIP, worker: str = "worker"
    ) -> Schedule:
        """A schedule with a history in a file, as the process begins it."""
        if self._database is None:
            self._database = await Database.open(self._state, SCHEMA, self.clock)
        history = History(self._database, worker, self.journal)
        schedule = self._schedule(crons, history, missed)
        await schedule.start()
        return schedule

    async def shut_down(self) -> None:
        """End the process, giving what is in flight an hour."""
        for schedule in self._schedules:
            stopping = asyncio.create_task(schedule.stop())
            await self.clock.idle()
            if not stopping.done():
                await self.clock.advance(HOUR)
            await stopping
        if self._database is not None:
            await self._database.close()
        self._schedules.clear()
        self._database = None

    def events(self, kind: type[Event]) -> list[Any]:
        return [entry.event for entry in self.journal if isinstance(entry.event, kind)]

    def times(self, cron: str | None = None) -> list[int]:
        """The times of the calls, in minutes from noon."""
        return [(at - NOON) // MINUTE for text, at in self.calls if cron in (None, text)]

    def _schedule(
        self, crons: tuple[str, ...], history: History | None, missed: MissedPolicy
    ) -> Schedule:
        schedule = Schedule(
            compile_schedule(crons),
            self._dispatch,
            worker="worker",
            clock=self.clock,
            journal=self.journal,
            history=history,
            missed=missed,
        )
        self._schedules.append(schedule)
        return schedule

    async def _dispatch(self, cron: str, scheduled_time: int) -> ScheduledOutcome:
        self.calls.append((cron, scheduled_time))
        return await self.handler(cron, scheduled_time)

    async def _succeed(self, cron: str, scheduled_time: int) -> ScheduledOutcome:
        return ScheduledOutcome()
