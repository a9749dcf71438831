from __future__ import annotations

import pytest

from flarelocal.clock import VirtualClock
from flarelocal.javascript.errors import JsError, Thrown
from flarelocal.javascript.values import Value
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
    with pytest.raises(JsError, match="not of type 'Array'"):
        AbortSignal.any_([5])
