"""The development server: an emulator behind HTTP, reloaded when files change."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import field
from pathlib import Path
from typing import Any, cast

import uvicorn
from uvicorn.server import ServerState

from flarelocal.config import ConfigError, LoadedConfig, WorkerConfig, load_config
from flarelocal.config.own import Leniency
from flarelocal.cron import MissedPolicy
from flarelocal.dataclass import dataclass
from flarelocal.emulator import Emulator, StartError
from flarelocal.pyodide.webloop import WebLoop
from flarelocal.server.app import App
from flarelocal.server.breakpoint import install_breakpoint
from flarelocal.server.connection import Connection
from flarelocal.server.ports import listen
from flarelocal.server.watch import Sources
from flarelocal.terminal import Terminal

__all__ = ["DevelopmentServer", "Keys", "Settings"]

_GRACE_S = 10

Keys = Callable[[Emulator, str, Callable[[], object]], AbstractContextManager[None]]
"""Listens to the keyboard, given the URL of the server and what stops it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the command line says; None: as the configuration has it."""

    configs: tuple[Path, ...] = ()
    environment: str | None = None
    ip: str | None = None
    port: int | None = None
    state: Path | None = None
    variables: dict[str, str] = field(default_factory=dict)
    env_files: tuple[Path, ...] = ()
    crons: bool = True
    missed: MissedPolicy = MissedPolicy.SKIP
    lenient: frozenset[Leniency] = frozenset()
    reload: bool = True
    ready_file: Path | None = None

    def load(self) -> list[LoadedConfig]:
        """Read the configuration of each Worker.

        Raises:
            ConfigError: one is wrong.
        """
        return [self.load_one(index) for index in range(len(self.configs) or 1)]

    def load_one(self, index: int) -> LoadedConfig:
        """Read one configuration; as with wrangler, variables of the command are the first one's.

        Raises:
            ConfigError: it is wrong.
        """
        return load_config(
            self.configs[index] if self.configs else None,
            environment=self.environment,
            variables={} if index else self.variables,
            env_files=() if index else self.env_files,
        )


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers: the development server has its own."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listens.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _web_sockets(emulator: Emulator) -> type[asyncio.Protocol]:
    """The protocol of WebSockets, imported with the first one."""

    def make(server_state: ServerState, **_: Any) -> asyncio.Protocol:
        from flarelocal.server.websocket import WebSocketProtocol

        return WebSocketProtocol(emulator, server_state)

    return cast(type[asyncio.Protocol], make)


class DevelopmentServer:
    """One run of `flarelocal dev`.

    Args:
        keys: listens to the keyboard while the server runs; None: nobody sits there.
    """

    def __init__(self, settings: Settings, terminal: Terminal, keys: Keys | None = None) -> None:
        self._settings = settings
        self._terminal = terminal
        self._keys = keys

    def run(self) -> int:
        """Serve until a signal comes; gives the exit status.

        Raises:
            ConfigError: a configuration is wrong.
            StartError: a Worker, its state or the port keeps the server from starting.
        """
        install_breakpoint()
        with asyncio.Runner(loop_factory=WebLoop) as runner:
            return runner.run(self._serve())

    async def _serve(self) -> int:
        loaded = self._settings.load()
        primary = loaded[0].config
        dev = primary.dev
        ip = self._settings.ip or dev.ip or "127.0.0.1"
        listening = listen(ip, self._settings.port if self._settings.port is not None else dev.port)
        for each in loaded:
            self._tell(each)
        emulator = Emulator(
            *(each.config for each in loaded),
            state=self._settings.state or primary.directory / ".flarelocal" / "state",
            crons=self._settings.crons,
            missed=self._settings.missed,
            lenient=self._settings.lenient,
        )
        self._terminal.follow(emulator.journal, several=len(loaded) > 1)
        sources = [Sources(each) for each in loaded] if self._settings.reload else []
        try:
            await emulator.start()
            return await self._serve_http(emulator, listening, ip, sources)
        finally:
            listening.close()
            await emulator.stop()

    async def _serve_http(
        self, emulator: Emulator, listening: socket.socket, ip: str, sources: Sequence[Sources]
    ) -> int:
        host, port = listening.getsockname()[:2]
        url = f"http://{'localhost' if host in ('0.0.0.0', '::') else _bracketed(host)}:{port}"
        server = _Server(
            uvicorn.Config(
                App(emulator, ip),
                http=Connection,
                ws=_web_sockets(emulator),
                lifespan="off",
                log_config=None,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                date_header=False,
                timeout_graceful_shutdown=_GRACE_S,
            )
        )
        stop = self._stop_on_signals(server)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        await server.listens.wait()
        self._terminal.banner(emulator, url)
        emulator.announce(url)
        self._announce(url)
        for worker in emulator.workers.values():
            self._tell_of_handlers(worker.config)
        watching = [
            asyncio.create_task(self._watch(emulator, worker, index, sources[index]))
            for index, worker in enumerate(emulator.workers)
            if sources
        ]
        keys = self._keys(emulator, url, stop) if self._keys else contextlib.nullcontext()
        try:
            with keys:
                await serving
        finally:
            for task in watching:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
        self._terminal.stopped()
        return 0

    def _stop_on_signals(self, server: uvicorn.Server) -> Callable[[], None]:
        def stop(*_: Any) -> None:
            # A second signal means: now.
            server.force_exit = server.should_exit
            server.should_exit = True
            self._terminal.stopping()

        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            try:
                loop.add_signal_handler(number, stop)
            except NotImplementedError:
                signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop))
        return stop

    def _announce(self, url: str) -> None:
        file = self._settings.ready_file
        if file is None:
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_name(file.name + ".partial")
        partial.write_text(json.dumps({"url": url, "pid": os.getpid()}) + "\n", encoding="utf-8")
        partial.replace(file)

    async def _watch(self, emulator: Emulator, worker: str, index: int, sources: Sources) -> None:
        async for changed in sources.changes():
            try:
                config = self._read_again(index, sources) if changed.configuration else None
                await emulator.reload(config, worker=worker)
            except ConfigError as error:
                self._terminal.error(str(error))
                self._terminal.note("The Worker goes on with the configuration it has.")
            except StartError as error:
                self._terminal.error(str(error))
            else:
                self._terminal.reloaded(changed.files, worker)
                self._tell_of_handlers(emulator.workers[worker].config)

    def _read_again(self, index: int, sources: Sources) -> WorkerConfig:
        loaded = self._settings.load_one(index)
        sources.follow(loaded)
        self._tell(loaded)
        return loaded.config

    def _tell(self, loaded: LoadedConfig) -> None:
        for note in loaded.notes:
            self._terminal.note(note)
        for warning in loaded.warnings:
            self._terminal.warning(str(warning))
        if loaded.config.crons:
            self._tell_of_crons(loaded.config)

    def _tell_of_handlers(self, config: WorkerConfig) -> None:
        from flarelocal.check import Findings, check_main

        findings = Findings()
        check_main(config, findings)
        for found in findings.errors:
            self._terminal.warning(str(found))

    def _tell_of_crons(self, config: WorkerConfig) -> None:
        from flarelocal.check import Findings, check_crons

        findings = Findings()
        check_crons(config, findings)
        if findings.errors:
            raise ConfigError(findings.errors)
        for warning in findings.warnings:
            self._terminal.warning(str(warning))
        for note in findings.notes:
            self._terminal.note(str(note))


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
