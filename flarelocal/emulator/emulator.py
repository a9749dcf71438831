"""The emulator: Workers on shared engines, and the one way to control them."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from flarelocal.bindings.stand_in import StandInError
from flarelocal.clock import Clock, SystemClock
from flarelocal.config import WorkerConfig, load_config
from flarelocal.config.own import Leniency
from flarelocal.config.peers import check_peers
from flarelocal.cron import MissedPolicy, ScheduledOutcome
from flarelocal.database import CorruptStateError
from flarelocal.durable_objects import AlarmOutcome, Namespace, ObjectId
from flarelocal.emulator.deployment import Deployment
from flarelocal.emulator.engines import Engines
from flarelocal.emulator.errors import StartError
from flarelocal.emulator.program import Program
from flarelocal.emulator.routes import Routes
from flarelocal.javascript.web.request import Request
from flarelocal.javascript.web.response import Response
from flarelocal.journal import Journal
from flarelocal.memory import Memory
from flarelocal.queues import Batch, Broker, Verdict
from flarelocal.state import StateDirectoryError
from flarelocal.worker.interpreter import redirected
from flarelocal.worker.loader import LoadError
from flarelocal.worker.sdk import SdkNotFoundError

if TYPE_CHECKING:
    from flarelocal.mail.delivery import Delivery, EmailOutcome
    from flarelocal.timekeeper import Timekeeper

__all__ = ["Emulator"]


class Emulator:
    """Workers with their queues, crons, Durable Objects and stores.

    Use it as an async context manager, or call `start` and `stop`. Several Workers reach each
    other by service bindings, queues and `script_name`.

    Args:
        workers: the configuration of each Worker, see `load_config`, or its program, which is
            loaded once and may be used by one emulator after the other. The first is the primary
            one: it gets what is meant for no other.
        state: the directory that keeps state; None keeps it in memory.
        clock: the source of time; default: the wall clock.
        seed: makes ids and jitter repeatable; None: they are random.
        crons: whether crons fire by themselves.
        missed: what becomes of crons that were missed.
        passive: whether nothing but what is asked for reaches the Workers: messages and alarms
            that wait in the state stay there.
        lenient: the checks that are switched off, beside those that the first Worker's project
            switches off.
        journal: remembers what happens; default: a new one.
        memory: where databases in memory are from, for many emulators one after the other.

    Attributes:
        primary: the first Worker.
        reloads: how often code was taken up again.

    Raises:
        StartError: there is no Worker, or several do not fit together.
    """

    def __init__(
        self,
        *workers: WorkerConfig | Program,
        state: Path | None = None,
        clock: Clock | None = None,
        seed: int | None = None,
        crons: bool = True,
        missed: MissedPolicy = MissedPolicy.SKIP,
        passive: bool = False,
        lenient: Iterable[Leniency] = (),
        journal: Journal | None = None,
        memory: Memory | None = None,
    ) -> None:
        self.clock = clock or SystemClock()
        self.journal = Journal(self.clock) if journal is None else journal
        self.random = random.Random(seed) if seed is not None else random.SystemRandom()
        self._redirected = False
        self._own: list[Program] = []
        self._workers: dict[str, Deployment] = {}
        programs: list[Program] = []
        for each in workers:
            program = each if isinstance(each, Program) else Program(each)
            if program is not each:
                self._own.append(program)
            programs.append(program)
        if not programs:
            raise StartError("an emulator needs a Worker: give it a configuration")
        relaxed = frozenset(lenient) | programs[0].config.own.lenient
        self._engines = Engines(state, self.clock, self.journal, self.random, relaxed, memory)
        StartError.unless_fit(check_peers([program.config for program in programs]))
        for program in programs:
            program.lenient = relaxed
            self._workers[program.config.name] = Deployment(
                program,
                self._engines,
                self._workers,
                crons=crons,
                missed=missed,
                passive=passive,
            )
        self._routes = self._read_routes()
        self.primary = next(iter(self._workers.values()))
        self.reloads = 0
        self._started = False

    @classmethod
    def from_config(cls, *paths: Path, **options: Any) -> Emulator:
        """An emulator of the Workers that wrangler files describe; without any, of that here."""
        configs = [load_config(path).config for path in paths or (None,)]
        return cls(*configs, **options)

    def _read_routes(self) -> Routes:
        workers = self._workers.values()
        # A single Worker gets everything.
        return Routes([each.config for each in workers] if len(workers) > 1 else [])

    async def __aenter__(self) -> Emulator:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.stop()

    # -- life

    async def start(self) -> None:
        """Open the state, load the Workers and let their triggers fire.

        Raises:
            StartError: the state, the crons or the code keep it from starting.
        """
        workers = self._workers.values()
        redirected.begin()
        self._redirected = True
        try:
            await self._engines.open()
            for each in workers:
                await self._engines.prepare(each.config)
                each.open()
            for each in workers:
                each.bind()
            for each in workers:
                await each.load()
            StartError.unless_fit([found for each in workers for found in each.missing()])
        except StartError:
            await self.stop()
            raise
        except (
            CorruptStateError,
            SdkNotFoundError,
            StandInError,
            StateDirectoryError,
        ) as error:
            await self.stop()
            raise StartError(str(error)) from error
        except LoadError as error:
            await self.stop()
            raise StartError.of_code(error) from error
        for each in workers:
            each.consume()
        await self.broker.start()
        for each in workers:
            await each.start()
        self._started = True

    async def reload(
        self, config: WorkerConfig | None = None, *, worker: str | None = None
    ) -> None:
        """Take up the changed code of a Worker, and a changed configuration if one is given.

        Queued messages and stored state stay as they are, and so do the other Workers. While the
        code does not load, requests fail with the error, and all other events wait until it does.

        Args:
            worker: its name; default: the primary one.

        Raises:
            StartError: the new code does not load, or the new configuration does not work; in the
                latter case the Worker goes on as it was.
            KeyError: there is no such Worker.
        """
        deployment = self._worker(worker)
        if config is not None:
            others = [each.config for each in self._workers.values() if each is not deployment]
            StartError.unless_fit(check_peers([*others, config]))
            await deployment.reconfigure(config)
            self._routes = self._read_routes()
            for each in self._workers.values():
                each.bind()
        self.reloads += 1
        await deployment.reload()

    def announce(self, url: str) -> None:
        """Tell whoever finds the state directory in use where this emulator answers."""
        self._engines.announce(url)

    async def stop(self, *, at_once: bool = False) -> None:
        """Let work in progress finish, then close the state.

        Args:
            at_once: cancel what is in progress instead.
        """
        workers = self._workers.values()
        for each in workers:
            await each.stop(at_once=at_once)
        if self._started:
            await self.broker.stop(at_once=at_once)
        self._started = False
        for each in workers:
            await each.close(at_once=at_once)
        await self._engines.close()
        for program in self._own:
            program.close()
        if isinstance(self.clock, SystemClock):
            self.clock.close()
        if self._redirected:
            redirected.end()
            self._redirected = False

    # -- events

    async def fetch(self, request: Request, *, worker: str | None = None) -> Response:
        """Have a Worker answer a request.

        Args:
            worker: its name; default: the one whose `routes` match, else the primary one.

        Raises:
            StartError: its code does not load.
            KeyError: there is no such Worker.
            Exception: what the handler raised.
        """
        found = self._worker(worker) if worker else self.recipient(request.url)
        return await found.fetch(request)

    async def dispatch_queue(self, batch: Batch, *, worker: str | None = None) -> Verdict:
        """Hand a batch straight to a `queue` handler, past any queue.

        Args:
            worker: default: the one that consumes the queue, else the primary one.

        Raises:
            KeyError: there is no such Worker.
        """
        found = self._worker(worker) if worker else self.consumer(batch.queue) or self.primary
        return await found.dispatch_queue(batch)

    async def scheduled(
        self, cron: str = "", time_ms: int | None = None, *, worker: str | None = None
    ) -> ScheduledOutcome:
        """Fire a `scheduled` handler by hand, now or as if at `time_ms`.

        Args:
            worker: its name; default: the primary one.

        Raises:
            StartError: the code does not load.
            KeyError: there is no such Worker.
        """
        return await self._worker(worker).scheduled(cron, time_ms)

    def delivery(
        self, sender: str, recipient: str, raw: bytes, *, worker: str | None = None
    ) -> Delivery:
        """A mail that arrives for a Worker; see `email`.

        Args:
            sender: that of the envelope, as is the recipient.
            worker: its name; default: the primary one.

        Raises:
            MailError: it is no mail.
            KeyError: there is no such Worker.
        """
        from flarelocal.mail.delivery import Delivery
        from flarelocal.mail.letter import parse

        name = self._worker(worker).name
        return Delivery(name, sender, recipient, parse(raw), self.clock, self.journal, self.random)

    async def email(self, delivery: Delivery) -> EmailOutcome:
        """Have the `email` handler of a Worker deal with a mail, which tells what came of it.

        Raises:
            StartError: the code does not load.
        """
        return await self._worker(delivery.worker).email(delivery)

    async def alarm(
        self, class_name: str, name: str, *, is_id: bool = False, worker: str | None = None
    ) -> None:
        """Run the `alarm` handler of a Durable Object; see `Deployment.alarm`."""
        await self._worker(worker).alarm(class_name, name, is_id=is_id)

    async def run_alarm(self, namespace: Namespace, id: ObjectId) -> AlarmOutcome | None:
        """Have the alarm that a Durable Object set ring now, whatever its time.

        Returns:
            How that ended; a failure is followed by further attempts, as ever. None if no alarm
            is waiting.

        Raises:
            StartError: the code does not load.
        """
        for each in self._workers.values():
            if namespace in each.objects.namespaces():
                await each.ready()
        attempt = namespace.alarms.fire(id)
        return None if attempt is None else await attempt

    # -- what is known

    @property
    def workers(self) -> Mapping[str, Deployment]:
        """All Workers by name, the primary one first."""
        return self._workers

    @property
    def config(self) -> WorkerConfig:
        """The configuration of the primary Worker."""
        return self.primary.config

    @property
    def broker(self) -> Broker:
        """The queues."""
        return self._engines.broker

    @property
    def engines(self) -> Engines:
        """What the Workers share: queues and stores."""
        return self._engines

    @property
    def namespaces(self) -> list[Namespace]:
        """The classes of Durable Objects with their objects, of all Workers."""
        return [found for each in self._workers.values() for found in each.objects.namespaces()]

    @property
    def timekeeper(self) -> Timekeeper:
        """What moves the clock while the emulator runs.

        Raises:
            TypeError: the clock is not the system's.
        """
        from flarelocal.timekeeper import Timekeeper

        if not isinstance(self.clock, SystemClock):
            raise TypeError(f"a {type(self.clock).__name__} is moved by its own methods: use these")
        return Timekeeper(self.clock, self.journal, self._went_back)

    def _went_back(self) -> None:
        for each in self._workers.values():
            each.realign()

    def recipient(self, url: str) -> Deployment:
        """The Worker that gets requests to a URL."""
        return self._worker(self._routes.worker(url))

    def consumer(self, queue: str) -> Deployment | None:
        """The Worker that consumes a queue by its configuration."""
        for each in self._workers.values():
            if any(consumer.queue == queue for consumer in each.config.queues.consumers):
                return each
        return None

    def _worker(self, name: str | None) -> Deployment:
        return self.primary if name is None else self._workers[name]
