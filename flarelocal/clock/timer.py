"""What is to happen at some time."""

from __future__ import annotations

import contextvars
from collections.abc import Callable
from enum import IntEnum
from typing import Protocol

__all__ = ["Order", "Timer"]


class Order(IntEnum):
    """Which of several timers due at the same millisecond fires first."""

    CRON = 0
    QUEUE = 1
    ALARM = 2
    EXPIRY = 3
    TIMER = 4


class Keeper(Protocol):
    """Keeps timers until they fire."""

    def forget(self) -> None:
        """One of them was cancelled."""


class Timer:
    """One armed callback; has the surface of `asyncio.TimerHandle` that asyncio itself uses.

    Args:
        keeper: told that it was cancelled.
    """

    __slots__ = (
        "__weakref__",
        "_callback",
        "_context",
        "_keeper",
        "label",
        "order",
        "when_ms",
    )

    def __init__(
        self,
        when_ms: float,
        callback: Callable[[], object],
        order: Order,
        label: str,
        keeper: Keeper,
    ) -> None:
        self.when_ms = when_ms
        self.order = order
        self.label = label
        self._callback: Callable[[], object] | None = callback
        self._context = contextvars.copy_context()
        self._keeper = keeper

    def cancel(self) -> None:
        """Keep the callback from being called; without effect once it was."""
        if self._callback is not None:
            self._callback = None
            self._keeper.forget()

    def cancelled(self) -> bool:
        return self._callback is None

    def when(self) -> float:
        """The due time in seconds, as `asyncio.TimerHandle.when` gives it."""
        return self.when_ms / 1000

    def run(self) -> None:
        callback, self._callback = self._callback, None
        if callback is not None:
            self._context.run(callback)
