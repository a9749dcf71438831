"""What the journal remembers of invocations."""

from __future__ import annotations

from flarelocal.dataclass import dataclass
from flarelocal.journal import Event

__all__ = ["BodyFailed", "InvocationFinished", "InvocationStarted", "Logged", "TaskFailed"]


@dataclass(frozen=True, slots=True)
class InvocationStarted(Event):
    """An event reached a Worker.

    Attributes:
        trigger: `fetch`, `queue`, `scheduled`, `alarm`, `rpc`, ….
        subject: the path, queue, cron or object.
    """

    number: int
    worker: str
    trigger: str
    subject: str


@dataclass(frozen=True, slots=True)
class InvocationFinished(Event):
    """An event was handled.

    Attributes:
        outcome: `ok`, `exception`, `canceled`, …: workerd's io/outcome.capnp.
        duration_ms: by the wall clock, even where the emulator's clock stands still.
        detail: what came of it, in a few words: a status, a count.
        error: the traceback, the Worker's own frames first.
    """

    number: int
    worker: str
    trigger: str
    subject: str
    outcome: str
    duration_ms: float
    detail: str = ""
    error: str | None = None


@dataclass(frozen=True, slots=True)
class TaskFailed(Event):
    """A task that `waitUntil` kept alive raised after the answer was given."""

    number: int
    worker: str
    error: str


@dataclass(frozen=True, slots=True)
class BodyFailed(Event):
    """The body of a response raised while it was sent: for the client it breaks off.

    Attributes:
        subject: method and path of the request.
    """

    worker: str
    subject: str
    error: str


@dataclass(frozen=True, slots=True)
class Logged(Event):
    """What a Worker printed: a line, or a message to `console`.

    Attributes:
        number: of the invocation.
        stream: `stdout` or `stderr`.
        level: `debug`, `info`, `log`, `warn` or `error`; of print, `log` or `error`.
    """

    number: int
    worker: str
    stream: str
    level: str
    text: str
