"""Failures of handlers for which nobody waits: they fail the test, unless it expects them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flarelocal.dataclass import dataclass
from flarelocal.durable_objects.events import ObjectTaskFailed
from flarelocal.journal import Entry, Event, Journal
from flarelocal.worker.events import InvocationFinished, TaskFailed

__all__ = ["Expectation", "Failure", "Failures"]

_BACKGROUND = frozenset({"queue", "scheduled", "alarm"})


@dataclass(frozen=True, slots=True)
class Failure:
    """A handler, or a task that it left behind, raised.

    Attributes:
        trigger: `queue`, `scheduled`, `alarm`, or `waitUntil`.
        subject: the queue, cron or object.
        traceback: as text.
    """

    trigger: str
    subject: str
    traceback: str

    def __str__(self) -> str:
        return f"{self.trigger} {self.subject} failed:\n{self.traceback}"


class Failures:
    """Collects them from a journal."""

    def __init__(self, journal: Journal) -> None:
        self._found: list[Failure] = []
        self._expectations: list[Expectation] = []
        self._end = journal.subscribe(self._look, *_READERS)

    def close(self) -> None:
        """Collect no more."""
        self._end()

    def expect(self, match: str | None) -> Expectation:
        """Expect failures from now on."""
        expectation = Expectation(match, self._expectations.remove)
        self._expectations.append(expectation)
        return expectation

    def forgive(self, trigger: str, subject: str) -> None:
        """Forget the last failure of a handler: somebody waited for it after all."""
        for index in range(len(self._found) - 1, -1, -1):
            if (self._found[index].trigger, self._found[index].subject) == (trigger, subject):
                del self._found[index]
                break
        for expectation in self._expectations:
            expectation.forgive(trigger, subject)

    def report(self) -> str | None:
        """What is wrong: failures that nobody expected, expectations that nothing met."""
        parts = [str(failure) for failure in self._found]
        parts += [text for each in self._expectations if (text := each.disappointment())]
        return "\n".join(parts) or None

    def _look(self, entry: Entry) -> None:
        read = _READERS.get(type(entry.event))
        failure = read(entry.event) if read else None
        if failure is None:
            return
        for expectation in reversed(self._expectations):
            if expectation.takes(failure):
                return
        self._found.append(failure)


class Expectation:
    """Failures that a test expects, from its making on, or within a `with` block.

    Attributes:
        failures: those that came.
    """

    def __init__(self, match: str | None, end: Callable[[Expectation], object]) -> None:
        self.failures: list[Failure] = []
        self._match = match
        self._end = end

    def takes(self, failure: Failure) -> bool:
        """Whether it is one of those; keeps it then."""
        if self._match is not None and self._match not in str(failure):
            return False
        self.failures.append(failure)
        return True

    def forgive(self, trigger: str, subject: str) -> None:
        """One of those was none."""
        self.failures = [
            each for each in self.failures if (each.trigger, each.subject) != (trigger, subject)
        ]

    def disappointment(self) -> str | None:
        """What to say if none came."""
        if self.failures:
            return None
        wanted = f" with {self._match!r} in its traceback" if self._match else ""
        return f"no background handler failed{wanted}, which the test expected"

    def __enter__(self) -> Expectation:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._end(self)
        if kind is None and (text := self.disappointment()):
            raise AssertionError(text)


def _of_invocation(event: InvocationFinished) -> Failure | None:
    failed = event.outcome not in ("ok", "canceled") and event.trigger in _BACKGROUND
    return Failure(event.trigger, event.subject, event.error or "") if failed else None


def _of_task(event: TaskFailed) -> Failure:
    return Failure("waitUntil", f"of {event.worker}", event.error)


def _of_object_task(event: ObjectTaskFailed) -> Failure:
    name = event.object_name or event.object_id[:8]
    return Failure("waitUntil", f"of {event.class_name}({name})", event.reason)


_READERS: dict[type[Event], Callable[[Any], Failure | None]] = {
    InvocationFinished: _of_invocation,
    TaskFailed: _of_task,
    ObjectTaskFailed: _of_object_task,
}
