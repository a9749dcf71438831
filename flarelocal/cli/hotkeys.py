"""Single keys that steer `flarelocal dev` on a terminal."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Callable, Coroutine, Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import click

from flarelocal.cli.times import span, utc

if TYPE_CHECKING:
    from flarelocal.emulator import Emulator

__all__ = ["Hotkeys", "has_keys", "hotkeys"]

_HELP = "[b] browser  [f] fire cron  [q] queues  [c] clear  [j] jump clock  [x] quit"
_CLEAR = "\x1b[2J\x1b[3J\x1b[H"
_BACKSPACE = ("\x7f", "\b")
_ESCAPE = "\x1b"


def has_keys() -> bool:
    """Whether somebody sits at a terminal of which this process may read the keys."""
    try:
        if find_spec("termios") is None or not (sys.stdin.isatty() and sys.stdout.isatty()):
            return False
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except (ImportError, OSError, ValueError):
        return False


@contextlib.contextmanager
def hotkeys(emulator: Emulator, url: str, stop: Callable[[], object]) -> Iterator[None]:
    """Listen to keys; the terminal is as it was afterwards.

    Args:
        url: what is opened in the browser.
        stop: ends the server.
    """
    import termios
    import tty

    file = sys.stdin.fileno()
    before = termios.tcgetattr(file)
    keys = Hotkeys(emulator, url, stop, _show)
    loop = asyncio.get_running_loop()

    def read() -> None:
        try:
            typed = os.read(file, 1024).decode(errors="ignore")
        except OSError:
            typed = ""
        if not typed:
            loop.remove_reader(file)
        for key in typed:
            keys.press(key)

    tty.setcbreak(file)
    loop.add_reader(file, read)
    _show(f"{_HELP}\n\n")
    try:
        yield
    finally:
        loop.remove_reader(file)
        termios.tcsetattr(file, termios.TCSADRAIN, before)


class Hotkeys:
    """What the keys do.

    Args:
        show: writes text as it is.
    """

    def __init__(
        self,
        emulator: Emulator,
        url: str,
        stop: Callable[[], object],
        show: Callable[[str], object],
    ) -> None:
        self._emulator = emulator
        self._url = url
        self._stop = stop
        self._show = show
        self._typed = ""
        self._answered: Callable[[str], None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def press(self, key: str) -> None:
        """Take one key; while a question is open, it belongs to the answer."""
        if self._answered:
            self._type(key, self._answered)
            return
        match key:
            case "b":
                self._do(self._browse())
            case "f":
                self._fire()
            case "q":
                self._do(self._queues())
            case "c":
                self._show(_CLEAR)
            case "j":
                self._ask("Jump by (3h, 90s, -1d; nothing: to what fires next): ", self._jump)
            case "x":
                self._stop()
            case "?" | "h":
                self._show(f"{_HELP}\n")

    def _ask(self, question: str, answered: Callable[[str], None]) -> None:
        self._typed = ""
        self._answered = answered
        self._show(question)

    def _type(self, key: str, answered: Callable[[str], None]) -> None:
        if key in "\r\n":
            self._answered = None
            self._show("\n")
            answered(self._typed.strip())
        elif key == _ESCAPE:
            self._answered = None
            self._show("\n")
        elif key in _BACKSPACE:
            if self._typed:
                self._typed = self._typed[:-1]
                self._show("\b \b")
        elif key.isprintable():
            self._typed += key
            self._show(key)

    def _fire(self) -> None:
        crons = self._crons()
        if not crons:
            self._show("There are no crons: add triggers.crons.\n")
        elif len(crons) == 1:
            self._do(self._run(*crons[0]))
        else:
            several = len(self._emulator.workers) > 1
            for number, (worker, cron) in enumerate(crons, 1):
                self._show(f"  {number}  {cron}{f' of {worker}' if several else ''}\n")
            self._ask("Fire which one: ", self._choose)

    def _crons(self) -> list[tuple[str, str]]:
        workers = self._emulator.workers
        return [(name, cron) for name, each in workers.items() for cron in each.config.crons]

    def _choose(self, answer: str) -> None:
        crons = self._crons()
        if answer.isdecimal() and 1 <= int(answer) <= len(crons):
            self._do(self._run(*crons[int(answer) - 1]))
        elif answer:
            self._show(f"There is no number {answer}.\n")

    def _jump(self, answer: str) -> None:
        try:
            by = span(answer) if answer else None
        except click.BadParameter as error:
            self._show(f"{error.message}\n")
            return
        self._do(self._move(by))

    async def _run(self, worker: str, cron: str) -> None:
        await self._emulator.scheduled(cron, worker=worker)

    async def _move(self, by_ms: int | None) -> None:
        keeper = self._emulator.timekeeper
        moved = await (keeper.next() if by_ms is None else keeper.jump(by_ms))
        self._show(f"It is {utc(moved.now)}.\n")

    async def _browse(self) -> None:
        import webbrowser

        if not await asyncio.to_thread(webbrowser.open, self._url):
            self._show(f"There is no browser here: open {self._url}\n")

    async def _queues(self) -> None:
        found = await self._emulator.broker.queues()
        for queue in found:
            paused = ", paused" if queue.settings.paused else ""
            self._show(
                f"  {queue.name}: {queue.ready} ready, {queue.delayed} delayed, "
                f"{queue.in_flight} in flight, {queue.dead_letters} dead letters{paused}\n"
            )
        if not found:
            self._show("There are no queues.\n")

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        async def told() -> None:
            try:
                await work
            except Exception as error:
                self._show(f"{error}\n")

        task = asyncio.get_running_loop().create_task(told())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _show(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
