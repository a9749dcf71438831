"""One line for each event of the journal that people care about."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from enum import IntEnum
from functools import lru_cache, singledispatch
from http import HTTPStatus

from flarelocal.clock.zone import local_zone
from flarelocal.cron.events import CronHistoryFailed, CronMissed
from flarelocal.dataclass import dataclass
from flarelocal.durable_objects.events import (
    AlarmAbandoned,
    AlarmRetried,
    ObjectEvent,
    ObjectReset,
    ObjectsKept,
    ObjectTaskFailed,
    SocketsLost,
)
from flarelocal.journal import Entry, Event
from flarelocal.mail.events import EmailSent
from flarelocal.queues.events import (
    BatchEnded,
    BatchLost,
    MessageDeadLettered,
    MessageDropped,
    MessagesExpired,
    QueueFailed,
    QueueWithoutConsumer,
)
from flarelocal.terminal.style import Style
from flarelocal.worker.events import BodyFailed, InvocationFinished, TaskFailed

__all__ = ["KINDS", "Level", "Line", "line"]

_INNER = ("rpc", "object fetch", "construct")
_POLICIES = {"skip": "they are skipped", "once": "each runs once now", "all": "all run now"}


class Level(IntEnum):
    """How important a line is; a terminal shows its own level and what is below it."""

    NONE = 0
    ERROR = 1
    WARN = 2
    LOG = 3
    INFO = 3
    DEBUG = 4


@dataclass(frozen=True, slots=True)
class Line:
    """What to show; `text` may have several lines."""

    level: Level
    text: str


def line(entry: Entry, style: Style, *, named: bool = False) -> Line | None:
    """The line for an entry of the journal; None if it is not worth one.

    Args:
        named: whether it says which Worker the event is about.
    """
    event = entry.event
    # Events have no subclasses of their own; to look for such takes longer than many lines.
    write = _line.registry.get(type(event))
    found = write(event, entry.at, style) if write else None
    if found is None or not named:
        return found
    worker = event.script if isinstance(event, BatchEnded) else getattr(event, "worker", "")
    if not worker:
        return found
    return replace(found, text=f"{style.dim(f'[{worker}]')} {found.text}")


@singledispatch
def _line(event: Event, at: int, style: Style) -> Line | None:
    return None


@_line.register
def _(event: InvocationFinished, at: int, style: Style) -> Line | None:
    # Of batches, BatchEnded tells more.
    if event.trigger == "queue":
        return None
    failed = event.outcome != "ok"
    if event.trigger == "fetch":
        kind, _, subject = event.subject.partition(" ")
    else:
        kind, subject = event.trigger.upper(), event.subject
    status = event.detail or ("500" if event.outcome == "exception" else "")
    if event.trigger == "fetch" and status:
        result = _status(status, style)
    elif event.trigger == "email" and event.detail:
        result = style.green(event.detail)
    else:
        result = (style.red if failed else style.green)(event.outcome)
    level = Level.ERROR if failed else Level.DEBUG if event.trigger in _INNER else Level.LOG
    return Line(level, _told(at, kind, subject, result, event.duration_ms, event.error, style))


@_line.register
def _(event: BatchEnded, at: int, style: Style) -> Line:
    total = event.acked + event.retried + event.spent
    colour = style.green if event.acked == total else style.yellow if event.acked else style.red
    result = colour(f"{event.acked}/{total} acked")
    if event.retried:
        result += f", {event.retried} to retry"
    level = Level.ERROR if event.error else Level.LOG
    text = _told(at, "QUEUE", event.queue, result, event.duration_ms, event.error, style)
    return Line(level, text)


@_line.register
def _(event: TaskFailed, at: int, style: Style) -> Line:
    result = style.red("exception")
    return Line(Level.ERROR, _told(at, "WAITUNTIL", event.worker, result, None, event.error, style))


@_line.register
def _(event: BodyFailed, at: int, style: Style) -> Line:
    kind, _, subject = event.subject.partition(" ")
    result = style.red("broke off")
    return Line(Level.ERROR, _told(at, kind, subject, result, None, event.error, style))


@_line.register
def _(event: ObjectTaskFailed, at: int, style: Style) -> Line:
    result = style.red("exception")
    text = _told(at, "WAITUNTIL", _object(event), result, None, event.reason, style)
    return Line(Level.ERROR, text)


@_line.register
def _(event: QueueWithoutConsumer, at: int, style: Style) -> Line:
    return _warning(f'Queue "{event.queue}" has no consumer: its messages are kept.', style)


@_line.register
def _(event: MessageDeadLettered, at: int, style: Style) -> Line:
    return _warning(
        f'Moved message "{event.message}" of queue "{event.queue}" to dead letter queue '
        f'"{event.dead_letter_queue}" after {event.attempts} failed attempts.',
        style,
    )


@_line.register
def _(event: MessageDropped, at: int, style: Style) -> Line:
    return _warning(
        f'Dropped message "{event.message}" of queue "{event.queue}" after {event.attempts} '
        "failed attempts: the queue has no dead letter queue.",
        style,
    )


@_line.register
def _(event: MessagesExpired, at: int, style: Style) -> Line:
    count = _count(event.messages, "message")
    return _warning(f'{count} of queue "{event.queue}" reached the end of retention.', style)


@_line.register
def _(event: BatchLost, at: int, style: Style) -> Line:
    count = _count(event.messages, "message")
    return _warning(
        f'{count} of queue "{event.queue}" were with a consumer when the last process died: '
        "they are delivered again.",
        style,
    )


@_line.register
def _(event: CronMissed, at: int, style: Style) -> Line:
    count = _count(sum(cron.count for cron in event.crons), "cron run")
    policy = _POLICIES[event.policy]
    return _warning(f"Missed {count} while nothing ran or the machine slept: {policy}.", style)


@_line.register
def _(event: AlarmRetried, at: int, style: Style) -> Line:
    seconds = (event.next_ms - at) / 1000
    return _warning(f"Alarm of {_object(event)} failed: it runs again in {seconds:.0f} s.", style)


@_line.register
def _(event: AlarmAbandoned, at: int, style: Style) -> Line:
    return _warning(f"Alarm of {_object(event)} failed and is given up.", style)


@_line.register
def _(event: ObjectsKept, at: int, style: Style) -> Line:
    return _warning(
        f"A migration deletes the class {event.class_name}, on Cloudflare with all its objects; "
        f"here they stay in {event.directory}: delete that directory to be rid of them.",
        style,
    )


@_line.register
def _(event: SocketsLost, at: int, style: Style) -> Line:
    count = _count(event.count, "WebSocket")
    return _warning(f"{count} of {_object(event)} closed by a reset: {event.reason}", style)


@_line.register
def _(event: ObjectReset, at: int, style: Style) -> Line:
    return Line(Level.DEBUG, style.dim(f"Reset {_object(event)}: {event.reason}"))


@_line.register
def _(event: EmailSent, at: int, style: Style) -> Line:
    subject = f"{event.sender} to {', '.join(event.recipients)}: {event.subject}"
    return Line(Level.LOG, _told(at, "MAIL", subject, style.green("kept"), None, None, style))


@_line.register
def _(event: QueueFailed, at: int, style: Style) -> Line:
    return Line(Level.ERROR, style.red(f'State of queue "{event.queue}": {event.error}'))


@_line.register
def _(event: CronHistoryFailed, at: int, style: Style) -> Line:
    return Line(Level.ERROR, style.red(f"History of crons: {event.error}"))


def _warning(text: str, style: Style) -> Line:
    return Line(Level.WARN, style.yellow(f"Warning: {text}"))


def _told(
    at: int,
    kind: str,
    subject: str,
    result: str,
    duration_ms: float | None,
    error: str | None,
    style: Style,
) -> str:
    parts = [
        style.dim(_moment(at // 1000)),
        style.bold(kind),
        *([subject] if subject else []),
        result,
    ]
    if duration_ms is not None:
        parts.append(style.dim(f"({_duration(duration_ms)})"))
    head = " ".join(parts)
    return f"{head}\n{style.red(error.rstrip())}" if error else head


@lru_cache(maxsize=1)
def _moment(second: int) -> str:
    return dt.datetime.fromtimestamp(second, local_zone()).strftime("%H:%M:%S")


@lru_cache
def _status(status: str, style: Style) -> str:
    number = int(status)
    phrase = HTTPStatus(number).phrase if number in set(HTTPStatus) else ""
    colour = (style.cyan, style.green, style.cyan, style.yellow, style.red)[number // 100 - 1]
    return colour(f"{status} {phrase}".rstrip())


def _object(event: ObjectEvent) -> str:
    return f"{event.class_name}({event.object_name or event.object_id[:8]})"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


def _duration(ms: float) -> str:
    return f"{ms:.1f} ms" if ms < 10 else f"{ms:.0f} ms" if ms < 10_000 else f"{ms / 1000:.1f} s"


KINDS: tuple[type[Event], ...] = tuple(kind for kind in _line.registry if kind is not object)
"""The events that have lines."""
