"""`pyodide.ffi.wrappers`: listeners and timers whose proxies live as long as they are needed."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from importlib import import_module
from typing import Any

from flarelocal.pyodide.double_proxy import create_once_callable, create_proxy

__all__ = ["Wrappers"]


class Wrappers:
    """The functions of the module, and the proxies that it keeps for one Worker."""

    def __init__(self) -> None:
        self._listeners: dict[Hashable, Any] = {}
        self._timeouts: dict[int, Any] = {}
        self._intervals: dict[int, Any] = {}

    def members(self) -> dict[str, Any]:
        """What the module has, by name."""
        return {
            "EVENT_LISTENERS": self._listeners,
            "INTERVAL_CALLBACKS": self._intervals,
            "TIMEOUTS": self._timeouts,
            "add_event_listener": self.add_event_listener,
            "clear_interval": self.clear_interval,
            "clear_timeout": self.clear_timeout,
            "remove_event_listener": self.remove_event_listener,
            "set_interval": self.set_interval,
            "set_timeout": self.set_timeout,
        }

    def add_event_listener(self, elt: Any, event: str, listener: Callable[[Any], Any]) -> None:
        """Have `listener` called with each event of a type, until it is removed."""
        proxy = create_proxy(listener)
        self._listeners[elt.js_id, event, listener] = proxy
        elt.addEventListener(event, proxy)

    def remove_event_listener(self, elt: Any, event: str, listener: Callable[[Any], Any]) -> None:
        """Have `listener` no longer called.

        Raises:
            KeyError: it was not added by `add_event_listener`.
        """
        proxy = self._listeners.pop((elt.js_id, event, listener))
        elt.removeEventListener(event, proxy)
        proxy.destroy()

    def set_timeout(self, callback: Callable[[], Any], timeout: int) -> int:
        """Have `callback` called once, `timeout` ms from now; gives the number of the timer."""

        def ring() -> None:
            callback()
            self._timeouts.pop(timer, None)

        proxy = create_once_callable(ring)
        timer: int = _js().setTimeout(proxy, timeout)
        self._timeouts[timer] = proxy
        return timer

    def clear_timeout(self, timeout_retval: int) -> None:
        _js().clearTimeout(timeout_retval)
        _destroy(self._timeouts, timeout_retval)

    def set_interval(self, callback: Callable[[], Any], interval: int) -> int:
        """Have `callback` called each `interval` ms; gives the number of the timer."""
        proxy = create_proxy(callback)
        timer: int = _js().setInterval(proxy, interval)
        self._intervals[timer] = proxy
        return timer

    def clear_interval(self, interval_retval: int) -> None:
        _js().clearInterval(interval_retval)
        _destroy(self._intervals, interval_retval)


def _destroy(proxies: dict[int, Any], timer: int) -> None:
    proxy = proxies.pop(timer, None)
    if proxy is not None:
        proxy.destroy()


def _js() -> Any:
    return import_module("js")
