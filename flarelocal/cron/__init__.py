"""Cron Triggers: Cloudflare's expressions, and the schedule that fires them."""

from flarelocal.cron.compilation import MOST_CRONS, compile_schedule
from flarelocal.cron.errors import CronError, ScheduleError
from flarelocal.cron.events import (
    Cause,
    CronFinished,
    CronFired,
    CronHistoryFailed,
    CronMissed,
    MissedRuns,
)
from flarelocal.cron.expression import Expression
from flarelocal.cron.history import SCHEMA, History
from flarelocal.cron.missed import MissedPolicy
from flarelocal.cron.outcome import ScheduledOutcome
from flarelocal.cron.schedule import NextRun, Schedule
from flarelocal.cron.timetable import Span

__all__ = [
    "MOST_CRONS",
    "SCHEMA",
    "Cause",
    "CronError",
    "CronFinished",
    "CronFired",
    "CronHistoryFailed",
    "CronMissed",
    "Expression",
    "History",
    "MissedPolicy",
    "MissedRuns",
    "NextRun",
    "Schedule",
    "ScheduleError",
    "ScheduledOutcome",
    "Span",
    "compile_schedule",
]
