"""How much happens while time does not move on."""

from __future__ import annotations

from flarelocal.clock.timer import Timer

__all__ = ["EndlessLoopError", "Instant"]

_TIMERS_PER_INSTANT = 100_000
_SAME_PER_INSTANT = 1_000


class EndlessLoopError(RuntimeError):
    """Timers kept falling due without time moving on."""


class Instant:
    """Counts what falls due while time does not move on."""

    __slots__ = ("_all", "_labels")

    def __init__(self) -> None:
        self._all = 0
        self._labels: dict[str, int] = {}

    def count(self, timer: Timer, now_ms: float) -> None:
        """Count a timer.

        Raises:
            EndlessLoopError: there were too many, or too many of the same.
        """
        self._all += 1
        number, limit = self._all, _TIMERS_PER_INSTANT
        if timer.label:
            same = self._labels[timer.label] = self._labels.get(timer.label, 0) + 1
            if same > _SAME_PER_INSTANT:
                number, limit = same, _SAME_PER_INSTANT
        if number > limit:
            raise EndlessLoopError(
                f"{number} timers fell due at {now_ms:.0f} without time moving on;"
                f" the last one was {timer.label or 'a timer of the Worker'}"
            )
