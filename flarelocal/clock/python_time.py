"""What `time.time` and `datetime.now` show, in the whole process."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from time_machine import Traveller, travel

__all__ = ["PythonTime"]


class PythonTime:
    """Wall time unless it is moved; `time.monotonic`, and so the event loop, never is."""

    def __init__(self) -> None:
        self._travel: tuple[travel, Traveller] | None = None
        self._stands_s: int | None = None

    def wall_ns(self) -> int:
        """The time of the machine in ns since 1970, whatever is shown."""
        if self._travel is None:
            return time.time_ns()
        from time_machine import escape_hatch

        return escape_hatch.time.time_ns()

    def stand(self, ms: float) -> None:
        """Show this time, in ms since 1970, and stand still."""
        second = int(ms) // 1000 if ms % 1000 == 0 else None
        if second is None:
            # With half a microsecond, what is rounded down is never a millisecond short.
            self._show((ms + 0.0005) / 1000, ticking=False)
        elif self._travel is None or self._stands_s is None:
            self._show(second, ticking=False)
        else:
            # From one second to another this is as exact, and takes a fraction of the time.
            self._travel[1].shift(second - self._stands_s)
        self._stands_s = second

    def run(self, ahead_ms: int) -> None:
        """Show a time that is this far ahead of the machine's, and goes on with it."""
        self._stands_s = None
        if ahead_ms:
            self._show((self.wall_ns() / 1_000_000 + ahead_ms) / 1000, ticking=True)
        else:
            self.end()

    def end(self) -> None:
        """Show the time of the machine again."""
        self._stands_s = None
        if self._travel is not None:
            self._travel[0].stop()
            self._travel = None

    def _show(self, seconds: float, *, ticking: bool) -> None:
        if self._travel is None:
            from time_machine import travel

            moved = travel(seconds, tick=ticking)
            self._travel = moved, moved.start()
        else:
            self._travel[1].move_to(seconds, tick=ticking)
        if ticking:
            # It goes on from when it is first looked at.
            time.time()
