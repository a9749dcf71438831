"""The argument of `alarm`."""

from __future__ import annotations

from flarelocal.durable_objects.alarm_info import AlarmInfo
from flarelocal.javascript.host import HostObject, getter

__all__ = ["AlarmInvocationInfo"]


class AlarmInvocationInfo(HostObject):
    """Which attempt this is (workerd, api/global-scope.h)."""

    __slots__ = ("_info",)

    def __init__(self, info: AlarmInfo) -> None:
        self._info = info

    @getter(own=True)
    def scheduled_time(self) -> int:
        return self._info.scheduled_ms

    @getter(own=True)
    def retry_count(self) -> int:
        return self._info.retry_count

    @getter(own=True)
    def is_retry(self) -> bool:
        return self._info.is_retry
