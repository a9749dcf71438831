"""The composition root: every part of flarelocal, built from one configuration."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import random
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from flarelocal.bindings.cloudflare_workers import CloudflareSockets, CloudflareWorkers
from flarelocal.bindings.environment import Engines, environment
from flarelocal.bindings.fetcher import Fetcher
from flarelocal.clock import Clock, SystemClock
from flarelocal.config import WorkerConfig, load_config
from flarelocal.config.bindings import Service
from flarelocal.cron import SCHEMA as CRON_SCHEMA
from flarelocal.cron import (
    History,
    MissedPolicy,
    NextRun,
    Schedule,
    ScheduledOutcome,
    ScheduleError,
    compile_schedule,
)
from flarelocal.database import CorruptStateError, Database
from flarelocal.durable_objects import AlarmInfo, AlarmOutcome, Namespace, ObjectId
from flarelocal.javascript import json
from flarelocal.javascript.startup import StartupClock
from flarelocal.javascript.web.global_scope import GlobalScope
from flarelocal.javascript.web.request import Request
from flarelocal.javascript.web.response import Response
from flarelocal.journal import Journal
from flarelocal.pyodide.profile import PROFILES, Profile
from flarelocal.pyodide.traceback import format_error
from flarelocal.queues import SCHEMA as QUEUE_SCHEMA
from flarelocal.queues import Batch, Broker, ConsumerSettings, Verdict
from flarelocal.state import StateDirectory, StateDirectoryError
from flarelocal.storage.kv import SCHEMA as KV_SCHEMA
from flarelocal.storage.kv import KvStore
from flarelocal.triggers.durable_object import WorkerObjects
from flarelocal.triggers.fetch import fetch
from flarelocal.triggers.queue import consume
from flarelocal.triggers.rpc import Entrypoint
from flarelocal.triggers.scheduled import scheduled
from flarelocal.worker.invocation import Trigger
from flarelocal.worker.loader import LoadError
from flarelocal.worker.runtime import PythonRuntime
from flarelocal.worker.sdk import Sdk, SdkNotFoundError
from flarelocal.worker.worker import Worker

if TYPE_CHECKING:
    from flarelocal.storage.assets import Assets, AssetsRouter
    from flarelocal.timekeeper import Timekeeper

__all__ = ["Emulator", "StartError"]

_TASKS_AFTER_ANSWER_S = 30.0


class StartError(Exception):
    """The emulator cannot start; the message names what is wrong and how to mend it."""


class Emulator:
    """One Worker with its queues, crons, Durable Objects and stores.

    Use it as an async context manager, or call `start` and `stop`.

    Args:
        config: the Worker's configuration, see `load_config`.
        state: the directory that keeps state; None keeps it in memory.
        clock: the source of time; default: the wall clock.
        seed: makes ids and jitter repeatable; None: they are random.
        crons: whether crons fire by themselves.
        missed: what becomes of crons that were missed.
        passive: whether nothing but what is asked for reaches the Worker: messages and alarms
            that wait in the state stay there.
    """

    def __init__(
        self,
        config: WorkerConfig,
        *,
        state: Path | None = None,
        clock: Clock | None = None,
        seed: int | None = None,
        crons: bool = True,
        missed: MissedPolicy = MissedPolicy.SKIP,
        passive: bool = False,
    ) -> None:
        self.config = config
        self.clock = clock or SystemClock()
        self.journal = Journal(self.clock)
        self.random = random.Random(seed) if seed is not None else random.SystemRandom()
        self._state = state
        self.fires_crons = crons and not passive
        self._passive = passive
        self._missed = missed
        self._databases: list[Database] = []
        self._objects: dict[str, tuple[Namespace, WorkerObjects]] = {}
        self._directory: StateDirectory | None = None
        self._assets: AssetsRouter | None = None
        self._ready = asyncio.Event()
        self._started = False
        self._broken: StartError | None = None

    @classmethod
    def from_config(cls, path: Path | None = None, **options: object) -> Emulator:
        """An emulator of the Worker that a wrangler file describes."""
        return cls(load_config(path).config, **options)  # type: ignore[arg-type]

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
        """Open the state, load the Worker and let its triggers fire.

        Raises:
            StartError: the state, the crons or the code keep it from starting.
        """
        try:
            expressions = compile_schedule(self.config.crons)
            if self._state:
                self._directory = StateDirectory(self._state)
            await self._open_engines()
            await self._load()
        except (
            CorruptStateError,
            ScheduleError,
            SdkNotFoundError,
            StateDirectoryError,
        ) as error:
            await self.stop()
            raise StartError(str(error)) from error
        except LoadError as error:
            await self.stop()
            raise StartError(_explain(error)) from error
        self._schedule = Schedule(
            expressions,
            self._dispatch_cron,
            worker=self._worker.name,
            clock=self.clock,
            journal=self.journal,
            history=self._history,
            missed=self._missed,
        )
        self._consume()
        await self._broker.start()
        self._start_objects()
        if self.fires_crons:
            await self._schedule.start()
        self._started = True
        self._ready.set()

    async def _open_engines(self) -> None:
        config = self.config
        queues = await self._open("queues.sqlite", QUEUE_SCHEMA)
        crons = await self._open("crons.sqlite", CRON_SCHEMA)
        self._kv = await self._open("kv.sqlite", KV_SCHEMA)
        name = config.name or "worker"
        self._broker = Broker(queues, self.clock, self.journal, self.random)
        self._history = History(crons, name, self.journal)
        self._worker = Worker(name, {}, self.clock, self.journal)
        self._worker.discard = self._discard
        self._open_objects(config)
        self._worker.env = environment(config, self._engines(config))
        self._runtime = PythonRuntime(
            config.directory,
            PROFILES[config.compatibility.pyodide],
            config.compatibility.flags,
            GlobalScope(),
            {
                "cloudflare:workers": CloudflareWorkers(),
                "cloudflare:sockets": CloudflareSockets(),
            },
        )

    def _open_assets(self, config: WorkerConfig) -> Assets | None:
        """The directory of static files, which also answers requests before the Worker does."""
        settings = config.assets
        if settings is None:
            self._assets = None
            return None
        from flarelocal.storage.assets import Assets, AssetsRouter

        assets = Assets(
            settings.directory,
            settings.html_handling,
            settings.not_found_handling,
        )
        self._assets = AssetsRouter(
            assets,
            settings.run_worker_first,
            navigation_prefers_assets=config.compatibility.enabled(
                "assets_navigation_prefers_asset_serving"
            ),
            has_worker=config.main is not None,
        )
        return assets

    def _engines(self, config: WorkerConfig) -> Engines:
        return Engines(
            self._broker,
            {each.id: KvStore(self._kv, each.id, self.clock) for each in config.kv_namespaces},
            self._objects,
            {each.binding: self._service(each) for each in config.services},
            self._open_assets(config),
        )

    def _open_objects(self, config: WorkerConfig) -> None:
        """Open the namespaces of the classes that are not open yet."""
        delete_alarm = config.compatibility.enabled("delete_all_deletes_alarm")
        for name, sqlite in config.durable_objects.classes.items():
            if name in self._objects:
                continue
            objects = WorkerObjects(self._worker, name, sqlite=sqlite, delete_alarm=delete_alarm)
            unique_key = f"{self._worker.name}-{name}"
            namespace = Namespace(
                unique_key,
                objects,
                directory=self._directory.path / "do" / unique_key if self._directory else None,
                clock=self.clock,
                journal=self.journal,
                random=self.random,
                sqlite=sqlite,
            )
            self._objects[name] = (namespace, objects)

    def _start_objects(self) -> None:
        for namespace, _ in () if self._passive else self._objects.values():
            namespace.start()

    def _service(self, service: Service) -> Fetcher:
        """A binding to an entrypoint of this Worker; another one cannot be reached."""
        if service.service != self._worker.name:
            raise StartError(
                f"services: {service.binding} is bound to the Worker {service.service!r}, which "
                "flarelocal does not run: remove the binding, or bind it to this Worker"
            )
        worker, entrypoint, props = (
            self._worker,
            service.entrypoint,
            json.from_data(dict(service.props)),
        )
        return Fetcher(
            lambda request: fetch(worker, request, entrypoint=entrypoint, props=props),
            Entrypoint(worker, entrypoint, props),
        )

    async def _open(self, name: str, schema: Sequence[str]) -> Database:
        path = self._directory.path / name if self._directory else None
        database = await Database.open(path, schema, self.clock)
        self._databases.append(database)
        return database

    async def _load(self) -> None:
        """Import the main module; the Worker has its code afterwards.

        Raises:
            LoadError: it cannot be imported, or lacks what the configuration says of it.
        """
        main = self.config.main
        if main is None:
            if self.config.assets is None:
                raise LoadError("`main` is missing in the config: name the Worker's main module")
            return
        compatibility = self.config.compatibility
        code = await self._runtime.load(
            main,
            self._worker.invocation(Trigger("import", main.name), StartupClock()),
            global_handlers=not compatibility.enabled("python_no_global_handlers"),
        )
        bound = [
            each.class_name for each in self.config.durable_objects.bindings if not each.script_name
        ]
        missing = [name for name in bound if not code.exports(name, "fetch")]
        if missing:
            raise LoadError(
                "Your Worker depends on the following Durable Objects, which are not exported in "
                f"your entrypoint file: {', '.join(missing)}.\n"
                f"You should export these objects from your entrypoint, {main}."
            )
        self._worker.code = code

    def _consume(self) -> None:
        for producer in self.config.queues.producers:
            self._broker.declare(producer.queue)
        for consumer in () if self._passive else self.config.queues.consumers:
            settings = ConsumerSettings(
                queue=consumer.queue,
                max_batch_size=consumer.max_batch_size,
                max_batch_timeout_s=consumer.max_batch_timeout,
                max_retries=consumer.max_retries,
                dead_letter_queue=consumer.dead_letter_queue,
                max_concurrency=consumer.max_concurrency,
                retry_delay_s=consumer.retry_delay,
                script=self._worker.name,
            )
            self._broker.consume(settings, self._dispatch_batch)

    async def _dispatch_batch(self, batch: Batch) -> Verdict:
        await self._loaded()
        alone = self.config.compatibility.enabled("queue_consumer_no_wait_for_wait_until")
        return await consume(self._worker, batch, wait_for_tasks=not alone)

    async def _dispatch_cron(self, cron: str, scheduled_time_ms: float) -> ScheduledOutcome:
        await self._loaded()
        return await scheduled(self._worker, cron, scheduled_time_ms)

    async def reload(self, config: WorkerConfig | None = None) -> None:
        """Take up changed code, and a changed configuration if one is given.

        Queued messages and stored state stay as they are. While the code does not load, requests
        fail with the error, and all other events wait until it does.

        Raises:
            StartError: the new code does not load, or the new configuration does not work; in the
                latter case the Worker goes on as it was.
        """
        if config is not None:
            await self._reconfigure(config)
        self._ready.clear()
        for namespace, _ in self._objects.values():
            namespace.reset_all()
            namespace.alarms.stop()
        try:
            await self._load()
        except LoadError as error:
            self._broken = StartError(_explain(error))
            raise self._broken from error
        self._broken = None
        self._start_objects()
        self._ready.set()

    def _discard(self) -> None:
        """Start with fresh code, as the service does after a Worker ended its process."""

        async def restart() -> None:
            # Requests fail with the error until the code is mended.
            with contextlib.suppress(StartError):
                await self.reload()

        self._ready.clear()
        self._restart = asyncio.Task(
            restart(), loop=asyncio.get_running_loop(), context=contextvars.Context()
        )

    async def _reconfigure(self, config: WorkerConfig) -> None:
        try:
            expressions = compile_schedule(config.crons)
        except ScheduleError as error:
            raise StartError(str(error)) from error
        self._open_objects(config)
        env = environment(config, self._engines(config))
        for consumer in self.config.queues.consumers:
            self._broker.release(consumer.queue)
        self.config = config
        self._worker.env = env
        self._consume()
        await self._schedule.replace(expressions)

    def announce(self, url: str) -> None:
        """Tell whoever finds the state directory in use where this emulator answers."""
        if self._directory:
            self._directory.announce(url)

    async def stop(self) -> None:
        """Let work in progress finish, then close the state."""
        if self._started:
            # Whoever waits for the code to be mended waits in vain.
            self._ready.set()
            await self._schedule.stop()
            await self._broker.stop()
            await self._worker.finish(_TASKS_AFTER_ANSWER_S)
        self._started = False
        self._ready.clear()
        for namespace, _ in self._objects.values():
            await namespace.close()
        for database in self._databases:
            await database.close()
        self._databases.clear()
        if runtime := getattr(self, "_runtime", None):
            runtime.close()
        if self._directory:
            self._directory.close()
            self._directory = None

    # -- events

    async def fetch(self, request: Request) -> Response:
        """Have the Worker answer a request.

        Raises:
            Exception: what the handler raised.
        """
        if self._assets is not None:
            from flarelocal.bindings.assets import response_of

            headers = dict(request.headers.combined())
            answer = self._assets.answer(request.method, request.url, headers)
            if answer is not None:
                return response_of(answer)
        await self._asked()
        return await fetch(self._worker, request)

    async def dispatch_queue(self, batch: Batch) -> Verdict:
        """Hand a batch straight to the `queue` handler, past any queue."""
        return await self._dispatch_batch(batch)

    async def scheduled(self, cron: str = "", time_ms: int | None = None) -> ScheduledOutcome:
        """Fire the `scheduled` handler by hand, now or as if at `time_ms`."""
        await self._asked()
        return await self._schedule.run(cron, time_ms)

    async def alarm(self, class_name: str, name: str, *, is_id: bool = False) -> None:
        """Run the `alarm` handler of a Durable Object; an alarm that is set stays set.

        Args:
            name: of the object.
            is_id: `name` is its id in 64 hexadecimal digits.

        Raises:
            KeyError: the Worker has no such class of Durable Objects.
            DurableObjectError: the id is none of this class.
            Exception: what the handler raised.
        """
        await self._asked()
        namespace, objects = self._objects[class_name]
        id = namespace.ids.from_string(name) if is_id else namespace.ids.from_name(name)
        info = AlarmInfo(self.clock.now(), 0)
        await namespace.get(id).run(lambda instance: objects.alarm(instance, info))

    async def run_alarm(self, namespace: Namespace, id: ObjectId) -> AlarmOutcome | None:
        """Have the alarm that a Durable Object set ring now, whatever its time.

        Returns:
            How that ended; a failure is followed by further attempts, as ever. None if no alarm
            is waiting.
        """
        await self._asked()
        attempt = namespace.alarms.fire(id)
        return None if attempt is None else await attempt

    async def _asked(self) -> None:
        """Return when the Worker can answer somebody.

        Raises:
            StartError: its code does not load.
        """
        if self._broken:
            raise self._broken
        await self._loaded()

    async def _loaded(self) -> None:
        """Return when the Worker has its code, however long that takes.

        Raises:
            StartError: the emulator stops before it has.
        """
        await self._ready.wait()
        if self._broken:
            raise self._broken

    # -- what is known

    @property
    def profile(self) -> Profile:
        """The Pyodide version whose rules apply."""
        return self._runtime.profile

    @property
    def sdk(self) -> Sdk:
        """The SDK that the Worker runs on."""
        return self._runtime.sdk

    @property
    def broker(self) -> Broker:
        """The queues."""
        return self._broker

    @property
    def namespaces(self) -> list[Namespace]:
        """The classes of Durable Objects with their objects."""
        return [namespace for namespace, _ in self._objects.values()]

    @property
    def timekeeper(self) -> Timekeeper:
        """What moves the clock while the emulator runs.

        Raises:
            TypeError: the clock is not the system's.
        """
        from flarelocal.timekeeper import Timekeeper

        if not isinstance(self.clock, SystemClock):
            raise TypeError(f"a {type(self.clock).__name__} is moved by its own methods: use these")
        return Timekeeper(self.clock, self.journal, self._schedule.realign)

    def next_runs(self) -> list[NextRun]:
        """When each cron fires next."""
        return self._schedule.next_runs()


def _explain(error: LoadError) -> str:
    cause = error.__cause__
    return f"{error}\n\n{format_error(cause).rstrip()}" if cause else str(error)
