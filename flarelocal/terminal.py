"""What the terminal shows: the banner, one line per event, errors with their source lines."""

from __future__ import annotations

import datetime as dt
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from flarelocal.cron import CronMissed
from flarelocal.journal import Entry, Event, Journal
from flarelocal.queues.events import (
    BatchEnded,
    MessageDeadLettered,
    MessageDropped,
    MessagesExpired,
    QueueWithoutConsumer,
)
from flarelocal.worker.events import InvocationFinished, TaskFailed

if TYPE_CHECKING:
    from flarelocal.emulator import Emulator

__all__ = ["Terminal"]

_LEVELS = {"none": 0, "error": 1, "warn": 2, "log": 3, "info": 3, "debug": 4}
_STYLES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}


class Terminal:
    """Writes for people: coloured on a terminal, plain when piped.

    Args:
        level: the least important thing to show: `none`, `error`, `warn`, `log` or `debug`.
    """

    def __init__(self, stream: TextIO, level: str = "log") -> None:
        self._stream = stream
        self._level = _LEVELS[level]
        self._coloured = stream.isatty()
        self._lock = threading.Lock()
        self._lines: dict[type[Event], Callable[[Entry], str | None]] = {
            InvocationFinished: self._invocation,
            BatchEnded: self._batch,
            TaskFailed: self._task_failed,
            QueueWithoutConsumer: self._without_consumer,
            MessageDeadLettered: self._dead_lettered,
            MessageDropped: self._dropped,
            MessagesExpired: self._expired,
            CronMissed: self._missed,
        }

    # -- events

    def follow(self, journal: Journal) -> None:
        """Show what happens from now on."""
        journal.subscribe(self._entry)

    def _entry(self, entry: Entry) -> None:
        render = self._lines.get(type(entry.event))
        text = render(entry) if render else None
        if text:
            self._write(text)

    def _invocation(self, entry: Entry) -> str | None:
        event = entry.event
        assert isinstance(event, InvocationFinished)
        failed = event.outcome != "ok"
        if event.trigger == "queue" or (self._level < _LEVELS["log"] and not failed):
            return None
        if (
            event.trigger in ("rpc", "object fetch")
            and self._level < _LEVELS["debug"]
            and not failed
        ):
            return None
        if event.trigger == "fetch":
            method, _, path = event.subject.partition(" ")
            result = self._status(event.detail) if event.detail else self._style("500", "red")
            return self._line(entry, method, path, result, event.duration_ms, event.error)
        result = self._outcome(event.outcome)
        return self._line(
            entry, event.trigger.upper(), event.subject, result, event.duration_ms, event.error
        )

    def _batch(self, entry: Entry) -> str | None:
        event = entry.event
        assert isinstance(event, BatchEnded)
        total = event.acked + event.retried + event.spent
        colour = "green" if event.acked == total else "yellow" if event.acked else "red"
        if self._level < _LEVELS["log"] and event.error is None:
            return None
        result = self._style(f"{event.acked}/{total} acked", colour)
        if event.retried:
            result += f", {event.retried} to retry"
        return self._line(entry, "QUEUE", event.queue, result, event.duration_ms, event.error)

    def _task_failed(self, entry: Entry) -> str | None:
        event = entry.event
        assert isinstance(event, TaskFailed)
        return self._line(
            entry, "WAITUNTIL", event.worker, self._outcome("exception"), None, event.error
        )

    def _without_consumer(self, entry: Entry) -> str | None:
        event = entry.event
        assert isinstance(event, QueueWithoutConsumer)
        return self._warning(f'Queue "{event.queue}" has no consumer: its messages are kept.')

    def _dead_lettered(self, entry: Entry) -> str | None:
        event = entry.event
        assert isinstance(event, MessageDeadLettered)
        return self._warning(
            f'Moved message "{event.message}" of queue "{event.queue}" to dead letter queue '
            f'"{event.dead_letter_queue}" after {event.attempts} failed attempts.'
        )

    def _dropped(self, entry: Entry) -> str | None:
        event = entry.event
        assert isinstance(event, MessageDropped)
        return self._warning(
            f'Dropped message "{event.message}" of queue "{event.queue}" after '
            f"{event.attempts} failed attempts: the queue has no dead letter queue."
        )

    def _expired(self, entry: Entry) -> str | None:
        event = entry.event
        assert isinstance(event, MessagesExpired)
        return self._warning(
            f'{event.messages} message(s) of queue "{event.queue}" reached the end of retention.'
        )

    def _missed(self, entry: Entry) -> str | None:
        event = entry.event
        assert isinstance(event, CronMissed)
        count = sum(cron.count for cron in event.crons)
        policy = {"skip": "skipped", "once": "run once each", "all": "all run now"}[event.policy]
        return self._warning(f"{count} cron run(s) were missed while nothing ran: {policy}.")

    # -- messages

    def banner(self, emulator: Emulator, url: str) -> None:
        """What the Worker has, when its triggers fire, and where it answers."""
        if self._level < _LEVELS["log"]:
            return
        from flarelocal.banner import render

        self._write(render(emulator, url, coloured=self._coloured))

    def warning(self, text: str) -> None:
        if self._level >= _LEVELS["warn"]:
            self._write(self._warning(text) or "")

    def error(self, text: str) -> None:
        if self._level >= _LEVELS["error"]:
            self._write(self._style(text, "red"))

    def fatal(self, text: str) -> None:
        """Say why the program ends; on standard error, whatever the level."""
        sys.stderr.write(text.rstrip() + "\n")
        sys.stderr.flush()

    def reloaded(self, files: Sequence[Path]) -> None:
        names = ", ".join(file.name for file in files[:3]) + (", …" if len(files) > 3 else "")
        self._note(f"Reloaded ({names}).")

    def stopping(self) -> None:
        self._note("Stopping: work in progress is finished first (Ctrl-C again to stop at once).")

    def stopped(self) -> None:
        self._note("Stopped.")

    # -- lines

    def _note(self, text: str) -> None:
        if self._level >= _LEVELS["log"]:
            self._write(self._style(text, "dim"))

    def _warning(self, text: str) -> str | None:
        return self._style(f"Warning: {text}", "yellow") if self._level >= _LEVELS["warn"] else None

    def _line(
        self,
        entry: Entry,
        kind: str,
        subject: str,
        result: str,
        duration_ms: float | None,
        error: str | None,
    ) -> str:
        moment = dt.datetime.fromtimestamp(entry.at / 1000).strftime("%H:%M:%S")
        took = "" if duration_ms is None else self._style(f" ({_duration(duration_ms)})", "dim")
        head = f"{self._style(moment, 'dim')} {self._style(kind, 'bold')} {subject} {result}{took}"
        return f"{head}\n{self._style(error.rstrip(), 'red')}" if error else head

    def _status(self, status: str) -> str:
        from http import HTTPStatus

        number = int(status)
        phrase = HTTPStatus(number).phrase if number in set(HTTPStatus) else ""
        colour = ("cyan", "green", "cyan", "yellow", "red")[min(number // 100, 5) - 1]
        return self._style(f"{status} {phrase}".rstrip(), colour)

    def _outcome(self, outcome: str) -> str:
        return self._style(outcome, "green" if outcome == "ok" else "red")

    def _style(self, text: str, style: str) -> str:
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if self._coloured else text

    def _write(self, text: str) -> None:
        if not text:
            return
        with self._lock:
            self._stream.write(text + "\n")
            self._stream.flush()


def _duration(ms: float) -> str:
    return f"{ms:.1f}ms" if ms < 10 else f"{ms:.0f}ms" if ms < 10_000 else f"{ms / 1000:.1f}s"
