from __future__ import annotations

from contextvars import copy_context

import pytest

from flarelocal.javascript.errors import JsError, error
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.abort import AbortController
from flarelocal.javascript.web.console import current_console
from flarelocal.javascript.web.event import CustomEvent, Event, MessageEvent
from flarelocal.javascript.web.event_target import EventTarget, listeners_are_independent


def test_listeners_are_called_in_order() -> None:
    calls: list[str] = []
    target = EventTarget()
    target.add_event_listener("a", lambda event: calls.append("first"))
    target.add_event_listener("a", {"handleEvent": lambda event: calls.append("second")})
    target.add_event_listener("b", lambda event: calls.append("other"))
    assert target.dispatch_event(Event("a"))
    assert calls == ["first", "second"]


def test_a_property_is_a_listener() -> None:
    calls: list[Value] = []
    target = EventTarget()
    target.expando = {"ona": calls.append}
    event = Event("a")
    target.dispatch_event(event)
    assert calls == [event]


def test_listeners_are_added_once_and_removed() -> None:
    calls: list[Value] = []
    target = EventTarget()
    listener = calls.append
    target.add_event_listener("a", listener)
    target.add_event_listener("a", listener)
    target.dispatch_event(Event("a"))
    target.remove_event_listener("a", listener)
    target.dispatch_event(Event("a"))
    assert len(calls) == 1


def test_once() -> None:
    calls: list[Value] = []
    target = EventTarget()
    target.add_event_listener("a", calls.append, {"once": True})
    target.dispatch_event(Event("a"))
    target.dispatch_event(Event("a"))
    assert len(calls) == 1


def test_a_signal_removes_the_listener() -> None:
    calls: list[Value] = []
    target, abort = EventTarget(), AbortController()
    target.add_event_listener("a", calls.append, {"signal": abort.signal})
    abort.abort()
    target.dispatch_event(Event("a"))
    assert calls == []


def test_a_listener_can_stop_the_others_and_prevent_the_default() -> None:
    calls: list[Value] = []

    def stop(event: Event) -> None:
        event.stop_immediate_propagation()
        event.prevent_default()

    target = EventTarget()
    target.add_event_listener("a", stop)
    target.add_event_listener("a", calls.append)
    assert not target.dispatch_event(Event("a", {"cancelable": True}))
    assert calls == []


def failing(event: Event) -> None:
    raise error("no")


def test_what_a_listener_raises_is_reported() -> None:
    calls: list[Value] = []
    printed: list[tuple[str, str]] = []
    listened = copy_context()
    listened.run(current_console.set, lambda level, text: printed.append((level, text)))
    target = EventTarget()
    target.add_event_listener("a", failing)
    target.add_event_listener("a", calls.append)
    assert listened.run(target.dispatch_event, Event("a"))
    assert len(calls) == 1
    assert printed == [("error", "Uncaught Error: no")]


def test_before_september_2026_an_error_of_a_listener_comes_out() -> None:
    target = EventTarget()
    target.add_event_listener("a", failing)
    dependent = copy_context()
    dependent.run(listeners_are_independent.set, False)
    with pytest.raises(JsError, match="no"):
        dependent.run(target.dispatch_event, Event("a"))


def test_an_event_keeps_its_target() -> None:
    phases: list[Value] = []
    target, event = EventTarget(), Event("a")
    target.add_event_listener("a", lambda event: phases.append(event.event_phase))
    target.dispatch_event(event)
    assert phases == [2]
    assert event.event_phase == 0
    assert event.target is event.current_target is target
    assert event.composed_path() == []


def test_an_event_is_dispatched_once_at_a_time() -> None:
    target, event = EventTarget(), Event("a")
    errors: list[str] = []

    def again(event: Event) -> None:
        with pytest.raises(JsError, match="already being dispatched") as refused:
            target.dispatch_event(event)
        errors.append(refused.value.name)

    target.add_event_listener("a", again)
    target.dispatch_event(event)
    assert errors == ["InvalidStateError"]


def test_what_cannot_be_canceled_is_not_prevented() -> None:
    target, event = EventTarget(), Event("a")
    target.add_event_listener("a", lambda event: event.prevent_default())
    assert not target.dispatch_event(event)
    assert event.default_prevented is False
    assert event.return_value is True


def test_listeners_that_are_none() -> None:
    target = EventTarget()
    target.add_event_listener("a", null)
    with pytest.raises(JsError, match="parameter 2 is not of type 'function or HandlerObject'"):
        target.add_event_listener("a", 5)
    with pytest.raises(JsError, match="Incorrect type for the 'handleEvent' field"):
        target.add_event_listener("a", {})
    with pytest.raises(JsError, match="parameter 2 is not of type 'Object'"):
        target.remove_event_listener("a", 5)


def test_a_signal_that_is_none() -> None:
    with pytest.raises(JsError, match="Incorrect type for the 'signal' field"):
        EventTarget().add_event_listener("a", failing, {"signal": {}})


def test_capturing_is_refused() -> None:
    with pytest.raises(JsError, match="useCapture must be false"):
        EventTarget().add_event_listener("a", lambda event: None, True)


def test_data_of_events() -> None:
    assert CustomEvent("a", {"detail": 5}).detail == 5
    assert MessageEvent("a", {"data": "x"}).data == "x"
    assert Event("a").type_ == "a"
    assert MessageEvent("a").data is null
    assert MessageEvent("a").origin == ""
    assert CustomEvent("a").detail is None


def test_events_have_the_constants_of_their_class() -> None:
    event = Event("a")
    assert event.members["AT_TARGET"].function(event) == 2
