from __future__ import annotations

import pytest

from flarelocal.javascript.errors import JsError, error
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.abort import AbortController
from flarelocal.javascript.web.event import CustomEvent, Event, EventTarget, MessageEvent


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


def test_an_error_of_a_listener_comes_out() -> None:
    def fail(event: Event) -> None:
        raise error("no")

    target = EventTarget()
    target.add_event_listener("a", fail)
    with pytest.raises(JsError, match="no"):
        target.dispatch_event(Event("a"))


def test_capturing_is_refused() -> None:
    with pytest.raises(JsError, match="useCapture must be false"):
        EventTarget().add_event_listener("a", lambda event: None, True)


def test_data_of_events() -> None:
    assert CustomEvent("a", {"detail": 5}).detail == 5
    assert MessageEvent("a", {"data": "x"}).data == "x"
    assert Event("a").type_ == "a"
