"""Event and its kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from flarelocal.javascript.host import Getter, HostObject, getter, method
from flarelocal.javascript.numbers import to_int32
from flarelocal.javascript.signature import NO_OPTIONS, Options, to_boolean
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value, null

if TYPE_CHECKING:
    from flarelocal.javascript.web.event_target import EventTarget

__all__ = ["CloseEvent", "CustomEvent", "ErrorEvent", "Event", "ExtendableEvent", "MessageEvent"]


class Event(HostObject, constructible=True):
    """Something that happened (workerd, api/basics.h).

    Attributes:
        trusted: the runtime made it.
        prevented: a listener prevented the default action, cancelable or not.
        stopped: no further listener is to be called.
    """

    __slots__ = (
        "_dispatched",
        "_halted",
        "_options",
        "_target",
        "_type",
        "prevented",
        "stopped",
        "trusted",
    )

    constants: ClassVar[dict[str, Value]] = {
        "NONE": 0,
        "CAPTURING_PHASE": 1,
        "AT_TARGET": 2,
        "BUBBLING_PHASE": 3,
    }
    shared_constants = True

    def __init__(self, type: str, options: Annotated[Options, "Init"] = NO_OPTIONS) -> None:
        self._type = type
        self._options = options
        self._target: EventTarget | None = None
        self._dispatched = self._halted = False
        self.prevented = self.stopped = self.trusted = False

    @property
    def dispatched(self) -> bool:
        """It is being dispatched."""
        return self._dispatched

    def begin(self, target: EventTarget) -> None:
        """It is about to be dispatched at a target."""
        self._target = target
        self._dispatched = True
        self.prevented = False

    def end(self) -> None:
        """It was dispatched."""
        self._dispatched = False

    @getter(name="type")
    def type_(self) -> str:
        return self._type

    @getter
    def event_phase(self) -> int:
        return 2 if self._dispatched else 0

    @getter
    def composed(self) -> bool:
        return to_boolean(self._options.get("composed"))

    @getter
    def bubbles(self) -> bool:
        return to_boolean(self._options.get("bubbles"))

    @getter
    def cancelable(self) -> bool:
        return to_boolean(self._options.get("cancelable"))

    @getter
    def default_prevented(self) -> bool:
        return self.prevented and bool(self.cancelable)

    @getter
    def return_value(self) -> bool:
        return not self.default_prevented

    @getter
    def current_target(self) -> Value:
        """The target, also when nothing is dispatched any more."""
        return self._target

    @getter
    def target(self) -> Value:
        return self._target

    @getter
    def src_element(self) -> Value:
        return self._target

    @getter
    def time_stamp(self) -> int:
        """Nothing: the runtime does not tell."""
        return 0

    @getter
    def is_trusted(self) -> bool:
        return self.trusted

    def _set_halted(self, value: bool) -> None:
        self._halted = value

    cancel_bubble = Getter(lambda self: self._halted, _set_halted)

    @method
    def stop_immediate_propagation(self) -> None:
        self.stopped = True

    @method
    def prevent_default(self) -> None:
        self.prevented = True

    @method
    def stop_propagation(self) -> None:
        """Tells nothing but `cancelBubble`: there is one target."""
        self._halted = True

    @method
    def composed_path(self) -> list[Value]:
        return [self._target] if self._dispatched else []


class CustomEvent(Event, constructible=True):
    """An event of a program."""

    __slots__ = ()

    def __init__(
        self, type: str, options: Annotated[Options, "CustomEventInit"] = NO_OPTIONS
    ) -> None:
        super().__init__(type, options)

    @getter
    def detail(self) -> Value:
        return self._options.get("detail")


class ExtendableEvent(Event, constructible=False):
    """An event that keeps the Worker alive."""

    __slots__ = ()


class MessageEvent(Event, constructible=True):
    """A message that came."""

    __slots__ = ()

    def __init__(self, type: str, options: Annotated[Options, "Initializer"] = NO_OPTIONS) -> None:
        absent = options.get("data") is None
        super().__init__(type, {**options, "data": null} if absent else options)

    @classmethod
    def carrying(cls, type: str, data: Value, source: Value = null) -> MessageEvent:
        """The runtime's own event, whose data may be undefined."""
        made = cls(type)
        made._options = {"data": data, "source": source}
        made.trusted = True
        return made

    @getter
    def data(self) -> Value:
        return self._options["data"]

    @getter
    def origin(self) -> Value:
        return self._options.get("origin", "")

    @getter
    def last_event_id(self) -> str:
        return to_string(self._options.get("lastEventId", ""))

    @getter
    def source(self) -> Value:
        return self._options.get("source", null)

    @getter
    def ports(self) -> list[Value]:
        return []


class CloseEvent(Event, constructible=True):
    """A WebSocket was closed."""

    __slots__ = ()

    def __init__(self, type: str, options: Annotated[Options, "Initializer"] = NO_OPTIONS) -> None:
        super().__init__(type, options)

    @getter
    def code(self) -> int:
        return to_int32(self._options.get("code", 0))

    @getter
    def reason(self) -> str:
        return to_string(self._options.get("reason", ""))

    @getter
    def was_clean(self) -> bool:
        return to_boolean(self._options.get("wasClean"))


class ErrorEvent(Event, constructible=True):
    """Something failed."""

    __slots__ = ()

    def __init__(
        self, type: str, options: Annotated[Options, "ErrorEventInit"] = NO_OPTIONS
    ) -> None:
        super().__init__(type, options)

    @getter
    def filename(self) -> str:
        return to_string(self._options.get("filename", ""))

    @getter
    def message(self) -> str:
        return to_string(self._options.get("message", ""))

    @getter
    def lineno(self) -> int:
        return to_int32(self._options.get("lineno", 0))

    @getter
    def colno(self) -> int:
        return to_int32(self._options.get("colno", 0))

    @getter
    def error(self) -> Value:
        return self._options.get("error")
