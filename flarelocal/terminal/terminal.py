"""The terminal that a server writes to."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from flarelocal.journal import Entry, Journal
from flarelocal.terminal.lines import KINDS, Level, line
from flarelocal.terminal.style import Style
from flarelocal.terminal.wrapping import wrapped

if TYPE_CHECKING:
    from flarelocal.emulator import Emulator

__all__ = ["Terminal"]


class Terminal:
    """Writes for people: coloured on a terminal, plain when piped.

    Args:
        level: the least important thing to show: `none`, `error`, `warn`, `log` or `debug`.
    """

    def __init__(self, stream: TextIO, level: str = "log") -> None:
        self._stream = stream
        self._level = Level[level.upper()]
        self._style = Style(coloured=stream.isatty())
        self._named = False

    def follow(self, journal: Journal, *, several: bool = False) -> None:
        """Show what happens from now on.

        Args:
            several: whether there are several Workers, so that lines say which one they are about.
        """
        self._named = several
        journal.subscribe(self._entry, *KINDS)

    def banner(self, emulator: Emulator, url: str) -> None:
        """What the Workers have, when their triggers fire, and where they answer."""
        if self._level >= Level.LOG:
            from flarelocal.terminal.banner import render

            self._write(Level.LOG, render(emulator, url, self._style))

    def note(self, text: str) -> None:
        self._write(Level.LOG, self._style.dim(wrapped(text, self._stream)))

    def warning(self, text: str) -> None:
        text = wrapped(f"Warning: {text}", self._stream)
        self._write(Level.WARN, self._style.yellow(text))

    def error(self, text: str) -> None:
        self._write(Level.ERROR, self._style.red(wrapped(text, self._stream)))

    def fatal(self, text: str) -> None:
        """Say why the program ends; on standard error, whatever the level."""
        sys.stderr.write(wrapped(text.rstrip(), sys.stderr) + "\n")
        sys.stderr.flush()

    def reloaded(self, files: Sequence[Path], worker: str) -> None:
        names = ", ".join(file.name for file in files[:3]) + (", …" if len(files) > 3 else "")
        self.note(f"Reloaded {f'{worker} ' if self._named else ''}({names}).")

    def stopping(self) -> None:
        self.note("Stopping: work in progress is finished first (Ctrl-C again to stop at once).")

    def stopped(self) -> None:
        self.note("Stopped.")

    def _entry(self, entry: Entry) -> None:
        if self._level < Level.LOG and getattr(entry.event, "outcome", None) == "ok":
            # What went well is not shown: it needs no words.
            return
        shown = line(entry, self._style, named=self._named)
        if shown:
            self._write(shown.level, shown.text)

    def _write(self, level: Level, text: str) -> None:
        if level > self._level:
            return
        try:
            self._stream.write(text + "\n")
            self._stream.flush()
        except BrokenPipeError:
            # Nobody reads what is shown; that is no reason to stop.
            with open(os.devnull, "wb") as nowhere:
                os.dup2(nowhere.fileno(), self._stream.fileno())
