"""One Worker of an emulator."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from flarelocal.bindings.environment import environment, renew
from flarelocal.bindings.fetcher import Fetch, Fetcher
from flarelocal.bindings.rpc import Receiver
from flarelocal.config import Diagnostic, WorkerConfig
from flarelocal.config.peers import check_entrypoint, gone_classes
from flarelocal.cron import (
    Expression,
    MissedPolicy,
    NextRun,
    Schedule,
    ScheduledOutcome,
    ScheduleError,
    compile_schedule,
)
from flarelocal.emulator.connections import connect
from flarelocal.emulator.engines import Engines
from flarelocal.emulator.errors import StartError
from flarelocal.emulator.exports import exports_of
from flarelocal.emulator.object_classes import ObjectClasses
from flarelocal.emulator.program import Program
from flarelocal.emulator.readiness import Readiness
from flarelocal.emulator.site import Site
from flarelocal.emulator.socket_rules import socket_rules
from flarelocal.javascript.startup import StartupClock
from flarelocal.javascript.values import Value
from flarelocal.javascript.web.request import Request
from flarelocal.javascript.web.response import Response
from flarelocal.javascript.web.socket_host import SocketRules
from flarelocal.queues import Batch, ConsumerSettings, Verdict
from flarelocal.triggers.fetch import fetch
from flarelocal.triggers.queue import consume
from flarelocal.triggers.rpc import Entrypoint
from flarelocal.triggers.scheduled import scheduled
from flarelocal.worker.invocation import Trigger
from flarelocal.worker.loader import LoadError
from flarelocal.worker.worker import Worker

if TYPE_CHECKING:
    from flarelocal.mail.delivery import Delivery, EmailOutcome

__all__ = ["Deployment"]

_TASKS_AFTER_ANSWER_S = 30.0


class Deployment:
    """A Worker with its bindings, objects, crons and consumers, on engines that others share.

    Args:
        program: its code; loaded when the deployment starts, unless it is loaded already.
        peers: the Workers that its bindings may name, itself included, by name.
        crons: whether crons fire by themselves.
        missed: what becomes of crons that were missed.
        passive: whether nothing but what is asked for reaches the Worker.
    """

    def __init__(
        self,
        program: Program,
        engines: Engines,
        peers: Mapping[str, Deployment],
        *,
        crons: bool,
        missed: MissedPolicy,
        passive: bool,
    ) -> None:
        self.program = program
        self.config = program.config
        self.fires_crons = crons and not passive
        self._engines = engines
        self._peers = peers
        self._missed = missed
        self._passive = passive
        self._readiness = Readiness()
        self._worker = Worker(self.config.name, program.scope, engines.clock, engines.journal)
        self._worker.discard = self._discard
        self._worker.sockets.rules = socket_rules(self.config.compatibility)
        self.objects = ObjectClasses(self._worker, engines)
        self._started = False

    @property
    def name(self) -> str:
        return self._worker.name

    @property
    def socket_rules(self) -> SocketRules:
        """The rules of WebSockets that the configuration asks for."""
        return self._worker.sockets.rules

    @property
    def worker(self) -> Worker:
        """What the events of the Worker have in common."""
        return self._worker

    # -- life

    def open(self) -> None:
        """Make ready what other Workers may be bound to.

        Raises:
            StartError: a cron is wrong.
        """
        self._schedule = Schedule(
            _compiled(self.config),
            self._dispatch_cron,
            worker=self.name,
            clock=self._engines.clock,
            journal=self._engines.journal,
            history=self._engines.cron_history(self.name),
            missed=self._missed,
        )
        self._open_objects(self.config)

    def _open_objects(self, config: WorkerConfig) -> None:
        self.objects.open(config, gone_classes(self.name, [p.config for p in self._peers.values()]))
        for kept in self.objects.kept(config):
            self._engines.journal.record(kept)

    def bind(self) -> None:
        """Make the bindings; all Workers are open."""
        self._site = Site(self.config)
        connections = connect(self.config, self._engines, self._peers, self._site.assets)
        renew(self.program.scope.env, environment(self.config, connections))
        self.program.caches = partial(self._engines.cache, self.name)

    async def load(self) -> None:
        """Import the code, unless the program has it already.

        Raises:
            LoadError: it cannot be imported, or lacks what the configuration says of it.
            SdkNotFoundError: there is no SDK to run it on.
        """
        self.program.open()
        if self.program.code is None:
            main = self.config.main
            trigger = Trigger("import", main.name if main else "")
            await self.program.load(self._worker.invocation(trigger, StartupClock()))
        code = self._worker.code = self.program.code
        if code and self.config.compatibility.enabled("enable_ctx_exports"):
            self.program.scope.exports = exports_of(code, self._address, self.objects)
        else:
            self.program.scope.exports = None

    def consume(self) -> None:
        """Consume the queues that the configuration names."""
        broker = self._engines.broker
        for producer in self.config.queues.producers:
            broker.declare(producer.queue)
        for settings in self.consumers():
            broker.consume(settings, self.dispatch_queue)

    def consumers(self) -> list[ConsumerSettings]:
        """How the Worker consumes queues."""
        return [
            ConsumerSettings(
                queue=consumer.queue,
                max_batch_size=consumer.max_batch_size,
                max_batch_timeout_s=consumer.max_batch_timeout,
                max_retries=consumer.max_retries,
                dead_letter_queue=consumer.dead_letter_queue,
                max_concurrency=consumer.max_concurrency,
                retry_delay_s=consumer.retry_delay,
                script=self.name,
            )
            for consumer in (() if self._passive else self.config.queues.consumers)
        ]

    async def start(self) -> None:
        """Let events come: alarms and crons fire, requests are answered."""
        self._started = True
        self._begin()
        if self.fires_crons:
            await self._schedule.start()

    def _begin(self) -> None:
        if not self._passive:
            self.objects.start()
        self._readiness.done()

    async def reload(self) -> None:
        """Take up changed code.

        Raises:
            StartError: it does not load. Until it does, requests fail with the error, and all
                other events wait.
        """
        self._readiness.begin()
        self.objects.reset()
        self._worker.sockets.drop_all()
        self.program.code = None
        try:
            await self.load()
        except LoadError as error:
            broken = StartError.of_code(error)
            self._readiness.fail(broken)
            raise broken from error
        self._begin()

    async def reconfigure(self, config: WorkerConfig) -> None:
        """Take up a changed configuration; bindings and code have to be made anew afterwards.

        Raises:
            StartError: it does not work; the Worker goes on as it was.
        """
        if config.name != self.name:
            raise StartError(
                f"{config.path}: the name of the Worker is now {config.name!r} and was "
                f"{self.name!r}: start flarelocal anew"
            )
        expressions = _compiled(config)
        await self._engines.prepare(config)
        self._open_objects(config)
        for consumer in self.config.queues.consumers:
            self._engines.broker.release(consumer.queue)
        self.config = self.program.config = config
        self._worker.sockets.rules = socket_rules(config.compatibility)
        self.consume()
        await self._schedule.replace(expressions)

    def _discard(self) -> None:
        """Start with fresh code, as the service does after a Worker ended its process."""

        async def restart() -> None:
            # Requests fail with the error until the code is mended.
            with contextlib.suppress(StartError):
                await self.reload()

        self._readiness.begin()
        self._restart = asyncio.Task(
            restart(), loop=asyncio.get_running_loop(), context=contextvars.Context()
        )

    async def stop(self, *, at_once: bool = False) -> None:
        """Fire no more crons, and let those under way come to an end."""
        self._readiness.stop()
        if self._started:
            await self._schedule.stop(at_once=at_once)

    async def close(self, *, at_once: bool = False) -> None:
        """Let background tasks and objects come to an end."""
        if self._started:
            self._worker.sockets.drop_all()
            await self._worker.finish(0 if at_once else _TASKS_AFTER_ANSWER_S)
        self._started = False
        self._readiness.begin()
        await self.objects.close(at_once=at_once)

    async def ready(self) -> None:
        """Return when the Worker can answer somebody.

        Raises:
            StartError: its code does not load.
        """
        await self._readiness.at_once()

    # -- events

    async def fetch(self, request: Request) -> Response:
        """Answer a request.

        Raises:
            StartError: the code does not load.
            Exception: what the handler raised.
        """
        answer = self._site.answer(request)
        return await self._fetch(request, None, None) if answer is None else answer

    async def _fetch(self, request: Request, entrypoint: str | None, props: Value) -> Response:
        if not self._readiness.now:
            await self._readiness.at_once()
        return await fetch(self._worker, request, entrypoint=entrypoint, props=props)

    async def dispatch_queue(self, batch: Batch) -> Verdict:
        """Hand a batch straight to the `queue` handler, past any queue.

        Raises:
            StartError: the emulator stops before the code could be loaded.
        """
        await self._readiness.at_last()
        alone = self.config.compatibility.enabled("queue_consumer_no_wait_for_wait_until")
        return await consume(self._worker, batch, wait_for_tasks=not alone)

    async def scheduled(self, cron: str = "", time_ms: int | None = None) -> ScheduledOutcome:
        """Fire the `scheduled` handler by hand, now or as if at `time_ms`.

        Raises:
            StartError: the code does not load.
        """
        await self._readiness.at_once()
        return await self._schedule.run(cron, time_ms)

    async def email(self, delivery: Delivery) -> EmailOutcome:
        """Hand a mail to the `email` handler.

        Raises:
            StartError: the code does not load.
        """
        from flarelocal.triggers.email import deliver

        await self._readiness.at_once()
        return await deliver(self._worker, delivery)

    async def _dispatch_cron(self, cron: str, scheduled_time_ms: float) -> ScheduledOutcome:
        await self._readiness.at_last()
        return await scheduled(self._worker, cron, scheduled_time_ms)

    async def alarm(self, class_name: str, name: str, *, is_id: bool = False) -> None:
        """Run the `alarm` handler of a Durable Object; an alarm that is set stays set.

        Args:
            name: of the object.
            is_id: `name` is its id in 64 hexadecimal digits.

        Raises:
            StartError: the code does not load.
            KeyError: the Worker has no such class of Durable Objects.
            DurableObjectError: the id is none of this class.
            Exception: what the handler raised.
        """
        await self._readiness.at_once()
        await self.objects.alarm(class_name, name, is_id=is_id)

    def realign(self) -> None:
        """Fire crons anew that are ahead again; to be called when the clock was set back."""
        self._schedule.realign()

    def next_runs(self) -> list[NextRun]:
        """When each cron fires next."""
        return self._schedule.next_runs()

    # -- what others are bound to

    def service(self, entrypoint: str | None, props: Value, *, all_events: bool) -> Fetcher:
        """The Worker, or a named entrypoint of it, as a binding.

        Args:
            props: what its `ctx.props` shows.
            all_events: whether the binding has `queue` and `scheduled`.
        """

        fetch, receiver = self._address(entrypoint, props)

        async def answer(request: Request) -> Response:
            return self._site.answer(request) or await fetch(request)

        way = answer if entrypoint is None else fetch
        if all_events:
            from flarelocal.bindings.event_fetcher import EventFetcher

            return EventFetcher(way, receiver, self.dispatch_queue, self.scheduled)
        return Fetcher(way, receiver)

    def _address(self, entrypoint: str | None, props: Value) -> tuple[Fetch, Receiver]:
        """The way to an entrypoint, past static files."""
        receiver = Entrypoint(self._worker, entrypoint, props, ready=self._readiness.at_once)
        return lambda request: self._fetch(request, entrypoint, props), receiver

    def missing(self) -> list[Diagnostic]:
        """The entrypoints that service bindings name and loaded Workers do not have."""
        return [
            check_entrypoint(self.config, index)
            for index, binding in enumerate(self.config.services)
            if (peer := self._peers.get(binding.service)) and not peer.has(binding.entrypoint)
        ]

    def has(self, entrypoint: str | None) -> bool:
        """Whether the loaded code has a named entrypoint; None: the default one, as ever."""
        code = self._worker.code
        return entrypoint is None or code is None or code.exports(entrypoint, "fetch")


def _compiled(config: WorkerConfig) -> list[Expression]:
    try:
        return compile_schedule(config.crons)
    except ScheduleError as error:
        StartError.unless_fit(
            [
                Diagnostic(each.message, each.hint, *config.where("triggers", "crons", index))
                for index, each in error.errors.items()
            ]
        )
        raise
