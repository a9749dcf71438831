"""performance, and the marks and measures of a timeline."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, ClassVar

from flarelocal.javascript.date import now_ms
from flarelocal.javascript.errors import type_error
from flarelocal.javascript.host import HostObject, getter, method
from flarelocal.javascript.numbers import to_number
from flarelocal.javascript.signature import NO_OPTIONS, Options, properties_of
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.event_target import EventTarget

__all__ = [
    "EventCounts",
    "Performance",
    "PerformanceEntry",
    "PerformanceMark",
    "PerformanceMeasure",
    "PerformanceObserver",
]


class PerformanceEntry(HostObject):
    """Something on a timeline.

    Attributes:
        label: its name.
        start, lasting: when it began, and for how long it went on, in ms.
    """

    __slots__ = ("label", "lasting", "start")

    kind = ""

    def __init__(self, label: str, start: float, lasting: float) -> None:
        self.label = label
        self.start = start
        self.lasting = lasting

    @getter
    def name(self) -> str:
        return self.label

    @getter
    def entry_type(self) -> str:
        return self.kind

    @getter
    def start_time(self) -> float:
        return self.start

    @getter
    def duration(self) -> float:
        return self.lasting

    @method(name="toJSON")
    def to_json(self) -> Value:
        return {
            "name": self.label,
            "entryType": self.kind,
            "startTime": self.start,
            "duration": self.lasting,
        }


class _Detailed(PerformanceEntry):
    __slots__ = ("_detail",)

    def __init__(self, label: str, start: float, lasting: float, options: Options) -> None:
        super().__init__(label, start, lasting)
        self._detail = options.get("detail")

    @getter
    def detail(self) -> Value:
        return null if self._detail is None else self._detail

    @method(name="toJSON")
    def to_json(self) -> Value:
        made = super().to_json()
        return made if self._detail is None else {**made, "detail": self._detail}


class PerformanceMark(_Detailed, constructible=True):
    """A moment on a timeline."""

    __slots__ = ()

    kind = "mark"

    def __init__(self, name: str, options: Annotated[Options, "Options"] = NO_OPTIONS) -> None:
        _check(options)
        super().__init__(name, _time(options, "startTime", now_ms()), 0, options)


class PerformanceMeasure(_Detailed):
    """A stretch of a timeline."""

    __slots__ = ()

    kind = "measure"


class PerformanceObserver(HostObject, constructible=True):
    """Is there for programs that ask for it; it is told nothing, as in the runtime."""

    __slots__ = ()

    constants: ClassVar[Mapping[str, Value]] = {"supportedEntryTypes": ["measure", "mark"]}

    def __init__(self, callback: Value) -> None:
        """Keep nothing."""

    @method
    def observe(self, options: Value = None) -> None:
        """Nothing is told."""

    @method
    def disconnect(self) -> None:
        """Nothing was told."""

    @method
    def take_records(self) -> Value:
        return []


class EventCounts(HostObject):
    """How often events came: the runtime counts none."""

    __slots__ = ()

    @getter
    def size(self) -> int:
        return 0

    @method
    def get(self, name: str) -> Value:
        return None

    @method
    def has(self, name: str) -> bool:
        return False


class Performance(EventTarget, constructible=False):
    """`performance`; its origin is the epoch, as in the runtime (workerd, api/performance.c++)."""

    __slots__ = ("_entries",)

    def __init__(self) -> None:
        super().__init__()
        self._entries: list[PerformanceEntry] = []

    @getter
    def time_origin(self) -> int:
        return 0

    @method
    def now(self) -> int:
        return now_ms()

    @method(name="toJSON")
    def to_json(self) -> Value:
        return {"timeOrigin": 0}

    # -- the timeline

    @method
    def mark(self, name: str, options: Annotated[Options, "Options"] = NO_OPTIONS) -> Value:
        made = PerformanceMark(name, options)
        self._entries.append(made)
        return made

    @method
    def measure(self, name: str, start: Value = None, end: Value = None) -> Value:
        options = None if isinstance(start, str) else properties_of(start)
        if options is None:
            begin = self._moment(start, 0)
            made = PerformanceMeasure(name, begin, 0, NO_OPTIONS)
            until = self._moment(end, now_ms())
        else:
            _check(options)
            begin = _time(options, "start", 0)
            made = PerformanceMeasure(name, begin, 0, options)
            lasting = options.get("duration")
            until = now_ms() if lasting is None else begin + to_number(lasting)
            until = _time(options, "end", until)
        made.lasting = until - begin if until >= begin else 0
        self._entries.append(made)
        return made

    def _moment(self, mark: Value, default: float) -> float:
        """When the first mark of that name was made."""
        if mark is None:
            return default
        found = self._found(to_string(mark), "mark")
        return found[0].start if found else default

    def _found(self, name: str, kind: str | None) -> list[PerformanceEntry]:
        return [
            entry for entry in self._entries if entry.label == name and kind in (None, entry.kind)
        ]

    @method
    def get_entries(self) -> Value:
        return list(self._entries)

    @method
    def get_entries_by_name(self, name: str, kind: str | None = None) -> Value:
        return self._found(name, kind)

    @method
    def get_entries_by_type(self, kind: str) -> Value:
        return [entry for entry in self._entries if entry.kind == kind]

    @method
    def clear_marks(self, name: str | None = None) -> None:
        self._clear(name, "mark")

    @method
    def clear_measures(self, name: str | None = None) -> None:
        self._clear(name, "measure")

    def _clear(self, name: str | None, kind: str) -> None:
        # With a name the runtime looks at nothing else.
        self._entries = [
            entry
            for entry in self._entries
            if (entry.kind != kind if name is None else entry.label != name)
        ]

    # -- what the runtime does not measure

    @getter
    def event_counts(self) -> Value:
        return EventCounts()

    @method
    def clear_resource_timings(self) -> None:
        """There are none."""

    @method
    def set_resource_timing_buffer_size(self, size: Value) -> None:
        """There are none."""

    @method
    def mark_resource_timing(self) -> None:
        """There are none."""

    @method
    def event_loop_utilization(self) -> Value:
        return {"idle": 0, "active": 0, "utilization": 0}

    @method
    def timerify(self, function: Callable[..., Value]) -> Value:
        return function


def _check(options: Options) -> None:
    detail = options.get("detail")
    if detail is null or (detail is not None and properties_of(detail) is None):
        raise type_error(
            "Incorrect type for the 'detail' field on 'Options': the provided value is not of type"
            " 'Object'."
        )


def _time(options: Options, name: str, default: float) -> float:
    value = options.get(name)
    return default if value is None else to_number(value)
