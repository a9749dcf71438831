"""A terminal for programs: one JSON object a line."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flarelocal.journal import Entry, Journal
from flarelocal.terminal.terminal import Terminal

if TYPE_CHECKING:
    from flarelocal.emulator import Emulator

__all__ = ["JsonTerminal"]


class JsonTerminal(Terminal):
    """Writes every entry of the journal, whatever its level, and what there is to say besides.

    The latter has no `sequence`, and the kinds `ready`, `note`, `warning`, `error` and `fatal`.
    """

    @classmethod
    @contextlib.contextmanager
    def on_stdout(cls) -> Iterator[JsonTerminal]:
        """Take standard output over: what the Worker prints appears in its entries alone."""
        terminal = cls(sys.stdout)
        with (
            open(os.devnull, "w", encoding="utf-8") as nowhere,
            contextlib.redirect_stdout(nowhere),
            contextlib.redirect_stderr(nowhere),
        ):
            yield terminal

    def follow(self, journal: Journal, *, several: bool = False) -> None:
        journal.subscribe(self._entry)

    def banner(self, emulator: Emulator, url: str) -> None:
        workers = list(emulator.workers)
        self._say("ready", url=url, worker=workers[0], workers=workers)

    def note(self, text: str) -> None:
        self._say("note", text=text)

    def warning(self, text: str) -> None:
        self._say("warning", text=text)

    def error(self, text: str) -> None:
        self._say("error", text=text)

    def fatal(self, text: str) -> None:
        self._say("fatal", text=text)

    def _entry(self, entry: Entry) -> None:
        self._put(entry.to_json())

    def _say(self, kind: str, **facts: object) -> None:
        self._put({"at": int(time.time() * 1000), "kind": kind, **facts})

    def _put(self, value: dict[str, object]) -> None:
        self._stream.write(json.dumps(value, default=str) + "\n")
        self._stream.flush()
