"""The argument of `scheduled`."""

from __future__ import annotations

from flarelocal.javascript.host import HostObject, getter, method

__all__ = ["ScheduledController"]


class ScheduledController(HostObject):
    """A cron trigger that fired (workerd, api/scheduled.h)."""

    __slots__ = ("_cron", "_scheduled_time_ms", "retry")

    def __init__(self, cron: str, scheduled_time_ms: float) -> None:
        self._cron = cron
        self._scheduled_time_ms = scheduled_time_ms
        self.retry = True

    @getter(own=True)
    def scheduled_time(self) -> float:
        return self._scheduled_time_ms

    @getter(own=True)
    def cron(self) -> str:
        return self._cron

    @method
    def no_retry(self) -> None:
        self.retry = False
