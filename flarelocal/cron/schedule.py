"""Crons that fire."""

from __future__ import annotations

import asyncio
import contextvars
import heapq
import itertools
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from typing import Any, TypeVar

from flarelocal.clock import Clock, Order, Timer
from flarelocal.cron.events import Cause, CronFinished, CronFired, CronMissed, MissedRuns
from flarelocal.cron.expression import Expression
from flarelocal.cron.history import History
from flarelocal.cron.missed import MissedPolicy
from flarelocal.cron.outcome import ScheduledOutcome
from flarelocal.cron.timetable import MINUTE_MS, Span
from flarelocal.cron.watched import WatchedCron
from flarelocal.dataclass import dataclass
from flarelocal.journal import Journal

__all__ = ["NextRun", "Schedule"]

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class NextRun:
    """When a cron fires next, ms since 1970; None if never."""

    cron: str
    at: int | None


class Schedule:
    """Calls the Worker at the minute boundaries that its crons name, in UTC.

    Each cron has an invocation of its own; they run concurrently, even those of one cron. A run
    that is less than a minute late still happens; what is later was missed.

    Args:
        expressions: the crons of the Worker.
        dispatch: calls `scheduled` with the text of the cron and the scheduled time (the
            boundary, ms since 1970), and waits for all that the handler gave to `waitUntil`.
        worker: the name of the Worker, for the journal.
        history: remembers the last runs over restarts; without it, only what a sleep of the
            machine made late is known to be missed.
        missed: what becomes of missed runs.
    """

    def __init__(
        self,
        expressions: Iterable[Expression],
        dispatch: Callable[[str, int], Awaitable[ScheduledOutcome]],
        *,
        worker: str,
        clock: Clock,
        journal: Journal,
        history: History | None = None,
        missed: MissedPolicy = MissedPolicy.SKIP,
    ) -> None:
        self._expressions = tuple(expressions)
        self._dispatch = dispatch
        self._worker = worker
        self._clock = clock
        self._journal = journal
        self._history = history
        self._missed = missed
        self._running = False
        self._crons: dict[str, WatchedCron] = {}
        self._due: list[tuple[int, int, WatchedCron]] = []
        self._timer: Timer | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._runs = itertools.count(1)

    @property
    def expressions(self) -> tuple[Expression, ...]:
        return self._expressions

    async def start(self) -> None:
        """Begin to fire; runs missed since the last stop are treated as `missed` says."""
        known = await self._history.load() if self._history else {}
        self._running = True
        await self._watch(known)

    async def stop(self, *, at_once: bool = False) -> None:
        """Fire no more, and return when all runs in flight are over.

        Args:
            at_once: cancel them.
        """
        self._running = False
        self._due.clear()
        self._arm()
        for task in self._tasks if at_once else ():
            task.cancel()
        while running := [task for task in self._tasks if not task.done()]:
            await asyncio.wait(running)
        self._crons.clear()
        if self._history:
            await self._history.flush()

    async def replace(self, expressions: Iterable[Expression]) -> None:
        """Take on other crons, as after a reload; runs in flight go on."""
        self._expressions = tuple(expressions)
        if self._running:
            await self._watch({text: cron.settled_until for text, cron in self._crons.items()})

    def realign(self) -> None:
        """Fire anew what is ahead; to be called when the clock was set back."""
        if not self._running:
            return
        for cron in self._crons.values():
            cron.seen_until = min(cron.seen_until, self._clock.now())
        self._plan()

    async def run(self, cron: str = "", scheduled_time: int | None = None) -> ScheduledOutcome:
        """Run a cron by hand, whether the Worker has it or not.

        Args:
            scheduled_time: what the Worker sees, ms since 1970; default now.
        """
        at = self._clock.now() if scheduled_time is None else scheduled_time
        return await asyncio.shield(self._begin(cron, at, Cause.MANUAL))

    def next_runs(self) -> list[NextRun]:
        """The next run of each cron, in the order of the configuration."""
        now = self._clock.now()
        return [NextRun(each.text, each.next_after(now)) for each in self._expressions]

    async def _watch(self, known: Mapping[str, int]) -> None:
        """Turn to the present expressions.

        Args:
            known: up to when each cron is settled; one that is new begins now.
        """
        now = self._clock.now()
        former, self._crons = self._crons, {}
        for expression in self._expressions:
            text = expression.text
            cron = former.get(text) or WatchedCron(expression, min(known.get(text, now), now))
            self._crons[text] = cron
            if text not in known:
                self._remember(cron)
        self._plan()
        if self._history:
            await self._history.forget(known.keys() - self._crons.keys())

    def _plan(self) -> None:
        self._due = []
        for place, cron in enumerate(self._crons.values()):
            self._enqueue(place, cron)
        self._fire()

    def _enqueue(self, place: int, cron: WatchedCron) -> None:
        if (at := cron.next()) is not None:
            heapq.heappush(self._due, (at, place, cron))

    def _arm(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = None
        if self._due:
            at, _, cron = self._due[0]
            self._timer = self._clock.call_at(
                at, self._fire, order=Order.CRON, label=f"cron {cron.text}"
            )

    def _fire(self) -> None:
        now = self._clock.now()
        missed: list[MissedRuns] = []
        while self._due and self._due[0][0] <= now:
            at, place, cron = heapq.heappop(self._due)
            late = cron.expression.span(at - 1, now - MINUTE_MS) if at <= now - MINUTE_MS else None
            if late is None:
                cron.seen_until = at
                self._begin(cron.text, at, Cause.SCHEDULE)
            else:
                cron.seen_until = late.last
                missed.append(MissedRuns(cron.text, late.count, late.first, late.last))
                self._make_up(cron, late)
            self._remember(cron)
            self._enqueue(place, cron)
        if missed:
            self._journal.record(CronMissed(self._worker, self._missed, tuple(missed)))
        self._arm()

    def _make_up(self, cron: WatchedCron, late: Span) -> None:
        if self._missed is MissedPolicy.ONCE:
            self._begin(cron.text, late.last, Cause.MISSED)
        elif self._missed is MissedPolicy.ALL and cron.put_off(late):
            self._spawn(self._catch_up(cron))

    async def _catch_up(self, cron: WatchedCron) -> None:
        while self._running and self._crons.get(cron.text) is cron:
            at = cron.take()
            self._remember(cron)
            if at is None:
                break
            await self._invoke(cron.text, at, Cause.MISSED)

    def _remember(self, cron: WatchedCron) -> None:
        if self._history:
            self._history.record(cron.text, cron.settled_until)

    def _begin(self, cron: str, at: int, cause: Cause) -> asyncio.Task[ScheduledOutcome]:
        return self._spawn(self._invoke(cron, at, cause))

    def _spawn(self, work: Coroutine[None, None, _T]) -> asyncio.Task[_T]:
        # Not by the loop's factory, which may make a task of a Worker.
        task = asyncio.Task(work, loop=asyncio.get_running_loop(), context=contextvars.Context())
        # A callback when it is done would take a turn of the event loop.
        self._tasks = {each for each in self._tasks if not each.done()}
        self._tasks.add(task)
        return task

    async def _invoke(self, cron: str, at: int, cause: Cause) -> ScheduledOutcome:
        run, began = next(self._runs), self._clock.now()
        self._journal.record(CronFired(self._worker, cron, at, run, cause))
        result = ScheduledOutcome("canceled")
        try:
            result = await self._dispatch(cron, at)
        except Exception as error:
            result = ScheduledOutcome("exception", error=error)
        finally:
            self._journal.record(
                CronFinished(
                    self._worker,
                    cron,
                    at,
                    run,
                    result.outcome,
                    result.no_retry,
                    _told(result.error),
                    self._clock.now() - began,
                )
            )
        return result


def _told(error: BaseException | None) -> str | None:
    return None if error is None else f"{type(error).__name__}: {error}"
