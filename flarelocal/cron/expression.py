"""One cron of a Worker."""

from __future__ import annotations

from functools import cached_property

from flarelocal.cron.days import Dates, Weekdays
from flarelocal.cron.expansion import expand
from flarelocal.cron.explanation import explain
from flarelocal.cron.grammar import Contents, parse
from flarelocal.cron.hints import hints, weekday_note
from flarelocal.cron.timetable import Span, Timetable

__all__ = ["Expression"]


class Expression:
    """A cron expression in Cloudflare's dialect, always in UTC.

    Equal to another if both mean the same timetable: Cloudflare refuses such a pair.

    Attributes:
        text: the expression as configured, which is what `controller.cron` tells the Worker.
    """

    def __init__(self, text: str, contents: Contents) -> None:
        self.text = text
        self._contents = contents
        self._values = expand(contents)
        self._known = (0, 0)

    @classmethod
    def parse(cls, text: str) -> Expression:
        """Read an expression.

        Raises:
            CronError: Cloudflare would refuse it.
        """
        return cls(text, parse(text))

    @cached_property
    def timetable(self) -> Timetable:
        minutes, hours, dates, months, weekdays = self._values
        date_rule, weekday_rule = self._contents[2], self._contents[4]
        return Timetable(
            minutes,
            hours,
            months,
            Dates(dates) if isinstance(date_rule, tuple) else date_rule,
            Weekdays(weekdays) if isinstance(weekday_rule, tuple) else weekday_rule,
        )

    def next_after(self, ms: int) -> int | None:
        """The first fire time later than `ms` (ms since 1970); None if none in 45 years."""
        # Whoever waits for it asks again and again, and each test begins at the same time.
        asked, found = self._known
        if asked <= ms < found:
            return found
        following = self.timetable.next_after(ms)
        if following is not None:
            self._known = (ms, following)
        return following

    def matches(self, ms: int) -> bool:
        """Whether it fires in the minute of `ms` (ms since 1970)."""
        return self.timetable.matches(ms)

    def span(self, after: int, until: int) -> Span | None:
        """The fire times later than `after` and not later than `until`; None if none."""
        return self.timetable.span(after, until)

    def hints(self) -> tuple[str, ...]:
        """What its author may not expect, each a sentence."""
        return tuple(hints(self.text, self._contents, self._values, self.timetable))

    def note(self) -> str | None:
        """The hint that is information only: which days its numbers stand for."""
        return weekday_note(self.text)

    def explain(self) -> str:
        """When it fires, as an English sentence."""
        return explain(self.timetable)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Expression) and self.timetable == other.timetable

    def __hash__(self) -> int:
        return hash(self.timetable)

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"
