"""EventTarget: what events happen to."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Annotated

from flarelocal.javascript.errors import dom_exception, type_error
from flarelocal.javascript.foreign import Foreign
from flarelocal.javascript.host import HostObject, method
from flarelocal.javascript.promise import let_run
from flarelocal.javascript.signature import (
    Options,
    properties_of,
    refused,
    to_boolean,
)
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.event import Event

if TYPE_CHECKING:
    from flarelocal.javascript.web.abort import AbortSignal

__all__ = ["EventTarget", "listeners_are_independent"]

_OWNER = "EventTarget"
_PROPERTY = object()

listeners_are_independent: ContextVar[bool] = ContextVar("independent", default=True)
"""What a listener raises is reported, and the others are called all the same
(`spec_compliant_dispatch_exceptions`, 2026-09-15); else `dispatchEvent` raises it."""


class _Listener:
    __slots__ = ("call", "callback", "once")

    def __init__(self, callback: Value, call: Value, once: bool) -> None:
        self.callback = callback
        self.call = call
        self.once = once


class EventTarget(HostObject, constructible=True):
    """What events happen to; a function in the property `on<type>` is a listener, too.

    It is the first one, unless the class has that property: it then has a place among the others.
    Source: workerd, api/basics.c++. There are no phases: an event has one target.
    """

    __slots__ = ("_listeners",)

    def __init__(self) -> None:
        """A target without listeners."""

    def _of_type(self, type: str) -> list[_Listener]:
        if not hasattr(self, "_listeners"):
            self._listeners: dict[str, list[_Listener]] = {}
        return self._listeners.setdefault(type, [])

    def _handler(self, type: str) -> Value:
        """What the property `on<type>` has to call; None for nothing."""
        handler = getattr(self, "expando", {}).get(f"on{type}")
        return handler if callable(handler) else None

    def property_handler(self, type: str) -> Value:
        """What was assigned to a property `on<type>` of the class; null for nothing."""
        listeners = self._of_type(type)
        return next((each.call for each in listeners if each.callback is _PROPERTY), null)

    def set_property_handler(self, type: str, handler: Value) -> None:
        """Assign to a property `on<type>` of the class; what is no object counts as null."""
        listeners = self._of_type(type)
        present = next((each for each in listeners if each.callback is _PROPERTY), None)
        if handler is None or handler is null or properties_of(handler) is None:
            if present is not None:
                listeners.remove(present)
        elif present is None:
            listeners.append(_Listener(_PROPERTY, handler, once=False))
        else:
            present.call = handler
        self.listeners_changed(type)

    def listens(self, type: str) -> bool:
        """Somebody waits for events of this type."""
        return bool(self._of_type(type)) or self._handler(type) is not None

    def listeners_changed(self, type: str) -> None:
        """A listener was added or removed."""

    def listener_failed(self, failure: Exception) -> None:
        """A listener raised something, which keeps nobody from anything."""
        from flarelocal.javascript.web.console import report

        report(failure)

    def dispatch(self, event: Event) -> bool:
        """Call the listeners of an event; False if its default action was prevented.

        Raises:
            JsError: InvalidStateError; the event is being dispatched.
            Exception: what a listener raised, unless listeners are independent.
        """
        if event.dispatched:
            raise dom_exception("The event is already being dispatched.", "InvalidStateError")
        event.begin(self)
        try:
            type = event.type_
            listeners = self._of_type(type)
            present = list(listeners)
            handler = self._handler(type)
            if handler is not None and not event.stopped:
                self._call(handler, event)
            for listener in present:
                if event.stopped:
                    break
                if listener not in listeners:
                    continue
                if listener.once:
                    self.remove_event_listener(type, listener.callback)
                if callable(listener.call):
                    self._call(listener.call, event)
        finally:
            event.end()
        return not event.prevented

    def _call(self, listener: Value, event: Event) -> None:
        # A listener that returns true prevents the default; promises are not waited for.
        try:
            result = listener(event)
        except Exception as failure:
            if not listeners_are_independent.get():
                raise
            self.listener_failed(failure)
            return
        if result is True:
            event.prevent_default()
        else:
            let_run(result)

    @method
    def add_event_listener(
        self,
        type: str,
        callback: Annotated[Value, "function or HandlerObject"],
        options: Value = None,
    ) -> None:
        if callback is null or callback is None:
            return
        call = _call_of(callback)
        given = _options(options, "add")
        if any(listener.callback is callback for listener in self._of_type(type)):
            return
        signal = _signal(given)
        if signal is not None:
            if signal.aborted:
                return
            signal.subscribe(lambda: self.remove_event_listener(type, callback))
        self._of_type(type).append(_Listener(callback, call, to_boolean(given.get("once"))))
        self.listeners_changed(type)

    @method
    def remove_event_listener(
        self, type: str, callback: Annotated[Value, "Object"], options: Value = None
    ) -> None:
        if isinstance(callback, str | bool | int | float):
            raise refused(_OWNER, "removeEventListener", 1, "Object")
        _options(options, "remove")
        self._of_type(type)[:] = [
            listener for listener in self._of_type(type) if listener.callback is not callback
        ]
        self.listeners_changed(type)

    @method
    def dispatch_event(self, event: Event) -> bool:
        return self.dispatch(event)


def _call_of(callback: Value) -> Value:
    """What a listener has to be called by: itself, or its method `handleEvent`."""
    if callable(callback):
        return callback
    if isinstance(callback, Foreign):
        call = callback.property("handleEvent")
    else:
        properties = properties_of(callback)
        if properties is None:
            raise refused(_OWNER, "addEventListener", 1, "function or HandlerObject")
        call = properties.get("handleEvent")
    if not callable(call):
        raise type_error(
            "Incorrect type for the 'handleEvent' field on 'HandlerObject': the provided value is"
            " not of type 'function'."
        )
    return call


def _options(options: Value, verb: str) -> Options:
    """The options of a listener; a value that is none of an object's stands for `capture`."""
    given = properties_of(options)
    if given is None and to_boolean(options):
        raise type_error(f"{verb}EventListener(): useCapture must be false.")
    if given and to_boolean(given.get("capture")):
        raise type_error(f"{verb}EventListener(): options.capture must be false.")
    return given or {}


def _signal(given: Options) -> AbortSignal | None:
    signal: AbortSignal | None = given.get("signal")
    if signal is not None and getattr(signal, "js_name", None) != "AbortSignal":
        raise type_error(
            "Incorrect type for the 'signal' field on 'AddEventListenerOptions': the provided"
            " value is not of type 'AbortSignal'."
        )
    return signal
