from __future__ import annotations

import pytest

from flarelocal.clock import VirtualClock
from flarelocal.javascript.errors import JsError, Thrown
from flarelocal.javascript.function import constructor_of_class
from flarelocal.javascript.values import Value, null
from flarelocal.javascript.web.abort import AbortController, AbortSignal


def test_abort_tells_listeners_once() -> None:
    calls: list[Value] = []
    abort = AbortController()
    abort.signal.add_event_listener("abort", calls.append)
    abort.abort("why")
    abort.abort("again")
    assert len(calls) == 1
    assert abort.signal.reason == "why"
    with pytest.raises(Thrown):
        abort.signal.throw_if_aborted()


def test_the_default_reason() -> None:
    signal = AbortSignal.abort()
    with pytest.raises(JsError, match="The operation was aborted") as aborted:
        signal.throw_if_aborted()
    assert aborted.value.name == "AbortError"


async def test_a_timeout_follows_the_clock() -> None:
    clock = VirtualClock()
    clock.make_current()
    signal = AbortSignal.timeout(50)
    await clock.advance(49)
    assert not signal.aborted
    await clock.advance(1)
    assert signal.reason.name == "TimeoutError"


def test_any() -> None:
    first, second = AbortController(), AbortController()
    signal = AbortSignal.any_([first.signal, second.signal])
    second.abort("second")
    assert signal.reason == "second"
    assert AbortSignal.any_([second.signal]).aborted


def test_the_property_has_a_place_among_the_listeners() -> None:
    calls: list[str] = []
    abort = AbortController()
    abort.signal.add_event_listener("abort", lambda event: calls.append("first"))
    abort.signal.onabort = lambda event: calls.append("replaced")
    abort.signal.add_event_listener("abort", lambda event: calls.append("last"))
    abort.signal.onabort = lambda event: calls.append("property")
    abort.abort()
    assert calls == ["first", "property", "last"]


def test_what_is_no_handler_is_null() -> None:
    signal = AbortController().signal
    signal.onabort = 5
    assert signal.onabort is null


@pytest.mark.parametrize(
    ("signals", "message"),
    [(5, "parameter 1 is not of type 'Array'"), ([5], "Incorrect type for array element 0")],
)
def test_any_of_what_is_no_signal(signals: Value, message: str) -> None:
    with pytest.raises(JsError, match=message):
        AbortSignal.any_(signals)


def test_signals_cannot_be_made() -> None:
    with pytest.raises(JsError, match="Illegal constructor"):
        constructor_of_class(AbortSignal).construct()
