"""Event, its kinds, and EventTarget."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from flarelocal.javascript.date import now_ms
from flarelocal.javascript.errors import dom_exception, type_error
from flarelocal.javascript.host import HostObject, getter, method
from flarelocal.javascript.numbers import to_integer
from flarelocal.javascript.promise import let_run
from flarelocal.javascript.signature import NO_OPTIONS, Options, properties_of, to_boolean
from flarelocal.javascript.text import to_string
from flarelocal.javascript.values import Value, null

if TYPE_CHECKING:
    from flarelocal.javascript.web.abort import AbortSignal

__all__ = [
    "CloseEvent",
    "CustomEvent",
    "ErrorEvent",
    "Event",
    "EventTarget",
    "ExtendableEvent",
    "MessageEvent",
]


class Event(HostObject, constructible=True):
    """Something that happened (workerd, api/basics.c++)."""

    __slots__ = ("_options", "_prevented", "_stopped", "_time", "_type", "target", "trusted")

    constants: ClassVar[dict[str, Value]] = {
        "NONE": 0,
        "CAPTURING_PHASE": 1,
        "AT_TARGET": 2,
        "BUBBLING_PHASE": 3,
    }

    def __init__(self, type: str, options: Options = NO_OPTIONS) -> None:
        self._type = type
        self._options = options
        self._prevented = self._stopped = False
        self._time = now_ms()
        self.target: EventTarget | None = None
        self.trusted = False

    @property
    def stopped(self) -> bool:
        """No further listener is to be called."""
        return self._stopped

    @getter(name="type")
    def type_(self) -> str:
        return self._type

    @getter
    def event_phase(self) -> int:
        return 2 if self.target else 0

    @getter
    def bubbles(self) -> bool:
        return to_boolean(self._options.get("bubbles"))

    @getter
    def cancelable(self) -> bool:
        return to_boolean(self._options.get("cancelable"))

    @getter
    def composed(self) -> bool:
        return to_boolean(self._options.get("composed"))

    @getter
    def default_prevented(self) -> bool:
        return self._prevented

    @getter
    def return_value(self) -> bool:
        return not self._prevented

    @getter
    def current_target(self) -> Value:
        return self.target

    @getter(name="target")
    def event_target(self) -> Value:
        return self.target

    @getter
    def src_element(self) -> Value:
        return self.target

    @getter
    def time_stamp(self) -> float:
        return self._time

    @getter
    def is_trusted(self) -> bool:
        return self.trusted

    @method
    def prevent_default(self) -> None:
        self._prevented = self._prevented or bool(self.cancelable)

    @method
    def stop_propagation(self) -> None:
        """Without effect: there is one target."""

    @method
    def stop_immediate_propagation(self) -> None:
        self._stopped = True

    @method
    def composed_path(self) -> list[Value]:
        return [self.target] if self.target else []


class CustomEvent(Event, constructible=True):
    """An event of a program."""

    __slots__ = ()

    def __init__(self, type: str, options: Options = NO_OPTIONS) -> None:
        super().__init__(type, options)

    @getter
    def detail(self) -> Value:
        return self._options.get("detail", null)


class ExtendableEvent(Event):
    """An event that keeps the Worker alive."""

    __slots__ = ()


class MessageEvent(Event, constructible=True):
    """A message that came."""

    __slots__ = ()

    def __init__(self, type: str, options: Options = NO_OPTIONS) -> None:
        super().__init__(type, options)

    @getter
    def data(self) -> Value:
        return self._options.get("data")

    @getter
    def origin(self) -> Value:
        return self._options.get("origin", null)

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

    def __init__(self, type: str, options: Options = NO_OPTIONS) -> None:
        super().__init__(type, options)

    @getter
    def code(self) -> int:
        return to_integer(self._options.get("code", 0))

    @getter
    def reason(self) -> str:
        return to_string(self._options.get("reason", ""))

    @getter
    def was_clean(self) -> bool:
        return to_boolean(self._options.get("wasClean"))


class ErrorEvent(Event, constructible=True):
    """Something failed."""

    __slots__ = ()

    def __init__(self, type: str, options: Options = NO_OPTIONS) -> None:
        super().__init__(type, options)

    @getter
    def message(self) -> str:
        return to_string(self._options.get("message", ""))

    @getter
    def filename(self) -> str:
        return to_string(self._options.get("filename", ""))

    @getter
    def lineno(self) -> int:
        return to_integer(self._options.get("lineno", 0))

    @getter
    def colno(self) -> int:
        return to_integer(self._options.get("colno", 0))

    @getter
    def error(self) -> Value:
        return self._options.get("error")


class _Listener:
    __slots__ = ("call", "callback", "once")

    def __init__(self, callback: Value, once: bool) -> None:
        self.callback = callback
        self.call: Value = (
            callback if callable(callback) else (properties_of(callback) or {}).get("handleEvent")
        )
        self.once = once


class EventTarget(HostObject, constructible=True):
    """What events happen to; a function in the property `on<type>` is a listener, too."""

    __slots__ = ("_listeners",)

    def __init__(self) -> None:
        """A target without listeners."""

    def _of_type(self, type: str) -> list[_Listener]:
        if not hasattr(self, "_listeners"):
            self._listeners: dict[str, list[_Listener]] = {}
        return self._listeners.setdefault(type, [])

    def listens(self, type: str) -> bool:
        """Somebody waits for events of this type."""
        return bool(self._of_type(type)) or callable(getattr(self, "expando", {}).get(f"on{type}"))

    def dispatch(self, event: Event) -> bool:
        """Call the listeners of an event; False if its default action was prevented.

        Raises:
            Exception: what a listener raised.
        """
        event.target = self
        try:
            handler = getattr(self, "expando", {}).get(f"on{event.type_}")
            if callable(handler):
                self._call(handler, event)
            listeners = self._of_type(event.type_)
            for listener in list(listeners):
                if event.stopped:
                    break
                if listener not in listeners:
                    continue
                if listener.once:
                    listeners.remove(listener)
                self._call(listener.call, event)
        finally:
            event.target = None
        return not event.default_prevented

    @staticmethod
    def _call(listener: Value, event: Event) -> None:
        # A listener that returns true prevents the default; promises are not waited for.
        result = listener(event)
        if result is True:
            event.prevent_default()
        else:
            let_run(result)

    @method
    def add_event_listener(self, type: str, callback: Value, options: Value = None) -> None:
        if callback is null or callback is None:
            return
        if options is True:
            raise type_error("addEventListener(): useCapture must be false.")
        given = properties_of(options) or {}
        for name in ("capture", "passive"):
            if to_boolean(given.get(name)):
                raise type_error(f"addEventListener(): options.{name} must be false.")
        listener = _Listener(callback, to_boolean(given.get("once")))
        if not callable(listener.call):
            raise type_error(
                "Failed to execute 'addEventListener' on 'EventTarget': parameter 2 is not of type"
                " 'EventListener'."
            )
        signal: AbortSignal | None = given.get("signal")
        if signal is not None:
            if signal.aborted:
                return
            signal.subscribe(lambda: self.remove_event_listener(type, callback))
        listeners = self._of_type(type)
        if all(other.callback is not callback for other in listeners):
            listeners.append(listener)

    @method
    def remove_event_listener(self, type: str, callback: Value, options: Value = None) -> None:
        self._of_type(type)[:] = [
            listener for listener in self._of_type(type) if listener.callback is not callback
        ]

    @method
    def dispatch_event(self, event: Event) -> bool:
        if event.target is not None:
            raise dom_exception("The event is already being dispatched.", "InvalidStateError")
        return self.dispatch(event)
