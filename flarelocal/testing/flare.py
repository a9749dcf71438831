"""`flare`: one Worker with fresh state, for one test."""

from __future__ import annotations

import random
import shutil
from collections.abc import Coroutine, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from flarelocal.bindings.execution_context import ExecutionContext
from flarelocal.emulator import Emulator
from flarelocal.javascript import json as javascript_json
from flarelocal.javascript.web.entropy import current_entropy
from flarelocal.javascript.web.fetch import current_outbound
from flarelocal.journal import Journal
from flarelocal.mail.events import EmailSent
from flarelocal.pyodide.boundary import from_python, to_python
from flarelocal.pyodide.proxy import js_value
from flarelocal.queues import Batch, ContentType, Metrics
from flarelocal.testing.clock import Time, VisibleClock, WorkerClock, instant_ms
from flarelocal.testing.failures import Expectation, Failures
from flarelocal.testing.fetch_mock import FetchMock
from flarelocal.testing.journal import JournalView
from flarelocal.testing.loop import TestClock
from flarelocal.testing.messages import QueueMessage, QueueResult
from flarelocal.testing.pace import Pace
from flarelocal.testing.project import Project
from flarelocal.testing.requests import make_request
from flarelocal.testing.traceback import own_frames
from flarelocal.worker.environment import variables
from flarelocal.worker.invocation import Invocation, Trigger
from flarelocal.worker.output import recorder

if TYPE_CHECKING:
    from flarelocal.testing.crons import Crons, ScheduledResult
    from flarelocal.testing.faults import Faults
    from flarelocal.testing.mail import EmailResult
    from flarelocal.testing.objects import DurableObjects
    from flarelocal.testing.queues import Queues

__all__ = ["Flare"]

_BEGINNING_MS = 1_767_225_600_000
_SEED_BITS = 64
T = TypeVar("T")
_current: ContextVar[Flare] = ContextVar("flare")


