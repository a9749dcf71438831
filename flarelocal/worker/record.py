"""How one invocation goes, as the journal is told."""

from __future__ import annotations

import asyncio
import time
from types import TracebackType

from flarelocal.journal import Journal
from flarelocal.pyodide.traceback import format_error
from flarelocal.worker.events import InvocationFinished, InvocationStarted
from flarelocal.worker.hints import hint_for
from flarelocal.worker.invocation import Invocation
from flarelocal.worker.time_limit import ExceededWallTimeError

__all__ = ["Record"]

_ENDED = (asyncio.CancelledError, GeneratorExit)


class Record:
    """Tells the journal that an invocation begins and how it ends, where a `with` block does.

    Args:
        running: has the invocation as long as it lasts.

    Attributes:
        outcome: `ok`, `exception`, `canceled`, …: workerd's io/outcome.capnp.
        detail: what came of it, in a few words: a status, a count.
        error: what it failed with.
        hint: how to mend that, if it is known.
    """

    __slots__ = (
        "_began",
        "_invocation",
        "_journal",
        "_number",
        "_running",
        "detail",
        "error",
        "hint",
        "outcome",
    )

    def __init__(self, invocation: Invocation, journal: Journal, running: set[Invocation]) -> None:
        self.outcome = "ok"
        self.detail = ""
        self.error: BaseException | None = None
        self.hint: str | None = None
        self._invocation = invocation
        self._journal = journal
        self._running = running

    def fail(self, error: BaseException) -> None:
        """Note an error; the first one counts."""
        late = isinstance(error, ExceededWallTimeError)
        self.outcome = "exceededWallTime" if late else "exception"
        self.error = self.error or error

    def __enter__(self) -> Record:
        invocation, trigger = self._invocation, self._invocation.trigger
        self._began = time.perf_counter()
        self._number = number = invocation.number
        self._journal.record(
            InvocationStarted(number, invocation.worker, trigger.kind, trigger.subject)
        )
        self._running.add(invocation)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        invocation, trigger = self._invocation, self._invocation.trigger
        if isinstance(error, _ENDED):
            self.outcome = "canceled"
        elif error is not None:
            self.fail(error)
            self.hint = hint_for(error, invocation.scope.env)
        self._running.discard(invocation)
        self._journal.record(
            InvocationFinished(
                self._number,
                invocation.worker,
                trigger.kind,
                trigger.subject,
                self.outcome,
                (time.perf_counter() - self._began) * 1000,
                self.detail,
                None if self.error is None else self.traceback,
            )
        )

    @property
    def traceback(self) -> str | None:
        if self.error is None:
            return None
        if isinstance(self.error, ExceededWallTimeError):
            # Nothing in the code says where it would have ended.
            return f"{self.error}\n"
        return format_error(self.error) + (f"Hint: {self.hint}\n" if self.hint else "")
