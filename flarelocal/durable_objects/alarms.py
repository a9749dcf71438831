"""Wakes objects whose alarm is due (workerd: server/alarm-scheduler.c++)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from random import Random

from flarelocal.clock import Clock, Order, Timer
from flarelocal.dataclass import dataclass
from flarelocal.durable_objects.alarm_info import MOST_RETRIES, AlarmInfo, AlarmOutcome
from flarelocal.durable_objects.catalog import Catalog
from flarelocal.durable_objects.events import (
    AlarmAbandoned,
    AlarmFinished,
    AlarmRetried,
    AlarmSet,
)
from flarelocal.durable_objects.identity import ObjectId
from flarelocal.journal import Journal

__all__ = ["AlarmScheduler"]

_FIRST_DELAY_MS = 2_000
_MOST_DOUBLINGS = 9
_JITTER = 0.25


@dataclass(slots=True)
class _Alarm:
    """What wakes an object.

    Attributes:
        latest_ms: what the object has set since the attempt under way began.
        attempt: gets the outcome of that, if anyone asked for it.
    """

    id: ObjectId
    scheduled_ms: int
    timer: Timer | None = None
    latest_ms: int | None = None
    running: bool = False
    attempt: asyncio.Future[AlarmOutcome] | None = None
    retries: int = 0
    doublings: int = 0
    last_counted: bool = True


class AlarmScheduler:
    """The alarms of a namespace: each fires once at its time or later, and again if it fails.

    The database of the object has the last word on its alarm; what is kept here is only what
    wakes the object. Counters of retries are in memory: they begin anew with the process.
    Nothing fires by itself before `start` and after `stop`, but what is set is kept.

    Args:
        class_name: of the objects, for the journal.
        catalog: keeps the alarms.
        clock: tells when.
        random: for the jitter of the delays between retries.
        journal: hears of each step.
        run: runs the handler of an object, and tells how that ended.
        clear: takes the alarm of an object away for good.
    """

    def __init__(
        self,
        class_name: str,
        catalog: Catalog,
        clock: Clock,
        random: Random,
        journal: Journal,
        run: Callable[[ObjectId, AlarmInfo, Callable[[AlarmOutcome], None]], None],
        clear: Callable[[ObjectId], None],
    ) -> None:
        self._class_name = class_name
        self._catalog = catalog
        self._clock = clock
        self._random = random
        self._journal = journal
        self._run = run
        self._clear = clear
        self._alarms: dict[str, _Alarm] = {}
        self._firing = False

    def start(self) -> None:
        """Arm the alarms of earlier processes; those which are overdue fire at once."""
        self._firing = True
        for alarm in self._catalog.alarms():
            id = ObjectId(alarm.object_id, alarm.object_name)
            self._arm(_Alarm(id, alarm.scheduled_ms), alarm.scheduled_ms)

    def next_of(self, id: ObjectId) -> float | None:
        """When the alarm of the object fires, retries included; None if it has none."""
        alarm = self._alarms.get(id.hex)
        if alarm is None:
            return None if self._firing else self._catalog.alarm(id.hex)
        if alarm.running:
            return None
        return alarm.timer.when_ms if alarm.timer else alarm.scheduled_ms

    def set(self, id: ObjectId, scheduled_ms: int | None) -> None:
        """The object has set its alarm, taken it away, or tells the one it has anyway."""
        alarm = self._alarms.get(id.hex)
        running = alarm is not None and alarm.running
        if scheduled_ms == self._known(alarm):
            return
        self._catalog.set_alarm(id.hex, id.name, scheduled_ms)
        if alarm is not None and running:
            alarm.latest_ms = scheduled_ms
        else:
            self._replace(id, scheduled_ms)
        if scheduled_ms is not None or not running:
            self._journal.record(AlarmSet(self._class_name, id.hex, id.name, scheduled_ms))

    def fire(self, id: ObjectId) -> asyncio.Future[AlarmOutcome] | None:
        """Run the alarm of the object now, whatever its time.

        Returns:
            How the attempt ends; None if no alarm is waiting.
        """
        if id.hex not in self._alarms and not self._firing:
            self._replace(id, self._catalog.alarm(id.hex))
        alarm = self._alarms.get(id.hex)
        if alarm is None or alarm.running:
            return None
        self._disarm(alarm)
        attempt = alarm.attempt = asyncio.get_running_loop().create_future()
        self._attempt(alarm)
        return attempt

    def forget(self, id: ObjectId) -> None:
        """The object was deleted."""
        self._replace(id, None)

    def stop(self) -> None:
        """Fire no more. Handlers under way go on; whether they succeed is still kept."""
        self._firing = False
        for alarm in self._alarms.values():
            self._disarm(alarm)
        self._alarms.clear()

    def _known(self, alarm: _Alarm | None) -> int | None:
        if alarm is None:
            return None
        return alarm.latest_ms if alarm.running else alarm.scheduled_ms

    def _replace(self, id: ObjectId, scheduled_ms: int | None) -> None:
        present = self._alarms.pop(id.hex, None)
        if present is not None:
            self._disarm(present)
        if scheduled_ms is not None:
            self._arm(_Alarm(id, scheduled_ms), scheduled_ms)

    def _arm(self, alarm: _Alarm, when_ms: float) -> None:
        self._alarms[alarm.id.hex] = alarm
        if not self._firing:
            return
        alarm.timer = self._clock.call_at(
            when_ms,
            lambda: self._due(alarm),
            order=Order.ALARM,
            label=f"alarm of {self._class_name} {alarm.id.name or alarm.id.hex}",
        )

    def _disarm(self, alarm: _Alarm) -> None:
        if alarm.timer is not None:
            alarm.timer.cancel()
            alarm.timer = None

    def _due(self, alarm: _Alarm) -> None:
        alarm.timer = None
        self._attempt(alarm)

    def _attempt(self, alarm: _Alarm) -> None:
        alarm.latest_ms = alarm.scheduled_ms
        alarm.running = True
        info = AlarmInfo(alarm.scheduled_ms, alarm.retries)
        self._run(alarm.id, info, lambda outcome: self._attempted(alarm, outcome))

    def _attempted(self, alarm: _Alarm, outcome: AlarmOutcome) -> None:
        alarm.running = False
        if alarm.attempt is not None:
            alarm.attempt.set_result(outcome)
            alarm.attempt = None
        if self._alarms.get(alarm.id.hex) is not alarm:
            return
        if not outcome.ran:
            # The object knew better: correct what is kept here.
            self._catalog.set_alarm(alarm.id.hex, alarm.id.name, outcome.next_ms)
            self._replace(alarm.id, outcome.next_ms)
        elif outcome.reason is None:
            self._journal.record(AlarmFinished(*self._about(alarm)))
            self._replace(alarm.id, alarm.latest_ms)
        elif alarm.latest_ms is not None and alarm.latest_ms != alarm.scheduled_ms:
            # A new alarm takes the place of all further attempts.
            self._journal.record(AlarmAbandoned(*self._about(alarm), outcome.reason))
            self._replace(alarm.id, alarm.latest_ms)
        elif alarm.latest_ms is not None and outcome.retry and alarm.retries < MOST_RETRIES:
            self._retry(alarm, outcome.reason, counted=outcome.counted)
        else:
            self._journal.record(AlarmAbandoned(*self._about(alarm), outcome.reason))
            self._replace(alarm.id, None)
            self._clear(alarm.id)

    def _retry(self, alarm: _Alarm, reason: str, *, counted: bool) -> None:
        if counted:
            alarm.retries += 1
            if not alarm.last_counted:
                alarm.doublings = 0
        alarm.last_counted = counted
        delay_ms = _FIRST_DELAY_MS << min(alarm.doublings, _MOST_DOUBLINGS)
        delay_ms += self._random.randint(0, int(delay_ms * _JITTER))
        alarm.doublings += 1
        next_ms = self._clock.now() + delay_ms
        self._journal.record(AlarmRetried(*self._about(alarm), next_ms, reason))
        self._arm(alarm, next_ms)

    def _about(self, alarm: _Alarm) -> tuple[str, str, str | None, int, int]:
        return (
            self._class_name,
            alarm.id.hex,
            alarm.id.name,
            alarm.scheduled_ms,
            alarm.retries,
        )