class Flare:
    """A Worker in memory on a clock that stands still until the test moves it.

    Args:
        now: what the clock shows first; default 2026-01-01T00:00Z.
        state: the directory that keeps state; None keeps it in memory.
        seed: for ids, jitter and random numbers.

    Attributes:
        clock: the time of the Worker.
        journal: what happened.
        fetch_mock: what answers the Worker's own requests.
        seed: the number with which the test draws the same ids again.
    """

    def __init__(
        self, project: Project, *, seed: int, now: Time | None = None, state: Path | None = None
    ) -> None:
        self.seed = seed
        self._project = project
        self._clock = VisibleClock(_BEGINNING_MS if now is None else instant_ms(now))
        self._pace = Pace(self._clock)
        self._state = state
        self._journal = Journal(self._clock, keep=None)
        self._failures = Failures(self._journal)
        self._emulator = self._make_emulator()
        self.clock = WorkerClock(self._pace)
        self.journal = JournalView(self._journal)
        self.fetch_mock = FetchMock(current_outbound.get())

    # -- life

    async def start(self) -> None:
        """Start the Worker; the present context becomes an event of it, as `workers.env` needs it.

        Raises:
            StartError: the code does not load, or the like.
        """
        # What others draw afterwards depends on what they drew before, and takes no copy of it.
        self._next_seed = random.getrandbits(_SEED_BITS)
        random.seed(self.seed)
        await self._begin()
        self._clock.show()

    async def reset(self) -> None:
        """Forget all that is stored and queued; clock, journal and code stay."""
        await self._emulator.stop(at_once=True)
        if self._state is not None:
            shutil.rmtree(self._state, ignore_errors=True)
        self._emulator = self._make_emulator()
        for name in ("queues", "faults"):
            vars(self).pop(name, None)
        await self._begin()

    def _make_emulator(self) -> Emulator:
        return Emulator(
            self._project.program,
            state=self._state,
            clock=self._clock,
            seed=self.seed,
            journal=self._journal,
            memory=self._project.memory,
        )

    async def _begin(self) -> None:
        for each in self._emulator.workers.values():
            each.program.scope.ambient = (
                (current_outbound, self.fetch_mock),
                (current_entropy, self._randbytes),
            )
        await self._emulator.start()
        invocation = self.new_invocation()
        invocation.execution = ExecutionContext(invocation)
        invocation.enter()
        # What the test prints is not the Worker's, nor is its environment.
        recorder.set(None)
        variables.set(None)
        _current.set(self)

    def new_invocation(self) -> Invocation:
        """An event of the Worker whose timers are those of the test."""
        clock = TestClock(self._clock, self._pace.follow)
        return self._emulator.primary.worker.invocation(Trigger("test"), clock)

    @staticmethod
    def current() -> Flare:
        """The one of the present test.

        Raises:
            RuntimeError: the test has none.
        """
        found = _current.get(None)
        if found is None:
            raise RuntimeError("there is no Worker here: let the test take the fixture `flare`")
        return found

    async def stop(self) -> None:
        """Cancel what still goes on, and forget the state."""
        self._failures.close()
        self._clock.hide()
        random.seed(self._next_seed)
        await self._emulator.stop(at_once=True)

    def verdict(self) -> str | None:
        """Why the test fails whatever it says itself; None if it does not."""
        return self._failures.report()

    # -- events

    async def fetch(
        self,
        path: str | Any = "/",
        *,
        method: str | None = None,
        json: Any = None,
        data: Mapping[str, str] | None = None,
        body: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Have the Worker answer a request; gives the SDK's Response.

        Args:
            path: with the query, or a whole URL; or the SDK's Request, and nothing else.
            method: default: GET, or POST if there is a body.
            json: the body, as JSON.
            data: the body, as fields of a form.

        Raises:
            Exception: what the handler raised.
        """
        import workers

        if isinstance(path, str):
            request = make_request(
                path, method=method, json=json, data=data, body=body, headers=headers
            )
        else:
            request = js_value(getattr(path, "js_object", path))
        try:
            response = await self._pace.carry(self._emulator.fetch(request))
        except Exception as error:
            raise error.with_traceback(own_frames(error.__traceback__)) from error.__cause__
        return workers.Response(to_python(response))

    async def queue(self, name: str, messages: Iterable[Any]) -> QueueResult:
        """Hand a batch to the `queue` handler, past the queue.

        Args:
            name: of the queue.
            messages: bodies, or `QueueMessage` where more than the body matters.
        """
        batch = self.batch(name, messages)
        verdict = await self._pace.carry(self._emulator.dispatch_queue(batch))
        if verdict.outcome != "ok":
            self._failures.forgive("queue", name)
        return QueueResult.of(verdict)

    def batch(self, name: str, messages: Iterable[Any]) -> Batch:
        """A batch as a `queue` handler gets it; see `queue`."""
        now = self._clock.now()
        made = tuple(
            (each if isinstance(each, QueueMessage) else QueueMessage(each)).made(
                self._content_type, self._random, now
            )
            for each in messages
        )
        return Batch(name, made, Metrics(0, 0, None))

    async def scheduled(self, cron: str = "", *, at: Time | None = None) -> ScheduledResult:
        """Fire the `scheduled` handler.

        Args:
            cron: what `controller.cron` shows; default: the first cron of the Worker.
            at: what `controller.scheduledTime` shows; default: now.
        """
        from flarelocal.testing.crons import ScheduledResult

        cron = cron or next(iter(self._emulator.config.crons), "")
        time_ms = None if at is None else instant_ms(at)
        outcome = await self._pace.carry(self._emulator.scheduled(cron, time_ms))
        if not outcome.ok:
            self._failures.forgive("scheduled", cron)
        return ScheduledResult.of(outcome)

    async def email(
        self,
        sender: str,
        recipient: str,
        raw: str | bytes | None = None,
        *,
        subject: str = "",
        text: str = "",
    ) -> EmailResult:
        """Have a mail delivered to the `email` handler.

        Args:
            sender: that of the envelope, as is the recipient.
            raw: the whole mail with its headers; default: one with `subject` and `text`.

        Raises:
            MailError: `raw` is no mail.
        """
        from flarelocal.testing.mail import EmailResult, written

        if raw is None:
            raw = written(sender, recipient, subject, text, self._random.getrandbits(128))
        data = raw.encode() if isinstance(raw, str) else raw
        delivery = self._emulator.delivery(sender, recipient, data)
        outcome = await self._pace.carry(self._emulator.email(delivery))
        return EmailResult.of(delivery, outcome)

    async def settle(self) -> None:
        """Let everything happen that is due by now, and all that it causes."""
        await self._pace.settle()

    async def wait_for(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait for something of the Worker, and let the clock move on if it sleeps."""
        return await self._pace.carry(work)

    # -- what there is

    @property
    def env(self) -> Any:
        """The Worker's own `env`."""
        import workers

        return workers.env

    @cached_property
    def queues(self) -> Queues:
        """The queues by name, or by the binding of a producer."""
        from flarelocal.testing.queues import Queues

        producers = self._emulator.config.queues.producers
        return Queues(
            self._emulator.broker,
            self._pace,
            {each.binding: each.queue for each in producers},
            self._content_type,
        )

    @cached_property
    def cron(self) -> Crons:
        """When crons fire."""
        from flarelocal.testing.crons import Crons

        return Crons(self._emulator.config.crons, self.clock)

    @property
    def durable_objects(self) -> DurableObjects:
        """Durable Objects by the name of a binding."""
        from flarelocal.testing.objects import DurableObjects

        return DurableObjects(self._emulator, self.env, self._pace, self._failures)

    @property
    def sent_mail(self) -> list[EmailSent]:
        """The mail that the Worker sent by `send_email` bindings."""
        return self.journal.of(EmailSent)

    @cached_property
    def faults(self) -> Faults:
        """What is to go wrong."""
        from flarelocal.testing.faults import Faults

        return Faults(self._emulator, self._random)

    @property
    def emulator(self) -> Emulator:
        """The emulator beneath, with all that it can do."""
        return self._emulator

    # -- what the test changes

    def expect_failure(self, match: str | None = None) -> Expectation:
        """Expect that handlers for which nobody waits fail: from now on, or in a `with` block.

        Args:
            match: text that the traceback contains.
        """
        return self._failures.expect(match)

    @contextmanager
    def override(
        self, *, vars: Mapping[str, Any] | None = None, bindings: Mapping[str, Any] | None = None
    ) -> Iterator[None]:
        """Give the Worker other variables and bindings in a `with` block.

        Args:
            vars: values of JSON.
            bindings: any objects, which the Worker gets as they are.
        """
        env = self._project.program.scope.env
        changed = {name: javascript_json.from_data(value) for name, value in (vars or {}).items()}
        changed |= {name: from_python(value) for name, value in (bindings or {}).items()}
        before = {name: env[name] for name in changed if name in env}
        env.update(changed)
        try:
            yield
        finally:
            for name in changed.keys() - before.keys():
                del env[name]
            env.update(before)

    @cached_property
    def _random(self) -> random.Random:
        return random.Random(self.seed)

    def _randbytes(self, length: int) -> bytes:
        return self._random.randbytes(length)

    @property
    def _content_type(self) -> ContentType:
        enabled = self._emulator.config.compatibility.enabled("queues_json_messages")
        return ContentType.JSON if enabled else ContentType.V8
