"""One cron of a running schedule."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

from flarelocal.cron.expression import Expression
from flarelocal.cron.timetable import Span

__all__ = ["WatchedCron"]


class WatchedCron:
    """How far a cron has come, and what of its past is still to be run.

    Attributes:
        seen_until: its fire times up to this one (ms since 1970) were run, put off or skipped.
    """

    def __init__(self, expression: Expression, seen_until: int) -> None:
        self.expression = expression
        self.seen_until = seen_until
        self._backlog: deque[Span] = deque()
        self._made_up_until: int | None = None

    @property
    def text(self) -> str:
        return self.expression.text

    @property
    def settled_until(self) -> int:
        """The fire times up to this one need not be run any more."""
        return self.seen_until if self._made_up_until is None else self._made_up_until

    def next(self) -> int | None:
        """The first fire time that was not seen yet."""
        return self.expression.next_after(self.seen_until)

    def put_off(self, span: Span) -> bool:
        """Keep missed times for later; True if there were none before."""
        self._backlog.append(span)
        if self._made_up_until is not None:
            return False
        self._made_up_until = span.first - 1
        return True

    def take(self) -> int | None:
        """The earliest time that was put off, which is then settled; None if none is left."""
        if not self._backlog:
            self._made_up_until = None
            return None
        span = self._backlog.popleft()
        following = self.expression.next_after(span.first)
        if following is not None and following <= span.last:
            self._backlog.appendleft(replace(span, count=span.count - 1, first=following))
        self._made_up_until = span.first
        return span.first
