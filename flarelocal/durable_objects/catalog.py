"""What a namespace knows of all its objects: their names and alarms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flarelocal.dataclass import dataclass

__all__ = ["Catalog", "CatalogAlarm"]


@dataclass(frozen=True, slots=True)
class CatalogAlarm:
    """One alarm which was set before the process began."""

    object_id: str
    object_name: str | None
    scheduled_ms: int


class Catalog:
    """The catalog of a namespace in memory; for that of files see `CatalogFile`."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._alarms: dict[str, CatalogAlarm] = {}

    def name(self, object_id: str) -> str | None:
        """The name of the object, if one was ever heard."""
        return self._names.get(object_id)

    def remember_name(self, object_id: str, name: str) -> None:
        """Keep the name of the object."""
        self._names[object_id] = name

    def alarms(self) -> Iterator[CatalogAlarm]:
        """All alarms, by the ids of the objects."""
        for object_id in sorted(self._alarms):
            yield self._alarms[object_id]

    def alarm(self, object_id: str) -> int | None:
        """The time of the alarm of the object in ms, if it has one."""
        alarm = self._alarms.get(object_id)
        return None if alarm is None else alarm.scheduled_ms

    def set_alarm(self, object_id: str, name: str | None, scheduled_ms: int | None) -> None:
        """Keep the time of the alarm; None takes it away."""
        if scheduled_ms is None:
            self._alarms.pop(object_id, None)
        else:
            known = name or self._names.get(object_id)
            self._alarms[object_id] = CatalogAlarm(object_id, known, scheduled_ms)

    @property
    def young(self) -> Sequence[str]:
        """The objects whose databases are here."""
        return ()

    def forget(self, object_id: str) -> None:
        """Forget all about the object."""
        self._names.pop(object_id, None)
        self._alarms.pop(object_id, None)

    def close(self) -> None:
        """Close the file, if there is one."""
