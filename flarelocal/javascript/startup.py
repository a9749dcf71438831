"""What a program may not do while its modules are being imported."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from flarelocal.clock import Clock, Order, Timer
from flarelocal.javascript.errors import JsError, error

__all__ = ["StartupClock", "at_startup", "disallowed"]

_TEXT = (
    "Disallowed operation called within global scope. Asynchronous I/O (ex: fetch() or connect()), "
    "setting a timeout, and generating random values are not allowed within global scope. To fix "
    "this error, perform this operation within a handler. "
    "https://developers.cloudflare.com/workers/runtime-apis/handlers/"
)


class StartupClock(Clock):
    """The clock of the global scope: it stands at 1970, and no timer can be armed.

    What starts with a program is the same in each instance of it, so it sees no real time
    (Cloudflare docs, "Workers runtime: performance and timers").
    """

    def now(self) -> int:
        return 0

    def call_at(
        self,
        when_ms: float,
        callback: Callable[[], object],
        *,
        order: Order = Order.TIMER,
        label: str = "",
    ) -> Timer:
        raise disallowed()

    def _armed(self, timer: Timer) -> NoReturn:
        raise disallowed()


def disallowed() -> JsError:
    """The error of what needs an event."""
    return error(_TEXT)


def at_startup() -> bool:
    """Whether the program is being imported."""
    return type(Clock.current()) is StartupClock
