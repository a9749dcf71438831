"""`pyodide.ffi.wrappers`."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from flarelocal.clock import VirtualClock
from flarelocal.javascript.web.global_scope import GlobalScope
from flarelocal.pyodide.boundary import to_python
from flarelocal.pyodide.wrappers import Wrappers


@pytest.fixture
def js(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The global object, which code can import."""
    scope = to_python(GlobalScope())
    monkeypatch.setitem(sys.modules, "js", scope)
    return scope


@pytest.fixture
def wrappers() -> Any:
    """What the module has."""
    return SimpleNamespace(**Wrappers().members())


def test_a_listener_hears_of_events_until_it_is_removed(js: Any, wrappers: Any) -> None:
    target = js.EventTarget.new()
    heard: list[Any] = []
    wrappers.add_event_listener(target, "ring", heard.append)
    target.dispatchEvent(js.Event.new("ring"))
    wrappers.remove_event_listener(target, "ring", heard.append)
    target.dispatchEvent(js.Event.new("ring"))
    assert [event.type for event in heard] == ["ring"]
    with pytest.raises(KeyError):
        wrappers.remove_event_listener(target, "ring", heard.append)


@pytest.mark.usefixtures("js")
async def test_timers_ring_until_they_are_cleared(wrappers: Any) -> None:
    clock = VirtualClock()
    clock.make_current()
    rung: list[str] = []
    wrappers.set_timeout(lambda: rung.append("once"), 10)
    wrappers.clear_timeout(wrappers.set_timeout(lambda: rung.append("never"), 10))
    interval = wrappers.set_interval(lambda: rung.append("again"), 20)
    await clock.advance(50)
    wrappers.clear_interval(interval)
    await clock.advance(50)
    assert rung == ["once", "again", "again"]
    assert not wrappers.TIMEOUTS
    assert not wrappers.INTERVAL_CALLBACKS
