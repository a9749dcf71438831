"""Timers of a program, by the clock of its invocation."""

from __future__ import annotations

import asyncio
import itertools
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Protocol
from weakref import WeakValueDictionary

from flarelocal.clock import Clock
from flarelocal.javascript.errors import type_error
from flarelocal.javascript.host import HostObject, method
from flarelocal.javascript.numbers import to_integer, to_number
from flarelocal.javascript.promise import future, let_run, rethrow
from flarelocal.javascript.signature import NO_OPTIONS, Options
from flarelocal.javascript.values import BigInt, Value
from flarelocal.javascript.web.console import report
from flarelocal.javascript.web.reason import as_error

if TYPE_CHECKING:
    from flarelocal.javascript.web.abort import AbortSignal

__all__ = ["Scheduler", "after", "clear_timer", "set_interval", "set_timeout"]

_LONGEST_MS = 2.0**31 - 1


class _Handle(Protocol):
    def cancel(self) -> None: ...


def after(delay_ms: float, callback: Callable[[], object]) -> _Handle:
    """Call `callback` in `delay_ms` ms of the invocation's clock."""
    clock = Clock.current()
    if clock is not None:
        return clock.call_later(delay_ms, callback)
    return asyncio.get_running_loop().call_later(delay_ms / 1000, callback)


class _Timer:
    """One timer of a program, known by its number."""

    __slots__ = ("__weakref__", "_arguments", "_callback", "_every", "_handle", "number")

    def __init__(
        self, callback: Callable[..., Value], arguments: tuple[Value, ...], every: float | None
    ) -> None:
        self.number = next(_numbers)
        self._callback = callback
        self._arguments = arguments
        self._every = every
        self._handle: _Handle | None = None

    def arm(self, delay_ms: float) -> None:
        self._handle = after(delay_ms, self._fire)

    def _fire(self) -> None:
        if self._every is not None:
            self.arm(self._every)
        try:
            let_run(self._callback(*self._arguments))
        except Exception as failure:
            report(failure)

    def cancel(self) -> None:
        if self._handle is not None:
            self._handle.cancel()


_numbers = itertools.count(1)
# The clock keeps armed timers alive; others need no entry.
_timers: WeakValueDictionary[int, _Timer] = WeakValueDictionary()


def _delay(value: Value) -> float:
    delay = to_number(value)
    return 0 if math.isnan(delay) else max(0, min(math.floor(delay), _LONGEST_MS))


def _start(
    callback: Callable[..., Value],
    delay: float,
    arguments: tuple[Value, ...],
    every: float | None = None,
) -> int:
    timer = _Timer(callback, arguments, every)
    _timers[timer.number] = timer
    timer.arm(delay)
    return timer.number


def set_timeout(callback: Callable[..., Value], delay: Value = None, *arguments: Value) -> int:
    """`setTimeout`: call once, in `delay` ms; gives the timer's number."""
    return _start(callback, _delay(delay), arguments)


def set_interval(callback: Callable[..., Value], delay: Value = None, *arguments: Value) -> int:
    """`setInterval`: call every `delay` ms, at least 1; gives the timer's number."""
    every = max(1, _delay(delay))
    return _start(callback, every, arguments, every)


def clear_timer(number: Value = None) -> None:
    """`clearTimeout` and `clearInterval`."""
    known = isinstance(number, str | int | float) and not isinstance(number, BigInt)
    timer = _timers.pop(to_integer(number), None) if known else None
    if timer is not None:
        timer.cancel()


class Scheduler(HostObject):
    """`scheduler`."""

    __slots__ = ()

    @method(promise=True)
    def wait(self, delay: float, options: Annotated[Options, "WaitOptions"] = NO_OPTIONS) -> Value:
        signal = _signal_of(options)
        if signal is not None and signal.aborted:
            rethrow(as_error(signal.reason))
        woken = future()

        def wake() -> None:
            if not woken.done():
                woken.set_result(None)

        timer = after(_delay(delay), wake)
        unsubscribe = signal.subscribe(wake) if signal is not None else None

        async def wait() -> None:
            try:
                await woken
            finally:
                timer.cancel()
                if unsubscribe is not None:
                    unsubscribe()
            if signal is not None and signal.aborted:
                rethrow(as_error(signal.reason))

        return wait()


def _signal_of(options: Options) -> AbortSignal | None:
    from flarelocal.javascript.web.abort import AbortSignal

    signal = options.get("signal")
    if signal is not None and not isinstance(signal, AbortSignal):
        raise type_error(
            "Incorrect type for the 'signal' field on 'WaitOptions': the provided value is not of"
            " type 'AbortSignal'."
        )
    return signal
